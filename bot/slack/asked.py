"""What a slash command asks for, once it is read: a command of the incident, something to see, or a form."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.incident.commands import Command
from bot.incident.review_sections import ReviewSection
from bot.incident.terms import IncidentId, Role, UserId


class Page(StrEnum):
    """What can be looked at."""

    PANEL = "panel"
    INCIDENT = "incident"
    TIMELINE = "timeline"
    LIST = "list"
    PLAYBOOKS = "playbooks"
    HELP = "help"
    SEARCH = "search"
    POSTMORTEM = "postmortem"
    ALERTS = "alerts"
    ALERT_QUALITY = "alert quality"
    FEEDBACK = "feedback"
    REVIEW = "review"
    SERVICE = "service"
    SERVICES = "services"
    MAINTENANCE = "maintenance"
    FREEZES = "freezes"
    FACTORS = "factors"
    RISKS = "risks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """`number` counts pages from 1; None: the page that is most useful. `ended`: those that are over too, and of risks
    those that are accepted.

    `words`: what is searched for, or the name of what is shown; `drills`: among drills, which are found nowhere else.
    """

    page: Page
    number: int | None = None
    ended: bool = False
    words: str = ""
    drills: bool = False


class Whose(StrEnum):
    """Which follow-ups; HERE: those of one incident."""

    HERE = "here"
    MINE = "mine"
    PERSON = "person"
    TEAM = "team"
    OVERDUE = "overdue"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Followups:
    """A list of follow-ups. `whose` None: those of the incident whose channel this is, else one's own."""

    whose: Whose | None = None
    who: UserId | None = None
    team: str = ""
    number: int = 1
    incident: IncidentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowFollowup:
    """One follow-up, by its number within the incident."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFollowup:
    """A new follow-up in words; `owner` is still to be looked up."""

    what: str
    owner: UserId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteFactor:
    """The form of a new contributing factor, with these words in it."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowFactor:
    """One contributing factor, by its number within the incident."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMaintenance:
    """A maintenance window. `begins_at` None: now."""

    services: tuple[str, ...]
    length: timedelta
    begins_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndMaintenance:
    """`which`: a window's number (M3), or a service that it covers."""

    which: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeDeploys:
    """A deploy freeze from now on. `lasts` None: as long as the policy says."""

    services: tuple[str, ...]
    lasts: timedelta | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendFreeze:
    """`which`: a freeze's number (F3), or a service of it. `lasts` as above, from now on."""

    which: str
    lasts: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndFreeze:
    """`which` as above."""

    which: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteAcceptance:
    """The form by which the risk of a contributing factor is accepted for a while."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenForm:
    """`modal` is a callback id of action_ids. `drill`: the declare form, with that box ticked."""

    modal: str
    drill: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignTo:
    """A role for somebody whose standing is still to be looked up."""

    role: Role
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWorkaround:
    """A workaround whose owner is still to be looked up."""

    what: str
    owner: UserId
    expires_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachNamed:
    """A playbook by the name that was typed."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteAbout:
    """The form of a section of the postmortem."""

    section: ReviewSection


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownVerb:
    """`guess`: the verb that was probably meant, empty where none is near."""

    word: str
    guess: str


Asked = (
    Command
    | Look
    | Followups
    | ShowFollowup
    | NoteFollowup
    | WriteFactor
    | ShowFactor
    | PlanMaintenance
    | EndMaintenance
    | FreezeDeploys
    | ExtendFreeze
    | EndFreeze
    | WriteAcceptance
    | OpenForm
    | AssignTo
    | ListWorkaround
    | AttachNamed
    | WriteAbout
    | UnknownVerb
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`incident`: the one that was named; None: the one of this channel."""

    asked: Asked
    incident: IncidentId | None = None
