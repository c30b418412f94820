"""A program: SVG on its input, PNG on its output. The only file that imports resvg-py; the bot never imports it.

It has a process of its own since the library holds the interpreter while it draws, and cannot be told to stop.
"""

import sys
from collections.abc import Callable
from typing import Final

from resvg_py import svg_to_bytes

NO_LETTERS: Final = 3
"""The status it ends with where this machine has no font for our words: a picture without them would mislead."""
ZOOM: Final = 2
"""Pixels for each unit of the drawing, so that it is sharp on a telephone."""

_PROBE: Final = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30"><text x="5" y="20">{text}</text></svg>'
_WORDS: Final = "SEV1 Status 14:05"
_NO_SUCH_SIGN: Final = "\ue000"
"""Of the private use area: no font has a letter for it."""

Render = Callable[..., bytes]


def letters_stand(render: Render = svg_to_bytes) -> bool:
    """Whether words come out as words: without a font they are left out, and some fonts have only boxes for them."""
    words, boxes, nothing = (
        render(svg_string=_PROBE.format(text=text)) for text in (_WORDS, _NO_SUCH_SIGN * len(_WORDS), "")
    )
    return words not in (boxes, nothing)


def main() -> int:
    if not letters_stand():
        return NO_LETTERS
    sys.stdout.buffer.write(svg_to_bytes(svg_string=sys.stdin.buffer.read().decode(), zoom=ZOOM))
    return 0


if __name__ == "__main__":
    sys.exit(main())
