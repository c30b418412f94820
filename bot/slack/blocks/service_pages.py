"""What `/incident service` shows: one service with what hangs on it, and the list of all, by their tiers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.incident.catalogue import Catalogue, Link, Reached, Service, Slo
from bot.incident.freeze import Freeze
from bot.incident.listing import Listing
from bot.incident.maintenance import Window
from bot.incident.policy import Policy
from bot.incident.terms import UserId
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases, service_words
from bot.slack.blocks.elements import Element
from bot.slack.blocks.freeze_cards import freeze_button, frozen
from bot.slack.blocks.maintenance_cards import covered
from bot.slack.blocks.panels import listed
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, escape, fill, join, line, lines, user

PAGE: Final = 15
MOST_REACHED: Final = 20
MOST_INCIDENTS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceView:
    """A service, and what is known around it. `incidents`: those that the viewer may see, open ones first.

    `playbook`: title and reason of the one that fits; `titles`: of all playbooks, by id. `window`:
    the maintenance that it is in. `freeze`: that of its deploys.
    """

    service: Service
    policy: Policy
    viewer: UserId
    at: datetime
    incidents: Sequence[Listing]
    playbook: tuple[str, str] | None
    titles: Mapping[str, str]
    window: Window | None = None
    freeze: Freeze | None = None


def service_page(view: ServiceView) -> Message:
    service = view.service
    head = join(" · ", bold(line(service.name, 75)), service_words.tier(service))
    text = join(" · ", line(service.name, 75), service_words.tier(service))
    return elements.message(
        text,
        elements.section(lines(head, line(service.about), *_answering(view), *_map(service, view.policy.catalogue))),
        *_rows(*_state(view), *_reading(view)),
        elements.actions(*_buttons(view)),
        *_incidents(view),
    )


def _state(view: ServiceView) -> list[Mrkdwn]:
    """What holds for it at this moment."""
    name = view.service.name
    in_maintenance = covered(view.window, name, view.at) if view.window else NOTHING
    return [in_maintenance, frozen(view.freeze, [name], view.at) if view.freeze else NOTHING]


def _rows(*rows: Mrkdwn) -> list[Block]:
    shown = lines(*rows)
    return [elements.section(shown)] if shown else []


def _answering(view: ServiceView) -> list[Mrkdwn]:
    service, teams = view.service, view.policy.teams
    people = join(", ", *(user(each) for each in teams.get(service.owner.team, ())[:20]))
    owner = join(" ", service_words.party(service.owner), fill("({people})", people=people) if people else NOTHING)
    nobody = Mrkdwn("nobody yet")
    return [
        fill("Owner   {who}", who=owner or nobody),
        fill("On call   {who}", who=service_words.party(service.on_call) or nobody),
        _named("Channels", [service_words.place(each) for each in service.channels]),
        service_words.suggestion(service.name, view.policy),
    ]


def _map(service: Service, catalogue: Catalogue) -> list[Mrkdwn]:
    """What it needs and what needs it, the nearest first: what breaks it, and whom it takes along."""
    needs, needed_by = catalogue.needs(service.name), catalogue.needed_by(service.name)
    alone = NOTHING if needed_by else Mrkdwn("Nothing in the catalogue needs it.")
    return [_reached("Needs", needs), _reached("Needed by", needed_by), alone]


def _reached(label: str, found: Sequence[Reached]) -> Mrkdwn:
    near = [line(each.name, 75) for each in found if each.steps == 1]
    far = [fill("{name} (over {by})", name=line(each.name, 75), by=line(each.by, 75)) for each in found[len(near) :]]
    shown = [*near, *far][:MOST_REACHED]
    rest = len(found) - len(shown)
    more = [fill("{n} more", n=escape(str(rest)))] if rest > 0 else []
    return _named(label, [*shown, *more])


def _named(label: str, values: Sequence[Mrkdwn]) -> Mrkdwn:
    return fill("{label}   {values}", label=escape(label), values=join(", ", *values)) if values else NOTHING


def _reading(view: ServiceView) -> list[Mrkdwn]:
    service = view.service
    contacts = [
        fill("{who}: {how} (checked {day})", who=line(each.who), how=line(each.how), day=phrases.day(each.checked))
        for each in service.contacts
    ]
    return [
        *(_slo(each) for each in service.slos),
        _named("Dashboards", [service_words.address(each) for each in service.dashboards]),
        _named("Runbooks", [_runbook(each, view) for each in service.runbooks]),
        _playbook(view),
        *(_named("Contact", [each]) for each in contacts),
    ]


def _slo(slo: Slo) -> Mrkdwn:
    """SLO   99.9 % of checkouts that succeed, within 30 days"""
    parts = {"n": escape(f"{slo.objective:g}"), "of": line(slo.of), "days": escape(str(slo.window.days))}
    return fill("SLO   {n} % of {of}, within {days} days", **parts)


def _runbook(runbook: str | Link, view: ServiceView) -> Mrkdwn:
    if isinstance(runbook, Link):
        return service_words.address(runbook)
    return line(view.titles.get(runbook, runbook), 75)


def _playbook(view: ServiceView) -> Mrkdwn:
    if view.playbook is None:
        return NOTHING
    title, why = view.playbook
    return fill("Playbook   {title}: {why}", title=line(title, 150), why=line(why))


def _buttons(view: ServiceView) -> list[Element]:
    service, lasts = view.service, view.policy.freezes.lasts
    value = pack(0, service.name)
    freeze = [] if view.freeze else [freeze_button([service.name], value, lasts)]
    return [
        elements.button(f"Declare for {service.name}", action_ids.DECLARE_FOR, value, style="primary"),
        elements.button("Plan maintenance", action_ids.PLAN_MAINTENANCE, value),
        *freeze,
        elements.button("Show services", action_ids.SHOW_SERVICES, pack(0, 1)),
    ]


def _incidents(view: ServiceView) -> list[Block]:
    """Of all of them only what the viewer may see, and no count that would tell of others."""
    open_ones = [each for each in view.incidents if each.active]
    ended = [each for each in view.incidents if not each.active][:MOST_INCIDENTS]
    if not view.incidents:
        return [elements.context(Mrkdwn("No incident on it that you can see."))]
    blocks: list[Block] = []
    for label, those in (("Open", open_ones[:MOST_INCIDENTS]), ("Recent", ended)):
        if those:
            blocks += [elements.context(escape(label)), *(listed(each, view.viewer, view.at) for each in those)]
    return blocks


def services_page(policy: Policy, page: int) -> Message:
    """Fifteen a page, by tier; page 1 is the first."""
    services = list(policy.catalogue.services.values())
    if not services:
        return elements.message(Mrkdwn("There are no services yet: describe them in services.yaml."))
    pages = -(-len(services) // PAGE)
    number = min(max(page, 1), pages)
    paged = {"count": escape(str(len(services))), "n": escape(str(number)), "all": escape(str(pages))}
    head = fill("Services: {count}, page {n} of {all}" if pages > 1 else "Services: {count}", **paged)
    shown = [_line(each) for each in services[(number - 1) * PAGE : number * PAGE]]
    return elements.message(head, elements.context(head), *shown, *_turning(number, pages))


def _line(service: Service) -> Block:
    named = join(" · ", bold(line(service.name, 75)), service_words.tier(service), service_words.party(service.owner))
    show = elements.button("Show", action_ids.SHOW_SERVICE, pack(0, service.name), suffix=service.name)
    return elements.section(lines(named, line(service.about, 150)), show)


def _turning(number: int, pages: int) -> list[Block]:
    turns = [("Previous", number - 1), ("Next", number + 1)]
    buttons = [
        elements.button(text, action_ids.SHOW_SERVICES, pack(0, page), suffix=str(page))
        for text, page in turns
        if 1 <= page <= pages
    ]
    return [elements.actions(*buttons)] if buttons else []
