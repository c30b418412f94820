"""The forms of a contributing factor: what it is, what shows it, what addresses it; and why one is taken away."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.incident.entry import Entry, EntryLabel
from bot.incident.factor import Factor, FactorClass, Surrounding, class_words, factor_name
from bot.incident.factoring import LONGEST_FACTOR
from bot.incident.search_words import as_read
from bot.incident.state import Incident
from bot.slack import action_ids
from bot.slack.blocks import elements
from bot.slack.blocks.elements import Element, View, field, option, ours, theirs
from bot.slack.blocks.modals import head
from bot.slack.message import Block
from bot.slack.mrkdwn import bold, escape, join, line

TEXT: Final = "text"
KIND: Final = "kind"
ENTRY: Final = "entry"
FOLLOWUPS: Final = "followups"
WHY: Final = "why"
LOOK_AGAIN_ON: Final = "look_again_on"
LOOK_AGAIN_AFTER: Final = timedelta(days=90)

_TELLING: Final = frozenset(
    {
        EntryLabel.DECLARED,
        EntryLabel.MILESTONE,
        EntryLabel.SEVERITY,
        EntryLabel.STATUS,
        EntryLabel.NOTE,
        EntryLabel.MESSAGE,
        EntryLabel.UPDATE,
        EntryLabel.STEP,
    }
)
"""Entries that can show what contributed."""
_PLAIN: Final = frozenset({EntryLabel.NOTE, EntryLabel.MESSAGE})


def factor_modal(
    incident: Incident,
    metadata: str,
    entries: Sequence[Entry],
    zone: ZoneInfo,
    factor: Factor | None = None,
    *,
    text: str,
) -> View:
    """`factor` None: a new one. `text`: what stands in its field. `zone`: of whoever looks, for times in menus."""
    content = factor.content if factor else None
    kind = kind_value(content.kind, content.surrounding) if content else None
    fields = [
        head(incident),
        field(
            TEXT,
            "What made it possible, worse or longer",
            elements.text_input(initial=text, lines=True, most=LONGEST_FACTOR),
            hint="One of several; there is never only one. Of systems and circumstances rather than of persons.",
        ),
        field(KIND, "Class", elements.select(_kinds(), initial=kind)),
        *_entry(entries, zone, str(content.entry) if content and content.entry else ""),
        *_followups(incident, content.followups if content else ()),
    ]
    title, submit = ("Edit factor", "Save") if factor else ("Contributing factor", "Add")
    return elements.modal(title, action_ids.FACTOR_MODAL, metadata, submit, fields)


def drop_factor_modal(incident: Incident, metadata: str, factor: Factor) -> View:
    named = join(" · ", escape(factor_name(factor.number)), bold(line(factor.content.text, 150)))
    why = field(WHY, "Why it is no factor after all", elements.text_input(lines=True), hint="The log keeps both.")
    return elements.modal(
        "Remove factor", action_ids.DROP_FACTOR_MODAL, metadata, "Remove", [elements.context(named), why]
    )


def accept_modal(incident: Incident, metadata: str, factor: Factor, today: date) -> View:
    """A quarter of a year on, unless another day is chosen."""
    named = join(" · ", escape(factor_name(factor.number)), bold(line(factor.content.text, 150)))
    accepted = factor.accepted
    fields = [
        elements.context(named),
        field(
            WHY, "Why it may stay as it is", elements.text_input(initial=accepted.why if accepted else "", lines=True)
        ),
        field(
            LOOK_AGAIN_ON,
            "Look again on",
            elements.day_picker(today + LOOK_AGAIN_AFTER),
            hint="From then on it counts as open again, and you are asked.",
        ),
    ]
    return elements.modal("Accept risk", action_ids.ACCEPT_MODAL, metadata, "Accept", fields)


def kind_value(kind: FactorClass, surrounding: Surrounding | None) -> str:
    """As `read_kind` takes it apart."""
    return f"{kind}|{surrounding or ''}"


def read_kind(value: str) -> tuple[FactorClass, Surrounding | None]:
    """Raises ValueError for a value that no form of ours offers."""
    kind, _, surrounding = value.partition("|")
    return FactorClass(kind), Surrounding(surrounding) if surrounding else None


def _kinds() -> list[Element]:
    plain = [(kind, None) for kind in FactorClass]
    offered = [*plain, *((FactorClass.ENVIRONMENT, each) for each in Surrounding)]
    return [option(ours(class_words(*each).capitalize(), elements.OPTION_TEXT), kind_value(*each)) for each in offered]


def _entry(entries: Sequence[Entry], zone: ZoneInfo, chosen: str) -> list[Block]:
    """The newest that fit a menu, and the one that is named already, however old."""
    telling = [each for each in entries if each.label in _TELLING and not each.retracted and each.version]
    newest = telling[-(elements.OPTIONS - 1) :]
    named = [each for each in telling if str(each.version) == chosen and each not in newest]
    offered = [_option(each, zone) for each in [*named, *newest]]
    if not offered:
        return []
    menu = elements.select(offered, initial=chosen or None)
    return [field(ENTRY, "Entry of the timeline that shows it", menu, optional=True)]


def _option(entry: Entry, zone: ZoneInfo) -> Element:
    """14:05 The pool was full"""
    words = as_read(entry.text) if entry.label is EntryLabel.MESSAGE else entry.text or entry.subject
    what = words if entry.label in _PLAIN else f"{entry.label.capitalize()}: {words or entry.after}"
    at = entry.at.astimezone(zone)
    return option(theirs(f"{at:%H:%M} {what}", elements.OPTION_TEXT), str(entry.version))


def _followups(incident: Incident, chosen: Sequence[int]) -> list[Block]:
    newest = list(incident.followups.values())[-elements.OPTIONS :]
    if not newest:
        return []
    offered = [
        option(theirs(f"F{each.number} {each.content.what}", elements.OPTION_TEXT), str(each.number)) for each in newest
    ]
    menu = elements.multi_select(offered, [str(number) for number in chosen])
    return [field(FOLLOWUPS, "Follow-ups that address it", menu, optional=True)]
