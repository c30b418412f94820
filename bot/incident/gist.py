"""What is kept of an incident to find it again: its telling words, and how it ended. A view of its log. Pure.

An open incident is found by its title, service and impact; one that has ended by all that its timeline and its
postmortem say.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.incident import events as happened
from bot.incident.closing_events import (
    GateOverridden,
    RestorationVerified,
    ReviewRecorded,
    WorkaroundAdded,
    WorkaroundRemoved,
)
from bot.incident.entry import Entry, EntryLabel
from bot.incident.events import Event
from bot.incident.factor import Surrounding
from bot.incident.factor_events import FactorAdded, FactorChanged, FactorRemoved
from bot.incident.followup_events import FollowupAdded, FollowupChanged, FollowupMoved
from bot.incident.review_events import ReviewCancelled, ReviewMoved, ReviewWaived
from bot.incident.search_words import as_read, mark, words_of
from bot.incident.state import Incident
from bot.incident.terms import Status
from bot.incident.timeline import entries, visible
from bot.incident.writing_events import SectionWritten

MOST_WORDS: Final = 250
"""Of one incident; an ordinary one of 20 entries has about 100."""
LONGEST_OUTCOME: Final = 300
MOST_PLAYBOOKS: Final = 3
MOST_FACTOR_WORDS: Final = 40
SERVICE: Final = "service"
PLAYBOOK: Final = "playbook"
FACTOR: Final = "factor"
"""Kinds of marks."""


class Shelf(StrEnum):
    """Where an incident's words stand. What is looked up on one shelf tells nothing of the others, not even a count."""

    PUBLIC = "public"
    PRIVATE = "private"
    DRILLS = "drills"
    PRIVATE_DRILLS = "private drills"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """`words` in compared form, and marks. `outcome`: what ended it, in the words of whoever ended it.

    `factor_words`: those of the words that its contributing factors have.
    """

    shelf: Shelf
    words: tuple[str, ...]
    service: str = ""
    outcome: str = ""
    playbooks: tuple[str, ...] = ()
    factor_words: tuple[str, ...] = ()


CHANGES_WORDS: Final = (
    happened.SeverityChanged,
    happened.StatusChanged,
    happened.NoteAdded,
    happened.UpdatePosted,
    happened.PlaybookAttached,
    happened.StepChanged,
    happened.MessageFlagged,
    happened.MessageUnflagged,
    happened.MessageRead,
    happened.MessageEdited,
    happened.MessageDeleted,
    RestorationVerified,
    WorkaroundAdded,
    WorkaroundRemoved,
    ReviewRecorded,
    ReviewMoved,
    ReviewCancelled,
    ReviewWaived,
    GateOverridden,
    FollowupAdded,
    FollowupChanged,
    FollowupMoved,
    FactorAdded,
    FactorChanged,
    FactorRemoved,
    SectionWritten,
)
"""Events after which an incident that is told in full has other words."""

_WITH_TEXT: Final = frozenset(
    {
        EntryLabel.SEVERITY,
        EntryLabel.STATUS,
        EntryLabel.NOTE,
        EntryLabel.UPDATE,
        EntryLabel.STEP,
        EntryLabel.MESSAGE,
        EntryLabel.VERIFIED,
        EntryLabel.WORKAROUND,
        EntryLabel.WORKAROUND_REMOVED,
        EntryLabel.REVIEW,
        EntryLabel.REVIEW_MOVED,
        EntryLabel.REVIEW_CANCELLED,
        EntryLabel.OVERRIDDEN,
    }
)
"""Entries whose text somebody wrote there and then."""


def is_told_in_full(incident: Incident) -> bool:
    """From its first end on, also while it is open again."""
    return not incident.is_active or incident.resolutions > 0


def gist(incident: Incident, history: Sequence[Event] = ()) -> Gist:
    """`history`: the whole log, for an incident that is told in full."""
    outcome = _outcome(history)
    first = " \n".join((incident.title, incident.service, incident.impact, outcome))
    factored = factor_words_of(incident)
    words = [*_marks(incident), *words_of(first), *factored]
    return Gist(
        shelf=shelf_of(incident),
        words=tuple(dict.fromkeys([*words, *_most_said(incident, history)]))[:MOST_WORDS],
        service=incident.service,
        outcome=outcome[:LONGEST_OUTCOME],
        playbooks=tuple(each.checklist.title for each in incident.playbooks.values())[:MOST_PLAYBOOKS],
        factor_words=tuple(factored),
    )


def shelf_of(incident: Incident) -> Shelf:
    if incident.drill:
        return Shelf.PRIVATE_DRILLS if incident.private else Shelf.DRILLS
    return Shelf.PRIVATE if incident.private else Shelf.PUBLIC


def _marks(incident: Incident) -> Iterator[str]:
    if incident.service:
        yield mark(SERVICE, incident.service)
    for playbook in list(incident.playbooks)[:MOST_PLAYBOOKS]:
        yield mark(PLAYBOOK, playbook)
    for surrounding in Surrounding:
        if any(each.content.surrounding is surrounding for each in incident.standing_factors):
            yield mark(FACTOR, surrounding)


def marks_of(incident: Incident) -> tuple[str, ...]:
    return tuple(_marks(incident))


def factor_words_of(incident: Incident) -> dict[str, str]:
    """The words of its contributing factors in compared form, each with how it is written; of a removed one none."""
    words = words_of(" \n".join(each.content.text for each in incident.standing_factors))
    return dict(list(words.items())[:MOST_FACTOR_WORDS])


def _outcome(history: Sequence[Event]) -> str:
    """Of the last resolution, else of the cancellation: what was noted at closing comes after the end."""
    ends = [event for event in history if isinstance(event, happened.StatusChanged)]
    for status in (Status.RESOLVED, Status.CANCELLED):
        for event in reversed(ends):
            if event.after is status:
                return event.note
    return ""


def _most_said(incident: Incident, history: Sequence[Event]) -> list[str]:
    """The words of the timeline, of the postmortem and of follow-ups, those in most of these first."""
    said: Counter[str] = Counter()
    for text in _as_they_stand(incident) if history else ():
        said.update(words_of(text).keys())
    for entry in visible(entries(history)):
        if entry.label in _WITH_TEXT and not entry.deleted:
            said.update(words_of(_text(entry)).keys())
    return [word for word, _ in said.most_common()]


def _as_they_stand(incident: Incident) -> Iterator[str]:
    """A follow-up that is only drafted repeats a message, which may be deleted yet."""
    yield from (written.text for written in incident.sections.values())
    for followup in incident.followups.values():
        if not followup.is_draft:
            yield f"{followup.content.what} \n{followup.note}"


def _text(entry: Entry) -> str:
    """Slack's form is a message's alone."""
    if entry.label is EntryLabel.MESSAGE:
        return as_read(entry.text)
    what = entry.subject if entry.label is EntryLabel.WORKAROUND else ""
    return " \n".join((entry.text, entry.impact, entry.doing, what))
