"""The picture in pixels: sharp, light, with its words; bounded in size and time; without fonts never without words."""

import asyncio
import struct
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from resvg_py import svg_to_bytes

from bot.document.picture import HEIGHT, WIDTH, still_picture
from bot.slack import pixels
from bot.slack.still_pictures import LARGEST_DRAWING, Lack, NoPixels, StillPictures
from tests.document.test_picture import draft, lasting

HAS_FONTS = pixels.letters_stand()
needs_fonts = pytest.mark.skipif(not HAS_FONTS, reason="no font is installed on this machine")
SMALL = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"></svg>'


def program(folder: Path, text: str) -> StillPictures:
    (folder / "program.py").write_text(f"import sys, time; sys.stdin.read(); {text}")
    return StillPictures(folder / "program.py", within=timedelta(seconds=0.2 if "sleep" in text else 5))


@needs_fonts
@pytest.mark.parametrize("length", [timedelta(minutes=5), timedelta(days=9)])
async def test_it_is_a_png_of_twice_the_drawings_size(length: timedelta) -> None:
    png = await StillPictures().png(still_picture(draft(lasting(length, notes=300))))
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", png[16:24]) == (2 * WIDTH, 2 * HEIGHT)
    assert len(png) < 300_000


@needs_fonts
async def test_others_go_on_while_it_is_drawn() -> None:
    drawing = still_picture(draft(lasting(timedelta(hours=3))))
    task, turns = asyncio.create_task(StillPictures().png(drawing)), 0
    while not task.done():
        await asyncio.sleep(0.005)
        turns += 1
    assert turns > 5


def test_without_any_font_words_are_missing_and_that_is_seen() -> None:
    assert not pixels.letters_stand(partial(svg_to_bytes, skip_system_fonts=True))


def test_a_font_that_has_only_boxes_is_no_font() -> None:
    def boxes(*, svg_string: str) -> bytes:
        return b"" if "></text>" in svg_string else b"box" * 17

    assert not pixels.letters_stand(boxes)


@pytest.mark.parametrize(
    ("text", "lack"),
    [
        (f"sys.exit({pixels.NO_LETTERS})", Lack.NO_FONT),
        ("sys.exit(1)", Lack.FAILED),
        ("pass", Lack.FAILED),
        ("time.sleep(30)", Lack.TOO_SLOW),
    ],
)
async def test_what_cannot_be_drawn_says_why(tmp_path: Path, text: str, lack: Lack) -> None:
    with pytest.raises(NoPixels) as failure:
        await program(tmp_path, text).png(SMALL)
    assert failure.value.lack is lack


async def test_a_drawing_without_end_is_not_begun(tmp_path: Path) -> None:
    with pytest.raises(NoPixels, match="too large"):
        await program(tmp_path, "print(1)").png(SMALL + " " * LARGEST_DRAWING)


async def test_without_the_library_nothing_is_begun() -> None:
    with pytest.raises(NoPixels, match="not installed"):
        await StillPictures(library="no_such_library").png(SMALL)


async def test_the_program_is_given_none_of_our_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    told = await program(tmp_path, "import os; print(sorted(os.environ))").png(SMALL)
    assert b"PATH" in told
    assert b"SLACK" not in told


def test_every_word_of_the_picture_is_one_that_any_font_has() -> None:
    assert still_picture(draft(lasting(timedelta(hours=1)))).split("<desc")[1].isascii()


def test_it_uses_no_colour_that_depends_on_its_reader() -> None:
    drawing = still_picture(draft(lasting(timedelta(hours=1))))
    assert "var(" not in drawing
    assert "@media" not in drawing
