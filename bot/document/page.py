"""The document as one HTML file: to be read, printed and kept. It asks nothing of any network and runs nothing. Pure.

Markdown's raw HTML is switched off, so what is not Markdown is shown as text. The only picture is drawn in the page.
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Sequence
from html import escape
from typing import Any, Final
from urllib.parse import quote as percent_encoded

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.document import picture
from bot.document.markdown import Markdown, one_line

_STYLE: Final = (
    """
:root { color-scheme: light dark; --ink: #1d2733; --quiet: #526072; --line: #c9d1da; --ground: #ffffff;
  --shade: #f3f5f8; --link: #0b57a4; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e7ecf2; --quiet: #a9b5c3; --line: #3c4856; --ground: #14191f; --shade: #1d242c; --link: #7db7f0; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.25; } h2 { font-size: 1.25rem; margin-top: 2.2rem; }
h2 { border-bottom: 1px solid var(--line); padding-bottom: .25rem; } h3 { font-size: 1.05rem; }
a { color: var(--link); }
blockquote { margin: 1rem 0; padding: .2rem 1rem; border-left: 4px solid var(--line); background: var(--shade); }
blockquote, em { color: var(--quiet); } blockquote strong { color: var(--ink); }
table { border-collapse: collapse; width: 100%; font-size: .94rem; margin: 1rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
th { background: var(--shade); } td:first-child, td:nth-child(2) { overflow-wrap: normal; }
code { background: var(--shade); padding: .1em .3em; border-radius: 3px; }
svg.muster-picture { width: 100%; height: auto; display: block; }
@media print {
  :root { --ink: #000000; --quiet: #333333; --line: #999999; --ground: #ffffff; --shade: #ffffff; --link: #000000; }
  @page { margin: 18mm 15mm 22mm; }
  body { font-size: 10.5pt; } main { max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; } tr, blockquote, li, svg { break-inside: avoid; } thead { display: table-header-group; }
}
""".strip()
    + "\n"
    + picture.STYLE
)
_FOOT: Final = """
@page {{ @bottom-left {{ content: "{words}"; font: 8.5pt system-ui, sans-serif; color: #333333; }}
  @bottom-right {{ content: counter(page) " / " counter(pages); font: 8.5pt system-ui, sans-serif; color: #333333; }} }}
"""
_NO_WORDS_OF_OURS: Final = re.compile(r"[^\w ·:-]")


def page(document: Markdown, drawing: str, *, title: str, picture_file: str, on_each_page: str = "") -> str:
    """`drawing`: an svg element, which takes the place of the picture of that file. `title`: plain text.
    `on_each_page`: words of our own for the foot of every sheet of paper, which may be found alone.
    """
    style = _STYLE + _FOOT.format(words=_NO_WORDS_OF_OURS.sub("", on_each_page))
    body = _markdown(drawing, picture_file).render(document)
    return (
        "<!DOCTYPE html>\n"
        '<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(one_line(title))}</title>\n<style>{style}</style>\n</head>\n"
        f"<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )


def _policy(style: str) -> str:
    """Content-Security-Policy: no script, no request; the one style is named by its hash."""
    named = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{named}'; base-uri 'none'; form-action 'none'"


def _markdown(drawing: str, picture_file: str) -> MarkdownIt:
    """CommonMark and tables, without raw HTML. Addresses other than http, https and mailto are no links to it."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    own = percent_encoded(picture_file)

    def image(tokens: Sequence[Token], index: int, _options: Any, _environment: Any) -> str:
        """Ours is drawn here; of any other only its description is shown, since a page must ask for nothing."""
        token = tokens[index]
        return drawing if own and token.attrs.get("src") == own else escape(token.content)

    markdown.renderer.rules["image"] = image  # type: ignore[attr-defined]  # the protocol does not show it
    markdown.validateLink = _is_web_address  # type: ignore[assignment, method-assign]  # markdown-it's own way to narrow it
    return markdown


def _is_web_address(address: str) -> bool:
    """Pictures pass here too, by their file's name; what has a scheme must be of the web."""
    scheme, colon, _ = address.partition(":")
    return not colon or scheme.casefold() in {"http", "https", "mailto"}
