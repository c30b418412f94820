"""The one place where text that people wrote becomes Slack's mrkdwn. Nothing else may escape or build a token.

Whatever is shown as mrkdwn has the type Mrkdwn, so that a plain str cannot slip through unescaped. Outside this
module `Mrkdwn(...)` and the template of `fill` take literals of our own only; a test reads the source for that.
"""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Final, NewType

from bot.incident.terms import MUSTER, ChannelId, GroupId, UserId

Mrkdwn = NewType("Mrkdwn", str)

NOTHING: Final = Mrkdwn("")

_JOINER = "\u2060"
"""WORD JOINER: invisible, and no boundary of a word, so that `*` beside it opens no bold. Slack has no escape for
its formatting signs; the rejected alternative, look-alike signs, would change what somebody copies."""
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_MARKUP = re.compile(r"`|(?<![^\W_])[*_~]+|[*_~]+(?![^\W_])")
_QUOTED = re.compile(r"^([ \t]*)&gt;", re.MULTILINE)
_UNIT = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);|.", re.DOTALL)
_WIRE = re.compile(r"<([^<>]*)>")
_USER = re.compile(r"[UW][A-Z0-9]+")
_GROUP = re.compile(r"S[A-Z0-9]+")
_CHANNEL = re.compile(r"[CGD][A-Z0-9]+")
_CODE = re.compile(r"`([^`\n]*[^`\s][^`\n]*)`")
_FENCE = "```"


def escape(text: str) -> Mrkdwn:
    """Foreign text, shown exactly as written: no ping, no link, no formatting; control characters are dropped."""
    entities = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    unquoted = _QUOTED.sub(rf"\1{_JOINER}&gt;", entities)
    return Mrkdwn(_MARKUP.sub(lambda found: "".join(f"{_JOINER}{sign}{_JOINER}" for sign in found[0]), unquoted))


def clean(text: str) -> str:
    """Without control characters, overrides of direction and halves of surrogate pairs; tabs become spaces.

    Also the form for places that hold no mrkdwn (plain_text, topics): there `<` and `*` mean nothing.
    """
    even = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(sign for sign in even if sign == "\n" or not _is_control(sign))


def _is_control(sign: str) -> bool:
    return sign in _BIDI_CONTROLS or unicodedata.category(sign) in {"Cc", "Cs"}


def one_line(text: str, most: int) -> str:
    """Clean text with its whitespace collapsed, at most `most` characters, the last of them '…' if it was cut."""
    flat = " ".join(clean(text).split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip(" \u200d") + "…"


def line(text: str, most: int = 300) -> Mrkdwn:
    """Foreign text as one line of at most `most` visible characters, isolated where it runs right to left."""
    return isolate(escape(one_line(text, most)))


def isolate(text: Mrkdwn) -> Mrkdwn:
    """Keeps right-to-left text from turning round the sentence that it stands in."""
    if not any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in text):
        return text
    return Mrkdwn(f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}")


def spoken(text: str) -> Mrkdwn:
    """A message's text in Slack's form (entities, <tokens>): mentions of people stay, broadcasts and links do not."""
    parts = _WIRE.split(text)
    return Mrkdwn("".join(_token(part) if odd % 2 else escape(_decoded(part)) for odd, part in enumerate(parts)))


def plain(text: str) -> str:
    """A message's text as Slack gave it, as somebody would read it: for titles and anything kept as plain text."""
    parts = _WIRE.split(text)
    return "".join(_read(part) if odd % 2 else _decoded(part) for odd, part in enumerate(parts))


def _decoded(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _token(inside: str) -> Mrkdwn:
    target, _, _ = inside.partition("|")
    if target.startswith("@") and _USER.fullmatch(target[1:]):
        return user(UserId(target[1:]))
    if target.startswith("#") and _CHANNEL.fullmatch(target[1:]):
        return channel(ChannelId(target[1:]))
    return escape(_read(inside))


def _read(inside: str) -> str:
    """What a token says; a link shows where it leads, whatever its label claims."""
    target, _, label = inside.partition("|")
    if target.startswith("!"):
        return _decoded(label) if label else "@" + target[1:].partition("^")[0]
    if target.startswith(("@", "#")):
        return target[0] + _decoded(label).lstrip("@#") if label else target
    address = _decoded(target).removeprefix("mailto:")
    return address if not label or _decoded(label) == address else f"{_decoded(label)} ({address})"


def user(id: UserId) -> Mrkdwn:  # noqa: A002 - the field's word
    """A mention. Muster itself is named, and what is no id is shown as text."""
    if id == MUSTER:
        return Mrkdwn("Muster")
    return Mrkdwn(f"<@{id}>") if _USER.fullmatch(id) else escape(id)


def group(id: GroupId) -> Mrkdwn:  # noqa: A002 - the field's word
    """A mention of a user group."""
    return Mrkdwn(f"<!subteam^{id}>") if _GROUP.fullmatch(id) else escape(id)


def channel(id: ChannelId) -> Mrkdwn:  # noqa: A002 - the field's word
    return Mrkdwn(f"<#{id}>") if _CHANNEL.fullmatch(id) else escape(id)


def link(url: str, label: Mrkdwn) -> Mrkdwn:
    """A link under a label of ours; an address that is neither http nor https is shown as text instead.

    A `|` in a file's name would divide the token a second time, so it is shown broken.
    """
    address = clean(url).strip()
    if not re.fullmatch(r"https?://[^\s|<>]+", address):
        return label if not address else Mrkdwn(f"{label} ({escape(address)})")
    return Mrkdwn(f"<{address.replace('&', '&amp;')}|{label.replace('|', '¦')}>")


def time(at: datetime) -> Mrkdwn:
    """The time of day in the reader's zone; where that cannot be done, in UTC and saying so."""
    return _date(at, "{time}", "%H:%M UTC")


def date_time(at: datetime) -> Mrkdwn:
    return _date(at, "{date_short} {time}", "%d %b %Y %H:%M UTC")


def _date(at: datetime, shown: str, fallback: str) -> Mrkdwn:
    return Mrkdwn(f"<!date^{int(at.timestamp())}^{shown}|{at.astimezone(UTC).strftime(fallback)}>")


def bold(text: Mrkdwn) -> Mrkdwn:
    """Each line in bold: Slack ends bold at the end of a line."""
    return Mrkdwn("\n".join(f"*{part}*" if part.strip() else part for part in text.split("\n")))


def quote(text: Mrkdwn) -> Mrkdwn:
    return Mrkdwn("\n".join(f">{part}" for part in text.split("\n")))


def code(text: str) -> Mrkdwn:
    """One line in code; a backtick within it becomes an apostrophe, since nothing can escape it there."""
    inside = " ".join(clean(text).split()).replace("`", "'")
    return Mrkdwn(f"`{_entities(inside)}`") if inside else NOTHING


def prose(text: str) -> Mrkdwn:
    """What the organisation wrote in its playbooks: as `escape` shows it, but with its `code` as code to be copied."""
    parts = _CODE.split(text)
    return Mrkdwn("".join(code(part) if odd % 2 else escape(part) for odd, part in enumerate(parts)))


def prose_line(text: str, most: int = 300) -> Mrkdwn:
    return isolate(prose(one_line(text, most)))


def code_block(text: str) -> Mrkdwn:
    """Lines as they are, to be copied; only a run of three backticks is broken by an invisible sign."""
    inside = clean(text).strip("\n").replace(_FENCE, f"`{_JOINER}`{_JOINER}`")
    return Mrkdwn(f"{_FENCE}\n{_entities(inside)}\n{_FENCE}")


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def join(separator: str, *parts: Mrkdwn) -> Mrkdwn:
    """The parts that are not empty; the separator is ours."""
    return Mrkdwn(separator.join(part for part in parts if part))


def lines(*parts: Mrkdwn) -> Mrkdwn:
    return join("\n", *parts)


def fill(template: str, **parts: Mrkdwn) -> Mrkdwn:
    """Our own sentence with its {parts} filled in; what a part holds is never read as a template."""
    return Mrkdwn(template.format_map(parts))


def shorten(text: Mrkdwn, most: int) -> Mrkdwn:
    """At most `most` characters as Slack counts them, ending in '…' if cut; no token, entity or fence is cut open."""
    if len(text) <= most:
        return text
    kept, room = "", most - len("…") - len(_FENCE)
    for unit in _UNIT.finditer(text):
        if len(kept) + len(unit[0]) > room:
            break
        kept += unit[0]
    return Mrkdwn(kept.rstrip(" \n") + "…" + (_FENCE if kept.count(_FENCE) % 2 else ""))
