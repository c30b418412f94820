"""What goes over the API, in and out, as models: the OpenAPI document is made from them."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from bot.incident.declaring import LONGEST_TEXT, LONGEST_TITLE
from bot.incident.listing import Listing
from bot.incident.state import Incident, Update
from bot.incident.terms import Severity, Status

MOST_A_PAGE: Final = 200

_TEXT: Final = StringConstraints(strip_whitespace=True, max_length=LONGEST_TEXT)


def web_address(value: str) -> str:
    if value and (not value.startswith(("https://", "http://")) or any(letter.isspace() for letter in value)):
        raise ValueError("must be a web address, such as https://grafana.example/d/checkout")
    return value


class Said(BaseModel):
    """What a caller sends: a field that nobody knows is a mistake, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Told(BaseModel):
    """What we answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Declaration(Said):
    """What is wrong. `commander`: the Slack id of who leads; a private incident needs one, to be seen by somebody."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TITLE)]
    severity: Severity | None = None
    service: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""
    impact: Annotated[str, _TEXT] = ""
    impact_started_at: AwareDatetime | None = None
    link: Annotated[str, StringConstraints(max_length=2000), AfterValidator(web_address)] = ""
    commander: Annotated[str, StringConstraints(pattern=r"^[UW][A-Z0-9]{5,30}$")] | None = None
    private: bool = False
    drill: bool = False


class Question(Said):
    """Which incidents. `before`: only those with a lower number; `open`: only open ones, or only those that ended."""

    limit: Annotated[int, Field(ge=1, le=MOST_A_PAGE)] = 50
    before: Annotated[int, Field(ge=1, le=2**53)] | None = None
    open: bool | None = None
    severity: Severity | None = None
    status: Status | None = None
    drills: bool = False


class ListedIncident(Told):
    """One of a list. People and channels are Slack ids, times are UTC; `roles`: the role's key -> who holds it."""

    number: int
    reference: str
    title: str
    severity: Severity
    status: Status
    open: bool
    private: bool
    drill: bool
    reporter: str
    roles: dict[str, str]
    channel: str | None
    channel_name: str
    declared_at: datetime
    next_update_at: datetime | None
    url: str


class IncidentPage(Told):
    """Newest first. `next`: where the page after this one is; a page can be short, or empty, and still have a next."""

    incidents: list[ListedIncident]
    next: str | None


class StatusUpdate(Told):
    number: int
    at: datetime
    by: str
    known: str
    impact: str
    doing: str


class WholeIncident(ListedIncident):
    """As in the list, with what is known of it now. `milestones`: what happened when, as far as it is recorded."""

    service: str
    impact: str
    source: str
    outcome: str
    milestones: dict[str, datetime]
    ended_at: datetime | None
    update: StatusUpdate | None
    version: int


def in_list(listing: Listing) -> ListedIncident:
    return ListedIncident(
        number=listing.incident,
        reference=listing.reference,
        title=listing.title,
        severity=listing.severity,
        status=listing.status,
        open=listing.active,
        private=listing.private,
        drill=listing.drill,
        reporter=listing.reporter,
        roles={str(role): str(holder) for role, holder in listing.roles.items()},
        channel=listing.channel,
        channel_name=listing.channel_name,
        declared_at=listing.declared_at,
        next_update_at=listing.next_update_at,
        url=f"/api/incidents/{listing.incident}",
    )


def whole(incident: Incident, listing: Listing) -> WholeIncident:
    return WholeIncident(
        **in_list(listing).model_dump(),
        service=incident.service,
        impact=incident.impact,
        source=incident.source,
        outcome=incident.outcome,
        milestones={milestone.value: at for milestone, at in incident.milestones.items()},
        ended_at=incident.ended_at,
        update=_update(incident.update) if incident.update else None,
        version=incident.version,
    )


def _update(said: Update) -> StatusUpdate:
    return StatusUpdate(
        number=said.number, at=said.at, by=said.by, known=said.known, impact=said.impact, doing=said.doing
    )
