"""Whatever goes in, what comes out stays within Slack's limits."""

import pytest

from bot.slack.blocks import elements
from bot.slack.mrkdwn import Mrkdwn, code_block, escape
from tests.slack.blocks.rules import assert_sound


def test_a_long_section_ends_in_an_ellipsis_within_the_limit() -> None:
    block = elements.section(escape("&" * 4000))
    assert len(block["text"]["text"]) <= 3000
    assert block["text"]["text"].endswith("&amp;…")


def test_a_fence_that_is_cut_is_closed() -> None:
    assert elements.section(code_block("x" * 4000))["text"]["text"].endswith("…```")


def test_a_message_never_holds_more_than_50_blocks() -> None:
    message = elements.message(Mrkdwn("many"), *(elements.section(Mrkdwn("x")) for _ in range(70)))
    assert len(message.blocks) == 50
    assert_sound(message)


def test_a_button_refuses_a_value_that_slack_would_cut() -> None:
    with pytest.raises(ValueError, match="2001 characters"):
        elements.button("Do", "do", "x" * 2001)


def test_metadata_is_never_cut() -> None:
    with pytest.raises(ValueError, match="3001 characters"):
        elements.modal("t", "c", "x" * 3001, "Go", [])


def test_words_of_others_keep_their_colons() -> None:
    assert elements.theirs(":boom:", 75)["emoji"] is False
    assert elements.ours("Post", 75)["emoji"] is True


def test_a_message_without_blocks_shows_its_text_verbatim() -> None:
    assert elements.message(Mrkdwn("Hello.")).blocks[0]["text"]["verbatim"] is True
