"""The organisation's rules as data: severities, roles, cadences, emoji, rights.

Values only; they are read from playbooks/policy.yaml by bot/playbook/policy_file.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta

from bot.incident.alert_policy import AlertPolicy
from bot.incident.catalogue import LEAST, Catalogue, spoken
from bot.incident.closure import ReviewDuty
from bot.incident.issue import Tracking
from bot.incident.signal_listener import Listener
from bot.incident.terms import (
    COMMUNICATIONS_LEAD,
    INCIDENT_COMMANDER,
    OPERATIONS_LEAD,
    SCRIBE,
    EntryKind,
    GroupId,
    Role,
    Severity,
    UserId,
)
from bot.incident.watchdog import Watchdog
from bot.incident.working_hours import WorkingHours


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityRule:
    """One severity: its rubric as people read it, how often an update is due, who is always invited.

    `update_every` None: no reminders. `summary_every`: how often Muster itself posts a summary for
    stakeholders to the announcement channel, None: never. `review`: what closing asks of the review, which is due
    `review_within` after the incident was resolved. `tiers`: of services, whose failure suggests this severity.
    `review_invites`: the functions that are invited to its review, unless somebody decides otherwise.
    """

    rubric: str
    update_every: timedelta | None
    summary_every: timedelta | None = None
    invite: tuple[UserId, ...] = ()
    review: ReviewDuty = ReviewDuty.WAIVABLE
    review_within: timedelta = timedelta(hours=72)
    tiers: tuple[int, ...] = ()
    review_invites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRule:
    """One role: its name as people read it, its purpose in a sentence, the first things to do."""

    title: str
    purpose: str = ""
    first_steps: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """How an unanswered update reminder climbs: to the commander, then to the announcement channel."""

    commander_after: timedelta = timedelta(minutes=5)
    announcement_after: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Who, besides the members of the incident's channel, may do what."""

    resolve: frozenset[UserId] = frozenset()
    cancel: frozenset[UserId] = frozenset()
    see_private: frozenset[UserId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingRule:
    """When somebody is asked about a resolved incident that nobody closes, and about a workaround that has expired."""

    ask_after: timedelta = timedelta(days=3)
    ask_again_after: timedelta = timedelta(days=7)
    working_hours: WorkingHours = field(default_factory=WorkingHours)


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeRule:
    """How long a freeze of deploys lasts unless it is said, and how long before its end it is told that it ends."""

    lasts: timedelta = timedelta(hours=24)
    remind_before: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionRule:
    """Who stands for a function that is invited to reviews."""

    people: tuple[UserId, ...] = ()
    groups: tuple[GroupId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRule:
    """`facilitators`: who leads reviews, by turns. `functions`: who can be invited by what they do, by name.

    `sponsors`: who is told of a required review that is overdue, `climbs_after` the commander was; and where
    `announce_overdue`, the digest channel.
    """

    facilitators: tuple[UserId, ...] = ()
    functions: Mapping[str, FunctionRule] = field(default_factory=dict)
    sponsors: tuple[UserId, ...] = ()
    climbs_after: timedelta = timedelta(days=1)
    announce_overdue: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowupRule:
    """When follow-ups are asked after: once a week, on `weekday` (0 is Monday) at `at`, in each owner's own zone.

    The digest goes by `time_zone`, an IANA name. What has been overdue for `digest_after` stands in it: until then
    its sponsors can act. `tracker`: which are kept in step with the tracker, where there is one.
    """

    weekday: int = 0
    at: time = time(9)
    time_zone: str = "UTC"
    digest_after: timedelta = timedelta(days=7)
    tracker: Tracking = Tracking.ON_REQUEST


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackRule:
    """When those who took part are asked how it went: so long `after` the resolution; None: never.

    `anonymous`: neither the log nor anything made of it names who answered, and answers are shown `shown_from` at a
    time. `drills`: people are asked after these, too.
    """

    after: timedelta | None = timedelta(days=1)
    anonymous: bool = True
    shown_from: int = 3
    drills: bool = False


DEFAULT_SEVERITIES: Mapping[Severity, SeverityRule] = {
    Severity.SEV1: SeverityRule(
        rubric="A core service is down or data is at risk for many customers.",
        update_every=timedelta(minutes=30),
        review=ReviewDuty.REQUIRED,
        review_within=timedelta(hours=48),
        tiers=(1,),
    ),
    Severity.SEV2: SeverityRule(
        rubric="A core service is badly degraded, or down for some customers.",
        update_every=timedelta(minutes=60),
        review=ReviewDuty.REQUIRED,
        tiers=(2,),
    ),
    Severity.SEV3: SeverityRule(
        rubric="A minor service is degraded; customers have a way around it.",
        update_every=timedelta(hours=4),
        tiers=(3, LEAST),
    ),
}

DEFAULT_ROLES: Mapping[Role, RoleRule] = {
    INCIDENT_COMMANDER: RoleRule(
        title="incident commander", purpose="Leads the response and decides.", aliases=("commander", "ic")
    ),
    COMMUNICATIONS_LEAD: RoleRule(
        title="communications lead",
        purpose="Keeps everyone outside informed.",
        aliases=("communications", "comms"),
    ),
    OPERATIONS_LEAD: RoleRule(
        title="operations lead", purpose="Directs the hands-on work.", aliases=("operations", "ops")
    ),
    SCRIBE: RoleRule(title="scribe", purpose="Keeps the record."),
}

DEFAULT_EMOJI: Mapping[str, EntryKind] = {
    "pushpin": EntryKind.ENTRY,
    "scales": EntryKind.DECISION,
    "bulb": EntryKind.HYPOTHESIS,
    "no_entry_sign": EntryKind.RULED_OUT,
    "mag": EntryKind.EVIDENCE,
    "boom": EntryKind.CUSTOMER_IMPACT,
    "memo": EntryKind.ACTION_ITEM,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Everything that an organisation decides for itself. `Policy()` is what holds without a file.

    `catalogue`: the services, from services.yaml. `services`: further names offered as "what is affected", and who
    else is invited when one of them, or of the catalogue, is.
    `teams`: names by which the follow-ups of their people are listed.
    `reporter_commands`: the reporter leads until somebody else does.
    `tick`: the emoji that the bot adds to a message it has logged; empty: none.
    `snooze`: how long "Snooze" and the button wait by default.
    `watchdogs`: alerts that must never fall silent.
    `maintenance_calendar`: an iCalendar file of the playbook folder; empty: none.
    `tracker`: the tracker of follow-ups by its name ('GitHub'); empty: there is none. It comes from the settings.
    `listeners`: the targets outside that are told of events. They come from the settings, too.
    `contacts_stale_after`: how long ago a contact of the catalogue may have been checked.
    """

    severities: Mapping[Severity, SeverityRule] = field(default_factory=lambda: DEFAULT_SEVERITIES)
    default_severity: Severity = Severity.SEV2
    roles: Mapping[Role, RoleRule] = field(default_factory=lambda: DEFAULT_ROLES)
    emoji: Mapping[str, EntryKind] = field(default_factory=lambda: DEFAULT_EMOJI)
    services: Mapping[str, tuple[UserId, ...]] = field(default_factory=dict)
    teams: Mapping[str, tuple[UserId, ...]] = field(default_factory=dict)
    escalation: Escalation = Escalation()
    rights: Rights = Rights()
    closing: ClosingRule = ClosingRule()
    followups: FollowupRule = FollowupRule()
    review: ReviewRule = ReviewRule()
    alerts: AlertPolicy = field(default_factory=AlertPolicy)
    watchdogs: tuple[Watchdog, ...] = ()
    feedback: FeedbackRule = FeedbackRule()
    freezes: FreezeRule = FreezeRule()
    reporter_commands: bool = True
    tick: str = "white_check_mark"
    snooze: timedelta = timedelta(minutes=10)
    tracker: str = ""
    listeners: tuple[Listener, ...] = ()
    catalogue: Catalogue = field(default_factory=Catalogue)
    contacts_stale_after: timedelta = timedelta(days=180)
    maintenance_calendar: str = ""

    def also_invited_for(self, service: str) -> tuple[UserId, ...]:
        """Whom `services` names for it, however that spells it."""
        named = (users for name, users in self.services.items() if spoken(name) == spoken(service))
        return next(named, ()) if service else ()

    def suggested_for(self, tier: int | None) -> Severity | None:
        """The severity that the rubric suggests where a service of this tier fails; None: it suggests none."""
        return next((severity for severity, rule in self.severities.items() if tier in rule.tiers), None)

    @property
    def offered_services(self) -> tuple[str, ...]:
        """Names for "what is affected": the catalogue's by their tiers, then those that only the policy has."""
        others = (name for name in self.services if self.catalogue.find(name) is None)
        return (*self.catalogue.services, *others)
