"""One follow-up as people read it: its card, its line in lists, and the buttons that change it."""

from datetime import date, datetime
from typing import Final

from bot.incident.followup import (
    SETTLED,
    Followup,
    FollowupState,
    followup_reference,
    is_overdue,
)
from bot.incident.followup_events import FollowupAdded, FollowupChanged, FollowupMoved
from bot.incident.followup_index import FollowupLine, Listed
from bot.incident.state import Incident
from bot.incident.terms import IncidentId, UserId
from bot.incident.tracking import can_be_tracked
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases
from bot.slack.blocks.elements import Element
from bot.slack.message import Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, escape, fill, join, line, lines, link, user

_LABELS: Final = {FollowupState.DONE: Mrkdwn("Evidence"), FollowupState.WILL_NOT_DO: Mrkdwn("Why not")}


def followup_card(incident: Incident, number: int, today: date, *, tracker: str = "") -> Message:
    """All of a follow-up, with everything that can be done to it. `tracker`: what it could be kept in step with."""
    item = incident.followups[number]
    content = item.content
    head = fill("{ref} · {what}", ref=_reference(incident, item), what=line(content.what))
    body = lines(
        bold(head),
        join(" · ", _state(item), owner(content.owner), deadline(content.due_on, item.state, today)),
        _note(item),
        _said("How we shall know", content.metric),
        join(
            " · ",
            _sponsor("Product sponsor", content.product_sponsor),
            _sponsor("Reliability sponsor", content.reliability_sponsor),
        ),
        join(" · ", _word("Class", content.kind), _word("impact", content.impact), _word("effort", content.effort)),
        _from(item),
        tracked(item),
    )
    row = elements.actions(
        *buttons(incident.id, number, item.state, owned=content.owner is not None),
        *([_track(incident.id, number, tracker)] if can_be_tracked(incident, item, tracker) else []),
    )
    return elements.message(_headline(head, content.owner), elements.section(body), row)


def _headline(head: Mrkdwn, owned_by: UserId | None) -> Mrkdwn:
    return head if owned_by else fill("{head}: somebody has to own it", head=head)


def buttons(incident: IncidentId, number: int, state: FollowupState, *, owned: bool = True) -> list[Element]:
    """What may come next from this state; whether it is allowed is decided when pressed."""
    this, value, key = (incident, number), pack(incident, number), f"{incident}.{number}"
    if state in SETTLED:
        return [_moving("Open again", action_ids.MOVE_FOLLOWUP, this, FollowupState.OPEN, state)]
    start = _moving("Start", action_ids.MOVE_FOLLOWUP, this, FollowupState.IN_PROGRESS, state)
    return [
        *([] if owned else [_own(this)]),
        *([start] if state is not FollowupState.IN_PROGRESS else []),
        *_done_or_blocked(this, state),
        elements.button("Give to", action_ids.GIVE_FOLLOWUP, value, suffix=key),
        elements.button("Edit", action_ids.EDIT_FOLLOWUP, value, suffix=key),
        _moving("Will not do", action_ids.SETTLE_FOLLOWUP, this, FollowupState.WILL_NOT_DO, state),
    ]


def brief_buttons(item: Listed) -> list[Element]:
    """Those that are pressed most, where many open ones stand in one message; Show has the others."""
    each = item.line
    this = (each.incident, each.number)
    own = [] if each.owner else [_own(this)]
    return [*own, *_done_or_blocked(this, each.state), show_button(each.incident, each.number)]


def _track(incident: IncidentId, number: int, tracker: str) -> Element:
    key = f"{incident}.{number}"
    return elements.button(f"Track in {tracker}", action_ids.TRACK_FOLLOWUP, pack(incident, number), suffix=key)


def tracked(item: Followup) -> Mrkdwn:
    """Whether it is in the tracker, and where; empty where nobody wants it there."""
    issue = item.issue
    if issue is None:
        return NOTHING
    name = escape(issue.tracker)
    if issue.lost:
        return fill("No longer in step with {tracker}: {why}", tracker=name, why=line(issue.lost, 200))
    if not issue.key:
        return fill("Not yet in {tracker}", tracker=name)
    label = fill("{key} in {tracker} ↗", key=escape(issue.key), tracker=name)
    return link(issue.url, label) if issue.url.startswith(("https://", "http://")) else label


def _own(this: tuple[int, int]) -> Element:
    key = f"{this[0]}.{this[1]}"
    return elements.button("I own it", action_ids.OWN_FOLLOWUP, pack(*this), suffix=key, style="primary")


def _done_or_blocked(this: tuple[int, int], state: FollowupState) -> list[Element]:
    done = _moving("Done", action_ids.SETTLE_FOLLOWUP, this, FollowupState.DONE, state)
    blocked = _moving("Blocked", action_ids.SETTLE_FOLLOWUP, this, FollowupState.BLOCKED, state)
    return [done] if state is FollowupState.BLOCKED else [done, blocked]


def _moving(text: str, action: str, this: tuple[int, int], wanted: FollowupState, seen: FollowupState) -> Element:
    suffix = f"{this[0]}.{this[1]}.{wanted.name.lower()}"
    return elements.button(text, action, pack(*this, wanted, seen), suffix=suffix)


def listed_line(item: Listed, today: date) -> Mrkdwn:
    """In two lines: what it is, and how it stands."""
    each = item.line
    head = join(" · ", escape(item.reference), bold(line(each.what, 200)))
    words = join(" · ", _short_state(each.state), owner(each.owner), deadline(each.due_on, each.state, today))
    since = fill("added {day}", day=day(each.added_at.date()))
    waits = fill("waits for {who}", who=user(each.waits_for)) if each.waits_for else NOTHING
    blocked = waits if each.state is FollowupState.BLOCKED else NOTHING
    return lines(head, join(" · ", words, blocked, since, _listed_issue(each)))


def _listed_issue(each: FollowupLine) -> Mrkdwn:
    if each.issue:
        return escape(each.issue)
    return fill("not yet in {tracker}", tracker=escape(each.tracker)) if each.tracker else NOTHING


def show_button(incident: IncidentId, number: int) -> Element:
    key = f"{incident}.{number}"
    return elements.button("Show", action_ids.SHOW_FOLLOWUP, pack(incident, number), suffix=key)


def personal_followup(
    event: FollowupAdded | FollowupChanged | FollowupMoved, incident: Incident, at: datetime
) -> Message:
    """To its new owner, or to those who can help where it is blocked."""
    item = incident.followups[event.number]
    said = _blocked(event, incident) if isinstance(event, FollowupMoved) else _given(event, incident)
    what = join(" · ", bold(line(item.content.what)), deadline(item.content.due_on, item.state, at.date()))
    about = fill("{inc}: {title}", inc=phrases.reference(incident), title=phrases.title(incident, 150))
    row = buttons(incident.id, item.number, item.state, owned=item.content.owner is not None)
    return elements.message(said, elements.section(lines(said, what, about)), elements.actions(*row))


def _given(event: FollowupAdded | FollowupChanged, incident: Incident) -> Mrkdwn:
    ref = escape(followup_reference(incident.id, event.number, drill=incident.drill))
    return fill("The follow-up {ref} is yours now; {who} gave it to you.", ref=ref, who=user(event.by))


def _blocked(event: FollowupMoved, incident: Incident) -> Mrkdwn:
    ref = escape(followup_reference(incident.id, event.number, drill=incident.drill))
    parts = {"who": user(event.by), "ref": ref, "whom": _whom(event.waits_for), "note": _after_colon(event.note)}
    return phrases.sentence(fill("{who} says that {ref} is blocked and waits for {whom}{note}", **parts))


def moved(event: FollowupMoved) -> Mrkdwn:
    """F3 is done: https://…"""
    parts = {"n": escape(str(event.number)), "state": _words(event.after), "note": _after_colon(event.note)}
    return phrases.sentence(fill("F{n} {state}{note}", **parts))


def _words(state: FollowupState) -> Mrkdwn:
    return Mrkdwn("will not be done") if state is FollowupState.WILL_NOT_DO else fill("is {state}", state=escape(state))


def owner(who: UserId | None) -> Mrkdwn:
    return user(who) if who else Mrkdwn("nobody owns it yet")


def deadline(due_on: date | None, state: FollowupState, today: date) -> Mrkdwn:
    if due_on is None:
        return NOTHING
    if not is_overdue(due_on, state, today):
        return fill("due {day}", day=day(due_on))
    return fill("overdue since {day} ({n})", day=day(due_on), n=_days((today - due_on).days))


def day(on: date) -> Mrkdwn:
    """A day of the calendar is the same in every zone."""
    return escape(f"{on.day} {on:%b %Y}")


def _days(count: int) -> Mrkdwn:
    return Mrkdwn("1 day") if count == 1 else fill("{n} days", n=escape(str(count)))


def _reference(incident: Incident, item: Followup) -> Mrkdwn:
    return escape(followup_reference(incident.id, item.number, drill=incident.drill))


def _state(item: Followup) -> Mrkdwn:
    return escape(item.state.capitalize())


def _short_state(state: FollowupState) -> Mrkdwn:
    """Open is what every line of a list is unless it says otherwise."""
    return NOTHING if state is FollowupState.OPEN else escape(state)


def _note(item: Followup) -> Mrkdwn:
    if item.state is FollowupState.BLOCKED:
        return fill("Waits for {who}{note}", who=_whom(item.waits_for), note=_after_colon(item.note))
    if item.state not in _LABELS:
        return NOTHING
    return fill("{label}: {note}", label=_LABELS[item.state], note=line(item.note, 500))


def _whom(who: UserId | None) -> Mrkdwn:
    return user(who) if who else Mrkdwn("something")


def _after_colon(text: str) -> Mrkdwn:
    return fill(": {text}", text=line(text, 500)) if text.strip() else NOTHING


def _said(label: str, text: str) -> Mrkdwn:
    return fill("{label}: {text}", label=escape(label), text=line(text, 500)) if text.strip() else NOTHING


def _word(label: str, word: str | None) -> Mrkdwn:
    return fill("{label} {word}", label=escape(label), word=escape(word)) if word else NOTHING


def _sponsor(label: str, who: UserId | None) -> Mrkdwn:
    return fill("{label} {who}", label=escape(label), who=user(who)) if who else NOTHING


def _from(item: Followup) -> Mrkdwn:
    if not item.source:
        return NOTHING
    return link(item.link, Mrkdwn("From a message ↗")) if item.link.startswith("https://") else Mrkdwn("From a message")
