"""What can be looked at: one function a page. Nothing here changes an incident."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.incident.alert_quality import newest_weeks
from bot.incident.catalogue import Catalogue
from bot.incident.listing import Listing, may_see
from bot.incident.rights import require_full_member
from bot.incident.search_words import words_of
from bot.incident.state import Incident
from bot.incident.terms import ChannelId, IncidentId, Person, Rejected, Role
from bot.incident.timeline import entries
from bot.slack.access import incident_of, readable
from bot.slack.asked import Look, Page
from bot.slack.blocks import answers, cards, hits, modals, panels, phrases
from bot.slack.blocks.alert_page import MOST_DECISIONS, alert_page, decisions_page
from bot.slack.blocks.factor_cards import factor_list
from bot.slack.blocks.feedback_cards import feedback_page
from bot.slack.blocks.freeze_cards import freeze_list
from bot.slack.blocks.guides import guide
from bot.slack.blocks.maintenance_cards import window_list
from bot.slack.blocks.postmortem_panel import postmortem_panel
from bot.slack.blocks.proposal_cards import waiting_hint
from bot.slack.blocks.quality_cards import WEEKS_SHOWN, quality_page
from bot.slack.blocks.review_panel import review_panel
from bot.slack.blocks.service_pages import ServiceView, service_page, services_page
from bot.slack.blocks.service_words import suggested
from bot.slack.blocks.timeline_page import timeline
from bot.slack.lessons import lessons_for
from bot.slack.listening import Desk
from bot.slack.message import Message
from bot.slack.own_answer import own_answer
from bot.slack.risks_page import show_risks
from bot.slack.verbs import nearest_verb, usages, verb_named

MOST_WORDS_SEARCHED: Final = 24
MOST_ON_A_SERVICE: Final = 20
"""Incidents, of which a page shows some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewing:
    """Who looks, from where, at which incident (None: the one of this channel, if it has one)."""

    by: Person
    channel: ChannelId | None = None
    incident: IncidentId | None = None


async def look(desk: Desk, wanted: Look, viewing: Viewing) -> Message:
    """Raises Rejected and Unavailable."""
    require_full_member(viewing.by)
    return await _PAGES[wanted.page](desk, wanted, viewing)


async def number_of(desk: Desk, viewing: Viewing) -> IncidentId:
    """Raises Rejected where none is named and the channel is no incident's."""
    if viewing.incident is not None:
        return viewing.incident
    if viewing.channel is None:
        raise Rejected("Name the incident, as in INC-42.", verb="list")
    return await incident_of(desk, viewing.channel)


async def _incident(desk: Desk, viewing: Viewing) -> Incident:
    return await readable(desk, await number_of(desk, viewing), viewing.by)


async def here_or_none(desk: Desk, viewing: Viewing) -> IncidentId | None:
    """The incident that was named, else that of the channel, if it has one."""
    if viewing.incident is not None or viewing.channel is None:
        return viewing.incident
    return await desk.door.log.incident_of(viewing.channel)


async def _panel(desk: Desk, wanted: Look, viewing: Viewing) -> Message:
    here = await here_or_none(desk, viewing)
    if here is None:
        listings = await _listings(desk, viewing.by, ended=False)
        given_up = await desk.letters.given_up() if viewing.by.admin else None
        door = panels.front_door(listings, viewing.by.id, desk.door.policy, desk.clock.now(), given_up)
        hint = waiting_hint(len(await desk.proposals.waiting()), desk.command)
        return answers.with_more(door, [hint]) if hint else door
    incident = await readable(desk, here, viewing.by)
    return panels.control_panel(incident, desk.door.policy, viewing.by.id, desk.clock.now())


async def _summary(desk: Desk, wanted: Look, viewing: Viewing) -> Message:
    incident = await _incident(desk, viewing)
    freezes = await desk.freezes.of(incident)
    return cards.summary_card(incident, desk.door.policy, desk.clock.now(), freezes=freezes)


async def _timeline(desk: Desk, wanted: Look, viewing: Viewing) -> Message:
    incident = await _incident(desk, viewing)
    history = await desk.door.history(incident.id)
    return timeline(entries(history), wanted.number, incident, policy=desk.door.policy)


async def _list(desk: Desk, wanted: Look, viewing: Viewing) -> Message:
    listings = await _listings(desk, viewing.by, ended=wanted.ended)
    if not listings and not wanted.ended:
        return panels.front_door(listings, viewing.by.id, desk.door.policy, desk.clock.now())
    return panels.incident_list(listings, wanted.number or 1, desk.clock.now(), viewing.by.id)


async def _listings(desk: Desk, by: Person, *, ended: bool) -> list[Listing]:
    """Open ones first, so that the pages of both lists begin alike, and drills after what is real; what may not be
    seen is left out."""
    every = await desk.door.log.listings(active=not ended)
    seen = [each for each in every if may_see(each, by.id, desk.door.policy.rights.see_private)]
    return sorted(seen, key=lambda each: (not each.active, each.drill))


async def _search(desk: Desk, wanted: Look, viewing: Viewing) -> Message:
    """Each incident is asked for whether it may be seen, by its newest listing, before anything is told or counted."""
    words = dict(list(words_of(wanted.words).items())[:MOST_WORDS_SEARCHED])
    if not words:
        raise Rejected(
            "Write what to look for, in words that tell it apart, as in “search replica failover”.",
            verb="search",
            field=modals.WORDS,
        )
    see_private, at = desk.door.policy.rights.see_private, desk.clock.now()
    found = await desk.archive.search(
        words,
        drills=wanted.drills,
        may_see=lambda each: may_see(each, viewing.by.id, see_private),
        at=at,
        page=wanted.number or 1,
        page_size=hits.PAGE,
    )
    return hits.findings(found, desk.command, at)


async def _playbooks(desk: Desk, wanted: Look, viewing: Viewing) -> Message:
    """Readable anywhere; with buttons where there is an incident to attach them to."""
    here = await here_or_none(desk, viewing)
    incident = None if here is None else await readable(desk, here, viewing.by)
    return answers.playbook_list(desk.shelf.titles(), incident)


async def _postmortem(desk: Desk, wanted: Look, viewing: Viewing) -> Message:
    incident = await _incident(desk, viewing)
    learnt = await lessons_for(desk, incident, viewing.by)
    return postmortem_panel(incident, desk.door.policy, desk.clock.now(), learnt)


async def _feedback(desk: Desk, wanted: Look, viewing: Viewing) -> Message:
    incident = await _incident(desk, viewing)
    mine = await own_answer(desk, incident, viewing.by.id)
    return feedback_page(incident, desk.door.policy, desk.clock.now(), mine)


async def _alerts(desk: Desk, wanted: Look, viewing: Viewing) -> Message:
    """Those of the incident; elsewhere what was decided about any, which only public incidents have a part in."""
    here = await here_or_none(desk, viewing)
    if not here:
        decisions, waiting = await desk.alerts.decisions(MOST_DECISIONS), await desk.proposals.waiting()
        return decisions_page(decisions, waiting, wanted.number or 1, desk.clock.now())
    return alert_page(await readable(desk, here, viewing.by), wanted.number, desk.clock.now())


async def _alert_quality(desk: Desk, wanted: Look, viewing: Viewing) -> Message:
    """Of the running week and the one before. It tells of no incident, so everybody sees the same."""
    at = desk.clock.now()
    return quality_page(await desk.alert_quality.weeks(newest_weeks(at, WEEKS_SHOWN)), wanted.number or 1)


async def _review(desk: Desk, wanted: Look, viewing: Viewing) -> Message:
    incident = await _incident(desk, viewing)
    learnt = await lessons_for(desk, incident, viewing.by)
    return review_panel(incident, desk.door.policy, desk.clock.now(), desk.mailing(), learnt=learnt)


async def _service(desk: Desk, wanted: Look, viewing: Viewing) -> Message:
    """Its incidents are asked for whether they may be seen, by their newest listings, before anything is told."""
    policy = desk.door.policy
    service = policy.catalogue.find(wanted.words)
    if service is None:
        raise Rejected(_no_service(wanted.words, policy.catalogue), verb="service")
    names = (service.name, *service.aliases)
    view = ServiceView(
        service=service,
        policy=policy,
        viewer=viewing.by.id,
        at=desk.clock.now(),
        incidents=await desk.archive.of_service(
            names,
            may_see=lambda each: may_see(each, viewing.by.id, policy.rights.see_private),
            most=MOST_ON_A_SERVICE,
        ),
        playbook=desk.shelf.for_service(names, suggested(service.name, policy) or policy.default_severity),
        titles={playbook: title for playbook, title, _ in desk.shelf.titles()},
        window=await desk.maintenance.covering([service.name]),
        freeze=await desk.freezes.covering([service.name]),
    )
    return service_page(view)


def _no_service(name: str, catalogue: Catalogue) -> str:
    near = ", ".join(catalogue.nearest(name))
    return f"“{name[:75]}” is no service that I know.{f' Did you mean {near}?' if near else ''}"


async def _services(desk: Desk, wanted: Look, viewing: Viewing) -> Message:
    return services_page(desk.door.policy, wanted.number or 1)


async def _factors(desk: Desk, wanted: Look, viewing: Viewing) -> Message:
    incident = await _incident(desk, viewing)
    return phrases.marked(factor_list(incident, wanted.number or 1), incident)


async def _maintenance(desk: Desk, wanted: Look, viewing: Viewing) -> Message:
    return window_list(await desk.maintenance.windows(), await desk.maintenance.coming(), desk.clock.now())


async def _freezes(desk: Desk, wanted: Look, viewing: Viewing) -> Message:
    return freeze_list(await desk.freezes.freezes(), desk.clock.now())


async def _risks(desk: Desk, wanted: Look, viewing: Viewing) -> Message:
    return await show_risks(desk, wanted, viewing.by)


async def _help(desk: Desk, wanted: Look, viewing: Viewing) -> Message:
    """The whole list; `help freeze`: of it what is about that verb."""
    if verb := verb_named(wanted.words):
        return answers.help_of(desk.command, verb.usage, verb.does, verb.aliases)
    if guess := nearest_verb(wanted.words):
        return answers.did_you_mean(wanted.words, guess)
    return answers.help_text(desk.command, usages())


async def role_guide(desk: Desk, role: Role, by: Person) -> Message:
    """A role's guide, or what the policy says of the role. Raises Rejected for a role there is none of."""
    require_full_member(by)
    found = desk.shelf.guide(role)
    if found is not None:
        return guide(*found)
    rule = desk.door.policy.roles.get(role)
    if rule is None:
        raise Rejected("That role is not in the policy any more.", verb="help")
    return guide(rule)


_PAGES: Final[Mapping[Page, Callable[[Desk, Look, Viewing], Awaitable[Message]]]] = {
    Page.PANEL: _panel,
    Page.INCIDENT: _summary,
    Page.TIMELINE: _timeline,
    Page.LIST: _list,
    Page.PLAYBOOKS: _playbooks,
    Page.HELP: _help,
    Page.SEARCH: _search,
    Page.POSTMORTEM: _postmortem,
    Page.ALERTS: _alerts,
    Page.ALERT_QUALITY: _alert_quality,
    Page.FEEDBACK: _feedback,
    Page.REVIEW: _review,
    Page.SERVICE: _service,
    Page.SERVICES: _services,
    Page.MAINTENANCE: _maintenance,
    Page.FREEZES: _freezes,
    Page.FACTORS: _factors,
    Page.RISKS: _risks,
}
