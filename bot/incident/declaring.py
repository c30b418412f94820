"""Decisions: declaring an incident, and the name of its channel."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from bot.incident import events as happened
from bot.incident.alerting import opened_by
from bot.incident.commands import DeclareIncident
from bot.incident.events import Event
from bot.incident.policy import Policy, SeverityRule
from bot.incident.rights import require_able_to_hold, require_full_member
from bot.incident.terms import DRILL, INCIDENT_COMMANDER, IncidentId, Milestone, Rejected, Severity, Standing

LONGEST_TITLE: Final = 300
_UNWELCOME: Final = frozenset("\u200b\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Zero-width spaces, and Unicode's bidirectional embeddings, overrides and isolates (UAX 9, table 1 and 2)."""
LONGEST_TEXT: Final = 3000
"""What a Slack text input lets a person type."""
LONGEST_NAME: Final = 76
"""Slack allows 80 characters in a channel's name; four are kept for a suffix where the name is taken."""


def declare(number: IncidentId, command: DeclareIncident, policy: Policy, at: datetime) -> tuple[Event, ...]:
    """The first events of an incident. Raises Rejected."""
    require_full_member(command.by)
    title = _title(command.title)
    severity = command.severity or policy.default_severity
    rule = severity_rule(severity, policy)
    _refuse_the_future(command.impact_started_at, at)
    declared = happened.IncidentDeclared(
        at=at,
        by=command.by.id,
        incident=number,
        title=title,
        severity=severity,
        update_every=rule.update_every,
        summary_every=rule.summary_every,
        service=_service(command.service, policy),
        impact=command.impact.strip()[:LONGEST_TEXT],
        private=command.private,
        source=command.source,
        reporter_name=command.by.name,
        drill=command.drill,
        time_zone=command.by.time_zone,
    )
    alerts = opened_by(command.opening, severity, command.by.id, at) if command.opening else ()
    led_and_guided = (*_commander(command, policy, at), *_playbook(command, at))
    return (declared, *_moments(command, at), *led_and_guided, *alerts)


def _service(name: str, policy: Policy) -> str:
    """As the catalogue spells it, so that one service has one name in every log."""
    known = policy.catalogue.find(name)
    return known.name if known else " ".join(name.split())


def severity_rule(severity: Severity, policy: Policy) -> SeverityRule:
    """The policy's rule. Raises Rejected where the organisation does not use this severity."""
    if severity not in policy.severities:
        used = ", ".join(policy.severities)
        raise Rejected(f"{severity} is not used here. Use one of {used}.", field="severity")
    return policy.severities[severity]


def channel_name(number: IncidentId, title: str, *, drill: bool = False) -> str:
    """A name that Slack accepts: 'inc-42-checkout-500', 'inc-42-drill-checkout-500'.

    Titles of other scripts leave just the number.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    bare = f"inc-{number}-{DRILL.lower()}" if drill else f"inc-{number}"
    name = f"{bare}-{slug}" if slug else bare
    if len(name) <= LONGEST_NAME:
        return name
    whole_words = name[: LONGEST_NAME + 1].rpartition("-")[0]
    return whole_words if whole_words != bare else name[:LONGEST_NAME]


def _title(text: str) -> str:
    """One line, without what would turn or hide the text around it; joiners stay, for emoji and scripts need them."""
    title = one_line_title(text)
    if not is_readable(title):
        raise Rejected("An incident needs a title: say in a few words what is wrong.", field="title")
    if len(title) > LONGEST_TITLE:
        raise Rejected(
            f"That title has {len(title)} characters and at most {LONGEST_TITLE} fit. Details can go into a note.",
            field="title",
        )
    return title


def one_line_title(text: str) -> str:
    return " ".join("".join(letter for letter in text if letter.isspace() or not _is_unwelcome(letter)).split())


def _is_unwelcome(letter: str) -> bool:
    return letter in _UNWELCOME or unicodedata.category(letter) in {"Cc", "Cs"}


def is_readable(text: str) -> bool:
    """Whether anything of it can be seen."""
    return any(_is_visible(letter) for letter in text)


def _is_visible(letter: str) -> bool:
    """Letters that this Python does not know yet (category Cn) are taken for visible: new emoji, mostly."""
    return unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Mn", "Zs", "Zl", "Zp"}


def _refuse_the_future(started: datetime | None, at: datetime) -> None:
    if started and started > at:
        raise Rejected("The impact cannot have started in the future.", field="impact_started_at")


def _moments(command: DeclareIncident, at: datetime) -> Iterator[Event]:
    """When the impact began and when it was detected, where somebody or an alert says so."""
    opening = command.opening
    said = {Milestone.IMPACT_STARTED: command.impact_started_at}
    if opening and opening.detected_at:
        said[Milestone.DETECTED] = min(opening.detected_at, at)
    for milestone, then in said.items():
        if then:
            told_by = opening.told_by if opening else ""
            yield happened.MilestoneReached(
                at=at, by=command.by.id, milestone=milestone, happened_at=then, told_by=told_by
            )


def _commander(command: DeclareIncident, policy: Policy, at: datetime) -> tuple[Event, ...]:
    """Whoever was named commands; else the reporter by default, unless the policy says otherwise."""
    if command.commander:
        require_able_to_hold(command.commander, field="commander")
    elif not policy.reporter_commands or command.by.standing is Standing.MUSTER:
        return ()
    chosen = command.commander or command.by
    by_default = command.commander is None
    assigned = happened.RoleAssigned(
        at=at,
        by=command.by.id,
        role=INCIDENT_COMMANDER,
        holder=chosen.id,
        by_default=by_default,
        time_zone=chosen.time_zone,
    )
    if by_default:
        return (assigned,)
    taken = happened.MilestoneReached(at=at, by=command.by.id, milestone=Milestone.ACKNOWLEDGED, happened_at=at)
    return (assigned, taken)


def _playbook(command: DeclareIncident, at: datetime) -> tuple[Event, ...]:
    if command.checklist is None:
        return ()
    return (happened.PlaybookAttached(at=at, by=command.by.id, checklist=command.checklist),)
