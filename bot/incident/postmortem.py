"""The draft of a postmortem: one frozen value, made of the log alone. Pure; nothing in it is invented or guessed at.

Texts stay as people wrote them, and whoever renders them escapes them. Times are aware UTC. What only people can
write is in `sections`, as far as they have; review_sections.py holds what they are asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.incident import events as happened
from bot.incident.bands import Band, severity_bands, status_bands
from bot.incident.entry import Entry, EntryLabel
from bot.incident.events import Event
from bot.incident.factor import Factor
from bot.incident.feedback import Heard
from bot.incident.followup import Followup
from bot.incident.giving_feedback import heard
from bot.incident.history import Happening, happenings
from bot.incident.impact import Figure, figures, statements
from bot.incident.lifecycle import ACTIVE
from bot.incident.participation import Participant, participants
from bot.incident.policy import Policy
from bot.incident.promises import Promise, promises
from bot.incident.remarks import Remark, remarks
from bot.incident.response_times import Measure, Moment, measures, moments
from bot.incident.review import ReviewCourse
from bot.incident.review_quality import Quality, quality
from bot.incident.review_sections import ReviewSection
from bot.incident.state import Incident, StepProgress, WrittenSection
from bot.incident.terms import (
    ChannelId,
    EntryKind,
    IncidentId,
    MessageTs,
    Milestone,
    Severity,
    Status,
    Step,
    UserId,
    Version,
    reference,
)
from bot.incident.timeline import entries, visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What the incident was and is. `worst`: the highest severity that it ever had. `private`: for its members only.
    `declared_at`: as it was corrected, if it was.

    `outcome`: what was written at its end, empty while the response goes on or where nothing was written.
    `last_known`: the last status update. `log_length`: how many events the draft was made of.
    `cards`: those that stand in the incident's own channel, by name.
    """

    incident: IncidentId
    title: str
    severity: Severity
    worst: Severity
    status: Status
    private: bool
    drill: bool
    service: str
    reporter: UserId
    reporter_name: str
    declared_at: datetime
    ended_at: datetime | None
    outcome: str
    last_known: str
    source: str
    channel: ChannelId | None
    channel_name: str
    log_length: Version
    cards: Mapping[str, MessageTs] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        return reference(self.incident, drill=self.drill)

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class StepUse:
    step: Step
    progress: StepProgress


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookUse:
    """A playbook as it stood when it was attached, and what became of each of its steps, in its order."""

    playbook: str
    title: str
    revision: str
    why: str
    steps: tuple[StepUse, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Postmortem:
    """`entries`: the timeline without what was retracted, of which there were `retracted`. `factors`: without those
    that were removed.

    `promises`: those that fell due or were kept. `status_bands`, `severity_bands`: until the newest moment known.
    """

    heading: Heading
    impact: tuple[Figure, ...]
    moments: Mapping[Milestone, Moment]
    measures: tuple[Measure, ...]
    entries: tuple[Entry, ...]
    retracted: int
    playbooks: tuple[PlaybookUse, ...]
    promises: tuple[Promise, ...]
    remarks: tuple[Remark, ...]
    participants: tuple[Participant, ...]
    status_bands: tuple[Band, ...]
    severity_bands: tuple[Band, ...]
    followups: tuple[Followup, ...] = ()
    feedback: Heard
    review: ReviewCourse = field(default_factory=ReviewCourse)
    quality: Quality | None = None
    factors: tuple[Factor, ...] = ()
    sections: Mapping[ReviewSection, WrittenSection]

    def of_kind(self, *kinds: EntryKind) -> tuple[Entry, ...]:
        """The entries that stand under any of these kinds."""
        return tuple(entry for entry in self.entries if set(kinds) & set(entry.kinds))

    @property
    def hypotheses(self) -> tuple[Entry, ...]:
        """Tried, ruled out, or both: a message can be flagged as both, and its kinds say so."""
        return self.of_kind(EntryKind.HYPOTHESIS, EntryKind.RULED_OUT)

    @property
    def decisions(self) -> tuple[Entry, ...]:
        """What stands as one, and every change of severity, which is one."""
        return tuple(
            entry for entry in self.entries if EntryKind.DECISION in entry.kinds or entry.label is EntryLabel.SEVERITY
        )

    @property
    def evidence(self) -> tuple[Entry, ...]:
        """What was flagged as evidence, and whatever else has files."""
        return tuple(entry for entry in self.entries if EntryKind.EVIDENCE in entry.kinds or entry.files)

    def entry_at(self, version: Version) -> Entry | None:
        """The entry of that version; None where it was retracted since."""
        return next((entry for entry in self.entries if entry.version == version), None)

    def section(self, section: ReviewSection) -> WrittenSection:
        return self.sections.get(section, WrittenSection())

    @property
    def action_items(self) -> tuple[Entry, ...]:
        return self.of_kind(EntryKind.ACTION_ITEM)


def postmortem(events: Iterable[Event], policy: Policy) -> Postmortem:
    """Raises ValueError for a log that is empty or does not begin with a declaration."""
    history = happenings(events)
    if not history:
        raise ValueError("there is no postmortem of an empty log")
    incident, log = history[-1].after, tuple(each.event for each in history)
    every = entries(log)
    shown = visible(every)
    told, made = moments(history), promises(history)
    measured = measures(told)
    until = _newest(history, shown)
    return Postmortem(
        heading=_heading(history, incident),
        impact=figures(statements(log, shown), incident.service, told, measured),
        moments=told,
        measures=measured,
        entries=shown,
        retracted=len(every) - len(shown),
        playbooks=_playbooks(incident),
        promises=made,
        remarks=remarks(history, made, measured, policy),
        participants=participants(log, shown),
        status_bands=status_bands(history, until),
        severity_bands=severity_bands(history, until),
        followups=tuple(incident.followups.values()),
        feedback=heard(incident, policy),
        review=incident.review,
        quality=quality(incident),
        factors=incident.standing_factors,
        sections=incident.sections,
    )


def _heading(history: Sequence[Happening], incident: Incident) -> Heading:
    return Heading(
        incident=incident.id,
        title=incident.title,
        severity=incident.severity,
        worst=min(each.after.severity for each in history),
        status=incident.status,
        private=incident.private,
        drill=incident.drill,
        service=incident.service,
        reporter=incident.reporter,
        reporter_name=incident.reporter_name,
        declared_at=incident.milestones[Milestone.DECLARED],
        ended_at=incident.ended_at,
        outcome=_outcome(history),
        last_known=incident.update.known if incident.update else "",
        source=incident.source,
        channel=incident.channel,
        channel_name=incident.channel_name,
        log_length=incident.version,
        cards={name: card.ts for name, card in incident.cards.items() if card.channel == incident.channel},
    )


def _outcome(history: Sequence[Happening]) -> str:
    """The note of the resolution or cancellation that stands; closing adds nothing to it, reopening takes it back."""
    outcome = ""
    for each in history:
        if isinstance(each.event, happened.StatusChanged) and each.event.after is not Status.CLOSED:
            outcome = "" if each.after.is_active else each.event.note
    return outcome


def _newest(history: Sequence[Happening], shown: Sequence[Entry]) -> datetime:
    """The end of the response, else the newest entry: what people do long afterwards does not stretch the picture."""
    incident = history[-1].after
    last = max((entry.at for entry in shown), default=incident.declared_at)
    return max(incident.ended_at or last, incident.declared_at)


def _playbooks(incident: Incident) -> tuple[PlaybookUse, ...]:
    return tuple(
        PlaybookUse(
            playbook=attached.checklist.playbook,
            title=attached.checklist.title,
            revision=attached.checklist.revision,
            why=attached.checklist.why,
            steps=tuple(
                StepUse(step=step, progress=attached.progress.get(step.id, StepProgress()))
                for step in attached.checklist.steps
            ),
        )
        for attached in incident.playbooks.values()
    )
