"""`muster check` tries to draw a picture, and where that fails says how to get one."""

from pathlib import Path

import pytest

from bot.checkup.finding import Level
from bot.checkup.picture_check import check_picture
from bot.slack.still_pictures import StillPictures


def drawn_by(folder: Path, text: str) -> StillPictures:
    (folder / "program.py").write_text(f"import sys; sys.stdin.read(); {text}")
    return StillPictures(folder / "program.py")


async def test_a_picture_that_can_be_drawn_is_all_well(tmp_path: Path) -> None:
    found = await check_picture(drawn_by(tmp_path, "print('PNG')"))
    assert (found.level, found.advice) == (Level.OK, "")


async def test_a_library_that_is_not_installed_is_named_and_nothing_is_wrong() -> None:
    found = await check_picture(StillPictures(library="no_such_library"))
    assert (found.level, "resvg-py" in found.advice) == (Level.OK, True)
    assert "uploaded as SVG, which Slack does not show: resvg-py is not installed" in found.sentence


@pytest.mark.parametrize(("status", "advice"), [(3, "DejaVu"), (1, "reinstall")])
async def test_what_keeps_it_from_being_drawn_is_a_warning(tmp_path: Path, status: int, advice: str) -> None:
    found = await check_picture(drawn_by(tmp_path, f"sys.exit({status})"))
    assert (found.level, advice in found.advice) == (Level.WARN, True)
