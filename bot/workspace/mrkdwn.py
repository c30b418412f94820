"""Slack's text markup as a reader sees it: tokens in angle brackets, dates in the reader's zone,
escapes undone.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

Directory = Mapping[str, str]  # ids of users, channels and groups -> their names

TOKEN = re.compile(r"<([^<>\n]+)>")
BARE_URL = re.compile(r"(?<![<|\w])https?://[^\s<>|]+")
MARKDOWN_LINK = re.compile(r"\[([^\]]*)\]\((\S+?)\)")
BROADCASTS = frozenset({"here", "channel", "everyone"})
DATE_PART = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads: names they know, their time zone, and what time it is (epoch seconds)."""

    directory: Directory
    tz: str = "UTC"
    now: float = 0.0


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def resolve(text: str, reader: Reader) -> str:
    return unescape(TOKEN.sub(lambda found: token_text(found[1], reader), text))


def token_text(token: str, reader: Reader) -> str:
    """What one <token> shows. A link shows label and target, so that a disguised one is seen."""
    head, _, label = token.partition("|")
    match head[0]:
        case "@":
            return f"@{reader.directory.get(head[1:], label or head[1:])}"
        case "#":
            return f"#{reader.directory.get(head[1:], label or head[1:])}"
        case "!":
            return special_text(head[1:], label, reader)
        case _:
            return f"{label} ({head})" if label and label != head else head


def special_text(head: str, label: str, reader: Reader) -> str:
    name, *parts = head.split("^")
    if name == "date" and len(parts) >= 2:
        return date_text(parts[0], parts[1], label, reader)
    if name == "subteam" and parts:
        return label or f"@{reader.directory.get(parts[0], parts[0])}"
    return f"@{name}" if name in BROADCASTS else label or f"<!{head}>"


def date_text(stamp: str, pattern: str, fallback: str, reader: Reader) -> str:
    try:
        at = datetime.fromtimestamp(int(stamp), ZoneInfo(reader.tz))
    except (ValueError, OverflowError):
        return fallback
    return DATE_PART.sub(lambda found: date_part(found[1], at, reader) or found[0], pattern)


def date_part(name: str, at: datetime, reader: Reader) -> str:
    day = f"{at:%B} {at.day}"
    plain = {
        "date_num": f"{at:%Y-%m-%d}",
        "date_slash": f"{at:%m/%d/%Y}",
        "date": f"{day}, {at.year}",
        "date_short": f"{at:%b} {at.day}, {at.year}",
        "date_long": f"{at:%A}, {day}, {at.year}",
        "time": f"{at:%H:%M}",
        "time_secs": f"{at:%H:%M:%S}",
        "ago": ago(reader.now - at.timestamp()),
    }
    if name.endswith("_pretty"):
        return near_day(at, reader) or plain.get(name.removesuffix("_pretty"), "")
    return plain.get(name, "")


def near_day(at: datetime, reader: Reader) -> str:
    today = datetime.fromtimestamp(reader.now, ZoneInfo(reader.tz)).date()
    return {0: "today", 1: "yesterday", -1: "tomorrow"}.get((today - at.date()).days, "")


def ago(seconds: float) -> str:
    minutes = int(abs(seconds) // 60)
    span = f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
    return f"{span} ago" if seconds >= 0 else f"in {span}"


def mentions(text: str) -> Iterator[str]:
    """Who a text would notify: user ids, "here", "channel", "everyone", or usergroup ids."""
    for token in TOKEN.findall(text):
        head = token.partition("|")[0]
        if head[0] == "@" or (head[0] == "!" and head[1:] in BROADCASTS):
            yield head[1:]
        elif head.startswith("!subteam^"):
            yield head.split("^")[1]


def targets(text: str) -> Iterator[tuple[str, str]]:
    """(label, target) of each link in mrkdwn, also of addresses that Slack links by itself."""
    for token in TOKEN.findall(text):
        head, _, label = token.partition("|")
        if head[0] not in "@#!":
            yield unescape(label or head), unescape(head)
        elif head.startswith("!date^") and len(parts := head.split("^")) > 3:
            yield label, unescape(parts[3])
    for url in BARE_URL.findall(TOKEN.sub(" ", text)):
        yield unescape(url), unescape(url)
