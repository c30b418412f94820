"""What `/incident` alone answers, and lists of incidents: an incident's control panel, the front door, the list."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from bot.incident.listing import Listing, may_see
from bot.incident.policy import Policy
from bot.incident.state import Incident
from bot.incident.terms import INCIDENT_COMMANDER, OPENING, Milestone, Status, UserId, reference
from bot.incident.terms import NO_INCIDENT as NOT_OF_ANY
from bot.ports import GivenUp
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases
from bot.slack.blocks.elements import Element
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, channel, code, escape, fill, join, line, lines, user

PAGE: Final = 10
NO_INCIDENT: Final = pack(0)


def control_panel(incident: Incident, policy: Policy, viewer: UserId, at: datetime) -> Message:
    """Everything that the viewer may press in this incident. Whether it is allowed is decided when pressed."""
    head = join(" · ", phrases.headline(incident), phrases.title(incident, 150))
    facts = join(
        " · ", phrases.leads(incident), phrases.next_update(incident, at), _own_roles(incident, policy, viewer)
    )
    top = elements.section(lines(bold(head), facts))
    if not incident.is_active:
        return elements.message(head, top, elements.actions(*_after_buttons(incident)))
    return elements.message(
        head,
        top,
        elements.actions(*_work_buttons(incident)),
        elements.actions(*_own_buttons(incident, viewer), *_reading_buttons(incident)),
        elements.actions(*_ending_buttons(incident)),
    )


def _own_roles(incident: Incident, policy: Policy, viewer: UserId) -> Mrkdwn:
    titles = [phrases.role_title(role, policy) for role in incident.roles_of(viewer)]
    return fill("you are {roles}", roles=join(", ", *titles)) if titles else NOTHING


def _work_buttons(incident: Incident) -> list[Element]:
    value = pack(incident.id)
    again = [retry_button(incident)] if OPENING in incident.failed_steps else []
    return [
        *again,
        elements.button("Post update", action_ids.POST_UPDATE, value, style="primary"),
        elements.button("Add to timeline", action_ids.ADD_NOTE, value),
        elements.button("Change status", action_ids.CHANGE_STATUS, value),
        elements.button("Change severity", action_ids.CHANGE_SEVERITY, value),
        elements.button("Assign roles", action_ids.ROLES, value),
    ]


def retry_button(incident: Incident) -> Element:
    """For an incident whose channel could not be opened."""
    return elements.button("Try the channel again", action_ids.RETRY_CHANNEL, pack(incident.id), style="primary")


def _own_buttons(incident: Incident, viewer: UserId) -> list[Element]:
    """Taking and giving up roles, as they concern this viewer."""
    value = pack(incident.id)
    held = incident.roles_of(viewer)
    buttons = []
    if not phrases.is_led_by(incident, viewer):
        buttons.append(elements.button("Take command", action_ids.TAKE_COMMAND, value))
    if Milestone.ACKNOWLEDGED not in incident.milestones:
        buttons.append(elements.button("Acknowledge", action_ids.ACKNOWLEDGE, value))
    for role in held[:3]:
        name = "Read my guide" if len(held) == 1 else f"Read the {role.replace('_', ' ')} guide"
        buttons.append(elements.button(name, action_ids.SHOW_GUIDE, pack(incident.id, role), suffix=role))
    return buttons


def _reading_buttons(incident: Incident) -> list[Element]:
    value = pack(incident.id)
    alerts = [elements.button("Show alerts", action_ids.SHOW_ALERTS, pack(incident.id, 1))]
    return [
        elements.button("Show timeline", action_ids.SHOW_TIMELINE, value),
        *(alerts if incident.alerts.members else []),
        elements.button("Show playbooks", action_ids.SHOW_PLAYBOOKS, value),
        elements.button("Show help", action_ids.SHOW_HELP, value),
    ]


def _ending_buttons(incident: Incident) -> list[Element]:
    value = pack(incident.id)
    return [
        elements.button("Change cadence", action_ids.SET_CADENCE, value),
        elements.button("Correct times", action_ids.CORRECT_TIMES, value),
        elements.button("Resolve incident", action_ids.RESOLVE, value),
        elements.button("Cancel incident", action_ids.CANCEL, value),
        elements.button("Workarounds", action_ids.WORKAROUNDS, value),
    ]


def _after_buttons(incident: Incident) -> list[Element]:
    value = pack(incident.id)
    review = [] if incident.drill else [elements.button("Show review", action_ids.SHOW_REVIEW, value)]
    close = [elements.button("Close incident", action_ids.CLOSE, value)] if incident.status is Status.RESOLVED else []
    return [
        elements.button("Reopen incident", action_ids.REOPEN, value),
        *close,
        elements.button("Add follow-up", action_ids.ADD_FOLLOWUP, value),
        elements.button("Show follow-ups", action_ids.SHOW_FOLLOWUPS, value),
        elements.button("Write postmortem", action_ids.SHOW_POSTMORTEM, value),
        *review,
        elements.button("Add factor", action_ids.ADD_FACTOR, value),
        elements.button("Add to timeline", action_ids.ADD_NOTE, value),
        elements.button("Show timeline", action_ids.SHOW_TIMELINE, value),
        elements.button("Correct times", action_ids.CORRECT_TIMES, value),
        elements.button("Workarounds", action_ids.WORKAROUNDS, value),
    ]


def front_door(
    listings: Sequence[Listing], viewer: UserId, policy: Policy, at: datetime, given_up: GivenUp | None = None
) -> Message:
    """What `/incident` says outside of an incident channel. Incidents that the viewer may not see are left out.

    `given_up`: for the workspace's admins, who can mend what keeps Muster from posting.
    """
    shown = seen_by(listings, viewer, policy)
    head = open_count(shown)
    blocks = door_blocks(shown, viewer, policy, at, most=PAGE)
    return elements.message(head, *blocks, *([elements.context(_undelivered(given_up, at))] if given_up else []))


def _undelivered(given_up: GivenUp, at: datetime) -> Mrkdwn:
    """Of private incidents too, so it names a number and nothing else of them."""
    what = "1 message" if given_up.count == 1 else f"{given_up.count} messages"
    return fill(
        "{what} could not be delivered. The newest: {inc}, {then}. {doctor} says more.",
        what=escape(what),
        inc=_about(given_up),
        then=phrases.moment(given_up.newest_at, at),
        doctor=code("muster doctor"),
    )


def _about(given_up: GivenUp) -> Mrkdwn:
    if given_up.newest_of == NOT_OF_ANY:
        return Mrkdwn("about no incident")
    return escape(reference(given_up.newest_of, drill=given_up.drill))


def door_blocks(shown: Sequence[Listing], viewer: UserId, policy: Policy, at: datetime, *, most: int) -> list[Block]:
    """Declare button, my roles, open incidents; for the front door and the Home tab alike."""
    blocks: list[Block] = [elements.section(open_count(shown)), elements.actions(*_door_buttons(policy))]
    mine = _mine(shown, viewer, policy)
    if mine:
        blocks += [elements.section(lines(bold(Mrkdwn("My roles")), *mine))]
    blocks += [listed(each, viewer, at) for each in active(shown)[:most]]
    rest = len(active(shown)) - most
    return [*blocks, elements.context(_rest(rest))] if rest > 0 else blocks


def _rest(count: int) -> Mrkdwn:
    return fill("{n} more: press Show all.", n=escape(str(count)))


def _door_buttons(policy: Policy) -> list[Element]:
    services = elements.button("Show services", action_ids.SHOW_SERVICES, pack(0, 1))
    return [
        elements.button("Declare incident", action_ids.DECLARE, NO_INCIDENT, style="primary"),
        elements.button("Show all", action_ids.SHOW_LIST, pack(0, 1)),
        elements.button("Search", action_ids.SEARCH, NO_INCIDENT),
        *([services] if policy.catalogue.services else []),
        elements.button("Show help", action_ids.SHOW_HELP, NO_INCIDENT),
    ]


def _mine(shown: Sequence[Listing], viewer: UserId, policy: Policy) -> list[Mrkdwn]:
    held = [(role, each) for each in active(shown) for role, holder in each.roles.items() if holder == viewer]
    return [
        fill("{role} of {inc}{in_place}", role=phrases.role_title(role, policy), **_named(each))
        for role, each in held[:10]
    ]


def _named(each: Listing) -> dict[str, Mrkdwn]:
    in_place = fill(" in {channel}", channel=channel(each.channel)) if each.channel else NOTHING
    return {"inc": phrases.reference(each), "in_place": in_place}


def active(listings: Iterable[Listing]) -> list[Listing]:
    """The open ones, the worst first and among equals the newest; drills after all that is real."""
    newest = sorted((each for each in listings if each.active), key=lambda each: each.declared_at, reverse=True)
    return sorted(newest, key=lambda each: (each.drill, each.severity))


def seen_by(listings: Iterable[Listing], viewer: UserId, policy: Policy) -> list[Listing]:
    return [each for each in listings if may_see(each, viewer, policy.rights.see_private)]


def open_count(shown: Iterable[Listing]) -> Mrkdwn:
    """Of incidents; drills are told apart and count for none."""
    open_now = active(shown)
    drills = sum(each.drill for each in open_now)
    return join(" ", _open_incidents(len(open_now) - drills), _open_drills(drills))


def _open_incidents(count: int) -> Mrkdwn:
    if count == 0:
        return Mrkdwn("No incident is open.")
    return fill(
        "{n} open.", n=Mrkdwn("1 incident is") if count == 1 else fill("{n} incidents are", n=escape(str(count)))
    )


def _open_drills(count: int) -> Mrkdwn:
    if count == 0:
        return NOTHING
    return Mrkdwn("1 drill is on.") if count == 1 else fill("{n} drills are on.", n=escape(str(count)))


def listed(each: Listing, viewer: UserId | None, at: datetime) -> Block:
    """One incident in two lines; with a Join button for whoever is not in its channel."""
    head = join(" · ", phrases.headline(each), bold(line(each.title, 150)))
    text = lines(head, join(" · ", _whereabouts(each), _declared(each, at), _next(each, at)))
    if viewer is None or viewer in each.members or not each.active or each.channel is None:
        return elements.section(text)
    join_it = elements.button("Join", action_ids.JOIN, pack(each.incident), suffix=str(each.incident))
    return elements.section(text, join_it)


def _whereabouts(each: Listing) -> Mrkdwn:
    commander = each.roles.get(INCIDENT_COMMANDER)
    leads = fill("{who} leads", who=user(commander)) if commander else Mrkdwn("nobody leads yet")
    private = Mrkdwn("private") if each.private else NOTHING
    return join(" · ", channel(each.channel) if each.channel else NOTHING, private, leads if each.active else NOTHING)


def _declared(each: Listing, at: datetime) -> Mrkdwn:
    return fill("declared {then}", then=phrases.moment(each.declared_at, at))


def _next(each: Listing, at: datetime) -> Mrkdwn:
    if each.next_update_at is None or not each.active:
        return NOTHING
    late = Mrkdwn("update overdue since") if each.next_update_at < at else Mrkdwn("next update by")
    return fill("{late} {then}", late=late, then=phrases.moment(each.next_update_at, at))


def incident_list(listings: Sequence[Listing], page: int, at: datetime, viewer: UserId | None = None) -> Message:
    """Ten a page, in the order given; page 1 is the first. The caller leaves out what may not be seen."""
    pages = max(1, -(-len(listings) // PAGE))
    number = min(max(page, 1), pages)
    if not listings:
        return elements.message(Mrkdwn("There is no incident to list."))
    paged = {"n": escape(str(number)), "all": escape(str(pages)), "count": escape(str(len(listings)))}
    paging = fill("page {n} of {all}", **paged) if pages > 1 else NOTHING
    head = join(", ", fill("Incidents: {count}", **paged), paging)
    part = listings[(number - 1) * PAGE : number * PAGE]
    blocks: list[Block] = [elements.context(head), *(listed(each, viewer, at) for each in part)]
    return elements.message(head, *blocks, *_turning(number, pages))


def _turning(number: int, pages: int) -> list[Block]:
    turns = [("Previous", number - 1), ("Next", number + 1)]
    buttons = [_page(text, page) for text, page in turns if 1 <= page <= pages]
    return [elements.actions(*buttons)] if buttons else []


def _page(text: str, page: int) -> Element:
    return elements.button(text, action_ids.SHOW_LIST, pack(0, page), suffix=str(page))
