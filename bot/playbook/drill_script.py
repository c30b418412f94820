"""The script of a drill: who writes what, where and when. Pure.

- at 2 min, Grace in #support: Ticket 4127, "nothing happens when I press Pay"
  - 20 s later, Cleo replies: Which country?
  - Finn reacts :eyes:
- 1 min after declared, unless mitigated, Finn in the war room: I can see it in the logs.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from bot.playbook.outline import Item, bullets
from bot.playbook.problems import Findings, did_you_mean

PEOPLE: Final = ("ada", "ben", "cleo", "finn", "grace", "sam")
"""Who works in the local workspace (bot/demo/people.py says who they are)."""
BOT_PLACES: Final = {"pagerbot": "alerts", "deploybot": "deploys"}
"""And the bots there, each with the one channel in which it writes."""
CHANNELS: Final = ("general", "incidents", "drills", "support", "deploys", "alerts", "random")
LONGEST_TEXT: Final = 2000
MOST_LINES: Final = 200
USUAL_PAUSE: Final = timedelta(seconds=5)
"""Between a message and a reply or reaction that gives no time of its own."""


class Moment(StrEnum):
    """What the players bring about, and a line may wait for. Each is reached once."""

    DECLARED = "declared"
    PRIVATE = "private"
    UPDATED = "updated"
    IDENTIFIED = "identified"
    MITIGATED = "mitigated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The drill's own beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineBefore:
    """When the line before in the file was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """`unless`, `only_if`: asked when its time has come; where the answer is no, the line is left out."""

    after: timedelta
    since: Start | LineBefore | Moment
    unless: frozenset[Moment] = frozenset()
    only_if: frozenset[Moment] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class WarRoom:
    """The channel of the drill's incident, once it exists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commander:
    """A direct message to whoever is incident commander then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """`place`: a channel's name, or a person's for a direct message."""

    place: str | WarRoom | Commander
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """In the thread of the line with the number `to`."""

    to: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class React:
    to: int
    emoji: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`number` counts from 0 through the script; `line` is that of the file, from 1."""

    number: int
    line: int
    who: str
    when: When
    deed: Say | Reply | React


_HEAD = re.compile(r"(?P<head>.*?):(?:\s+|$)(?P<text>.*)", re.DOTALL)
_REACTION = re.compile(r"(?:(?P<when>.*),)?\s*(?P<who>\w+)\s+reacts?(?:\s+with)?\s+:(?P<emoji>[\w+'-]+):\s*", re.DOTALL)
_REPLY = re.compile(r"(?P<who>\w+)\s+(?:replies|answers|writes|asks)", re.IGNORECASE)
_DEED = re.compile(
    r"(?P<who>\w+)\s+(?P<place>in\s+the\s+war\s+room|in\s+#?[\w-]+|to\s+the\s+commander|to\s+@?\w+)(?:\s+(?:writes|says|asks))?",
    re.IGNORECASE,
)
_TIME = r"(?:\d{1,3}:[0-5]\d|(?:\d{1,3}\s*min(?:utes?)?)?\s*(?:\d{1,4}\s*s(?:ec(?:onds?)?)?)?)"
_WHEN = re.compile(
    rf"(?:at\s+(?P<at>{_TIME})|once\s+(?P<once>\w+)|(?P<span>{_TIME})\s+after\s+(?P<after>\w+)|(?P<later>{_TIME})\s+later)"
    r"(?P<conditions>(?:[\s,]+(?:unless|if)\s+\w+)*)",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"(unless|if)\s+(\w+)", re.IGNORECASE)
_SPAN = re.compile(
    r"(?:(?P<clock_minutes>\d+):(?P<clock_seconds>\d\d)|(?:(?P<minutes>\d+)\s*min\w*)?\s*(?:(?P<seconds>\d+)\s*s\w*)?)"
)

_EXAMPLE: Final = "`at 2 min, Grace in #support: …`"
_WHENS: Final = "`at 2 min`, `once declared`, `1 min after declared` or `20 s later`"


def read_script(text: str, *, findings: Findings, first_line: int) -> tuple[Line, ...]:
    """`first_line`: where in the file the text begins. Mistakes go to the findings."""
    reader = _Reader(findings)
    for item in bullets(text, first_line=first_line):
        reader.take(item)
    if len(reader.lines) > MOST_LINES:
        findings.add(f"has {len(reader.lines)} lines of script; {MOST_LINES} are enough for any drill")
    return tuple(reader.lines)


class _Reader:
    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.lines: list[Line] = []

    def take(self, item: Item) -> None:
        """A line of the script, and what stands under it."""
        number = len(self.lines)
        if self._read(item):
            for inner in item.items:
                self._take_under(number, inner)

    def _read(self, item: Item) -> bool:
        if item.stray:
            self._wrong(item, "stands in no list, so nobody says it; begin it with `- `, or make it a <!-- comment -->")
            return False
        found = _HEAD.fullmatch(item.text)
        *conditions, deed = _parts(found["head"]) if found else [""]
        said = _DEED.fullmatch(deed)
        if found is None or said is None:
            self._wrong(item, f"is no line of the script; write {_EXAMPLE}, or `… in the war room: …`")
            return False
        when = self._when(item, ", ".join(conditions), usual=None)
        who, place = self._who(item, said["who"]), self._place(item, said["place"])
        self._add(item, who, when, Say(place=place, text=self._text(item, found["text"])))
        return True

    def _take_under(self, to: int, item: Item) -> None:
        for inner in item.items:
            self._wrong(inner, "stands too deep: replies and reactions stand under the message, side by side")
        if reaction := _REACTION.fullmatch(item.text):
            when = self._when(item, reaction["when"] or "", usual=USUAL_PAUSE)
            self._add(item, self._who(item, reaction["who"]), when, React(to=to, emoji=reaction["emoji"]))
            return
        found = _HEAD.fullmatch(item.text)
        *conditions, deed = _parts(found["head"]) if found else [""]
        said = _REPLY.fullmatch(deed)
        if found is None or said is None:
            self._wrong(item, "under a message stand `Cleo replies: …` and `Cleo reacts :eyes:`")
            return
        when = self._when(item, ", ".join(conditions), usual=USUAL_PAUSE)
        self._add(item, self._who(item, said["who"]), when, Reply(to=to, text=self._text(item, found["text"])))

    def _add(self, item: Item, who: str, when: When, deed: Say | Reply | React) -> None:
        self.lines.append(Line(number=len(self.lines), line=item.line, who=who, when=when, deed=deed))

    def _text(self, item: Item, first: str) -> str:
        text = "\n".join(part for part in (" ".join(first.split()), *item.more) if part)
        if not 0 < len(text) <= LONGEST_TEXT:
            self._wrong(item, f"wants a text of 1 to {LONGEST_TEXT} characters")
        return text

    def _who(self, item: Item, name: str) -> str:
        return self._known(item, name, (*PEOPLE, *BOT_PLACES), "is nobody of the local workspace")

    def _place(self, item: Item, written: str) -> str | WarRoom | Commander:
        way, _, name = " ".join(written.casefold().split()).partition(" ")
        match way, name:
            case "in", "the war room":
                return WarRoom()
            case "to", "the commander":
                return Commander()
            case "in", channel:
                return self._known(item, channel.removeprefix("#"), CHANNELS, "is no channel of the local workspace")
            case _:
                return self._known(item, name.removeprefix("@"), PEOPLE, "is nobody of the local workspace")

    def _when(self, item: Item, written: str, *, usual: timedelta | None) -> When:
        if not written and usual is not None:
            return When(after=usual, since=LineBefore())
        found = _WHEN.fullmatch(written.strip())
        if found is None:
            told = f"`{written.strip()[:60]}` is no time" if written else "does not say when"
            self._wrong(item, f"{told}; write {_WHENS}")
            return When(after=timedelta(), since=Start())
        conditions = _CONDITION.findall(found["conditions"])
        return When(
            after=_span(found["at"] or found["span"] or found["later"] or ""),
            since=self._since(item, found),
            unless=frozenset(self._moment(item, name) for word, name in conditions if word.casefold() == "unless"),
            only_if=frozenset(self._moment(item, name) for word, name in conditions if word.casefold() == "if"),
        )

    def _since(self, item: Item, found: re.Match[str]) -> Start | LineBefore | Moment:
        moment = found["once"] or found["after"]
        if moment:
            return self._moment(item, moment)
        return LineBefore() if found["later"] is not None else Start()

    def _moment(self, item: Item, name: str) -> Moment:
        return Moment(self._known(item, name, [*Moment], f"is no moment of a drill; there are {', '.join(Moment)}"))

    def _known(self, item: Item, name: str, known: Collection[str], otherwise: str) -> str:
        """The name, or the first that is known where it is not."""
        wanted = name.casefold()
        if wanted in known:
            return wanted
        self._wrong(item, f"{name[:40]} {otherwise}{did_you_mean(name, known)}")
        return next(iter(known))

    def _wrong(self, item: Item, sentence: str) -> None:
        self.findings.add(sentence, line=item.line)


def _parts(head: str) -> Iterator[str]:
    return (part.strip() for part in head.split(","))


def _span(written: str) -> timedelta:
    found = _SPAN.fullmatch(written.strip())
    if found is None:
        return timedelta()
    minutes = int(found["clock_minutes"] or found["minutes"] or 0)
    return timedelta(minutes=minutes, seconds=int(found["clock_seconds"] or found["seconds"] or 0))
