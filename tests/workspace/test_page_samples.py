"""What the page is looked at with is what Slack would take."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bot.workspace.block_rules import (
    ACTION_ELEMENTS,
    EVERYWHERE,
    INPUT_ELEMENTS,
    MESSAGE_ONLY,
    check_message_blocks,
    check_view,
    elements_of,
)
from tests.browser.samples import HOMES, MESSAGES, MODALS

BLOCKS = [block for _, blocks in MESSAGES for block in blocks]


@pytest.mark.parametrize("blocks", [blocks for _, blocks in MESSAGES], ids=[name for name, _ in MESSAGES])
def test_a_sample_message_is_valid_for_slack(blocks: Sequence[Mapping[str, Any]]) -> None:
    check_message_blocks(list(blocks))


@pytest.mark.parametrize("view", [view for _, view in (*MODALS, *HOMES)], ids=[name for name, _ in (*MODALS, *HOMES)])
def test_a_sample_view_is_valid_for_slack(view: dict[str, Any]) -> None:
    check_view(view, "modal", "home")


def test_every_block_type_has_a_sample() -> None:
    assert {*EVERYWHERE, *MESSAGE_ONLY} == {block["type"] for block in BLOCKS}


def test_every_element_type_has_a_sample() -> None:
    views = [block for _, view in MODALS for block in view["blocks"]]
    shown = {element["type"] for block in [*BLOCKS, *views] for element in elements_of(dict(block))}
    assert shown >= {*ACTION_ELEMENTS, *INPUT_ELEMENTS}
