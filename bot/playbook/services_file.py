"""The text of services.yaml -> Catalogue. Pure: it is given the text and reads nothing.

What a name in it refers to (a team, a playbook, another service) is looked up by `muster check`, not here: a reference
that leads nowhere must not keep anybody from declaring.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, ValidationError

from bot.incident.catalogue import Catalogue, Contact, Link, Party, Service, Slo, drawn_up, spoken
from bot.incident.maintenance import LONGEST, Planned, Source
from bot.incident.terms import GroupId, UserId
from bot.playbook import fields
from bot.playbook.problems import Findings, did_you_mean
from bot.playbook.service_tiers import Tier
from bot.playbook.yaml_lines import Located, read_yaml

LARGEST_FILE: Final = 256 * 1024
"""Bytes."""
MOST_SERVICES: Final = 500

_USER = re.compile(r"[UW][A-Z0-9]{5,}")
_GROUP = re.compile(r"S[A-Z0-9]{5,}")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{5,}|#[^\s#A-Z]{1,80}")
_ADDRESS = re.compile(r"https?://[^\s|<>]{1,1000}")
_PER_CENT = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)\s*%?", re.ASCII)
_DAYS = re.compile(r"(\d{1,3})\s*(?:d|days?)", re.ASCII | re.IGNORECASE)


def _owner(value: object) -> Party:
    """One of: a person, a user group, a team of policy.yaml."""
    name = fields.text(value)
    if _USER.fullmatch(name) or _GROUP.fullmatch(name):
        return _party([name])
    if not fields.is_slug(name):
        raise ValueError(f"{name[:60]} is no owner; name a team of policy.yaml, or copy a Slack id (U…, W…, S…)")
    return Party(team=name)


def _party(value: object) -> Party:
    """Slack ids of people and user groups; what is neither is words, such as where the rota is kept."""
    names = [fields.text(each) for each in (value if isinstance(value, list) else [value])]
    words = [each for each in names if not (_USER.fullmatch(each) or _GROUP.fullmatch(each))]
    if sum(map(len, words)) > 500 or len(names) > 100:
        raise ValueError("is longer than 100 people and 500 characters")
    return Party(
        users=tuple(UserId(each) for each in names if _USER.fullmatch(each)),
        groups=tuple(GroupId(each) for each in names if _GROUP.fullmatch(each)),
        words=", ".join(words),
    )


def _channel(value: object) -> str:
    name = fields.text(value)
    if _CHANNEL.fullmatch(name) is None:
        raise ValueError(f'{name[:60]} is no channel; write its id (C…) or its name in quotes, such as "#checkout"')
    return name


def _link(value: object) -> Link:
    """An address, or a title for one: `Checkout overview: https://…`."""
    title, address = next(iter(value.items())) if isinstance(value, dict) and len(value) == 1 else ("", value)
    if not isinstance(address, str) or _ADDRESS.fullmatch(address) is None:
        raise ValueError(f"{str(address)[:60]} is no address; write one that begins with https://")
    return Link(url=address, title=str(title)[:75])


def _links(value: object) -> list[object]:
    """A block of titles and addresses is a list of them."""
    if isinstance(value, dict):
        return [{title: address} for title, address in value.items()]
    return value if isinstance(value, list) else [value]


def _runbook(value: object) -> str | Link:
    if isinstance(value, str) and fields.is_slug(value):
        return value
    return _link(value)


def _objective(value: object) -> float:
    found = _PER_CENT.fullmatch(str(value))
    if isinstance(value, bool) or found is None or not 0 < float(found[1]) < 100:
        raise ValueError(f"{str(value)[:60]} is no objective; write per cent, such as 99.9%")
    return float(found[1])


def _window(value: object) -> timedelta:
    found = _DAYS.fullmatch(str(value))
    if found is None or not int(found[1]):
        raise ValueError(f"{str(value)[:60]} is no window; write days, such as 30d")
    return timedelta(days=int(found[1]))


def _moment(value: object) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError(f"{str(value)[:60]} is no moment with its zone; write one such as 2026-12-01T22:00:00+01:00")
    return value.astimezone(UTC)


_Name = Annotated[str, StringConstraints(min_length=1, max_length=75), BeforeValidator(fields.text)]
_Party = Annotated[Any, BeforeValidator(_party)]
_Links = Annotated[tuple[Annotated[Any, BeforeValidator(_link)], ...], Field(max_length=20), BeforeValidator(_links)]


class SloFields(fields.Fields):
    of: fields.Text
    objective: Annotated[float, BeforeValidator(_objective)]
    window: Annotated[timedelta, BeforeValidator(_window)]


class ContactFields(fields.Fields):
    who: fields.Text
    how: fields.Text
    checked: fields.Day


class ServiceFields(fields.Fields):
    aliases: Annotated[tuple[_Name, ...], Field(max_length=20), BeforeValidator(fields.listed)] = ()
    about: fields.Text | None = None
    owner: Annotated[Any, BeforeValidator(_owner)] = Party()
    on_call: _Party = Party()
    tier: Tier | None = None
    depends_on: Annotated[tuple[_Name, ...], Field(max_length=100), BeforeValidator(fields.listed)] = ()
    channels: Annotated[
        tuple[Annotated[str, BeforeValidator(_channel)], ...], Field(max_length=20), BeforeValidator(fields.listed)
    ] = ()
    dashboards: _Links = ()
    runbooks: Annotated[
        tuple[Annotated[Any, BeforeValidator(_runbook)], ...], Field(max_length=20), BeforeValidator(_links)
    ] = ()
    slos: Annotated[tuple[SloFields, ...], Field(max_length=20)] = ()
    contacts: Annotated[tuple[ContactFields, ...], Field(max_length=20)] = ()


class WindowFields(fields.Fields):
    """A maintenance window that is known beforehand; those that come again stand in a calendar."""

    services: Annotated[tuple[_Name, ...], Field(min_length=1, max_length=20), BeforeValidator(fields.listed)]
    begins: Annotated[datetime, BeforeValidator(_moment)]
    ends: Annotated[datetime, BeforeValidator(_moment)]
    why: fields.Text | None = None


class CatalogueFields(fields.Fields):
    maintenance: Annotated[tuple[WindowFields, ...], Field(max_length=200)] = ()
    services: Annotated[dict[_Name, ServiceFields], Field(max_length=MOST_SERVICES)] = Field(default_factory=dict)


_BLOCKS: Final[tuple[type[BaseModel], ...]] = (
    CatalogueFields,
    WindowFields,
    ServiceFields,
    SloFields,
    ContactFields,
)
_KNOWN: Final = frozenset(name for block in _BLOCKS for name in block.model_fields)


def parse_services(text: str, *, source: str = "services.yaml") -> tuple[Catalogue, tuple[Planned, ...]]:
    """The services, and the maintenance windows that are known beforehand. `source`: the file as its author knows it.

    Raises LibraryProblems, nothing else.
    """
    findings = Findings(source)
    if len(text.encode(errors="replace")) > LARGEST_FILE:
        findings.add(f"is larger than {LARGEST_FILE // 1024} KiB")
    findings.stop_if_any()
    located = located_services(text, source=source)
    try:
        written = CatalogueFields.model_validate(located.data)
    except ValidationError as error:
        fields.report(error, located, findings, _KNOWN)
        raise findings.as_error() from None
    _refuse_namesakes(written.services, located, findings)
    catalogue = drawn_up(_service(name, each) for name, each in written.services.items())
    planned = tuple(_planned(at, each, catalogue, located, findings) for at, each in enumerate(written.maintenance))
    findings.stop_if_any()
    return catalogue, planned


def _planned(at: int, written: WindowFields, catalogue: Catalogue, located: Located, findings: Findings) -> Planned:
    """A window of a service that there is not would leave its alerts loud, so that is a mistake."""
    line, field = located.line_of(("maintenance", at)), "maintenance"
    if not timedelta(0) < written.ends - written.begins <= LONGEST:
        findings.add("is not between a minute and 7 days long", line=line, field=field)
    for name in written.services:
        if catalogue.find(name) is None:
            findings.add(f"{name} is no service{did_you_mean(name, catalogue.services)}", line=line, field=field)
    known = [catalogue.find(name) for name in written.services]
    services = tuple(dict.fromkeys(each.name for each in known if each))
    return Planned(
        key=f"file:{','.join(services)}:{written.begins.isoformat()}",
        services=services,
        begins_at=written.begins,
        ends_at=written.ends,
        why=written.why or "",
        source=Source.CATALOGUE,
    )


def located_services(text: str, *, source: str) -> Located:
    """The file with the line of each field. Raises LibraryProblems."""
    return read_yaml(text.removeprefix("\ufeff"), file=source)


def _service(name: str, written: ServiceFields) -> Service:
    return Service(
        name=name,
        aliases=written.aliases,
        about=written.about or "",
        owner=written.owner,
        on_call=written.on_call,
        tier=written.tier,
        depends_on=written.depends_on,
        channels=written.channels,
        dashboards=written.dashboards,
        runbooks=written.runbooks,
        slos=tuple(Slo(**dict(each)) for each in written.slos),
        contacts=tuple(Contact(**dict(each)) for each in written.contacts),
    )


def _refuse_namesakes(services: Mapping[str, ServiceFields], located: Located, findings: Findings) -> None:
    """'Check-out' and 'check out' would be one to whoever types them."""
    first: dict[str, str] = {}
    for service, written in services.items():
        for name, place in ((service, "name"), *((alias, "aliases") for alias in written.aliases)):
            other = first.setdefault(spoken(name), service)
            if other != service or not spoken(name):
                said = f"`{name}` already names {other}" if spoken(name) else f"`{name}` is no name"
                line = located.line_of(("services", service, place))
                findings.add(said, line=line, field=f"services.{service}")
