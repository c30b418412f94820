"""The turns of phrase that several messages share, so that one thing is always said in one way."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import cast

from bot.incident import terms
from bot.incident.listing import Listing
from bot.incident.overtaking import SUMMARIES, missed_before
from bot.incident.policy import Policy
from bot.incident.state import Incident
from bot.incident.terms import DRILL, INCIDENT_COMMANDER, Role, UserId
from bot.slack.blocks.elements import CONTEXT_TEXT, MESSAGE_TEXT, SECTION_TEXT
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, channel, date_time, escape, fill, join, line, shorten, time, user

_TODAY = timedelta(hours=18)
"""Beyond this a time of day alone would be read as today's."""

_SURELY_TODAY = timedelta(hours=6)


def headline(named: Incident | Listing) -> Mrkdwn:
    """SEV1 · Investigating · INC-42; DRILL · SEV1 · Investigating · INC-42"""
    number = named.id if isinstance(named, Incident) else named.incident
    standing = (escape(named.severity), escape(named.status.capitalize()))
    return join(" · ", mark(named), *standing, escape(terms.reference(number)))


def mark(named: Incident | Listing) -> Mrkdwn:
    """The word without which nothing may speak of a drill; nothing for an incident."""
    return escape(DRILL) if named.drill else NOTHING


def marked(message: Message, incident: Incident | None) -> Message:
    """The message, which says in its first words that its incident is a drill, if it is one."""
    if incident is None or not incident.drill:
        return message
    return Message(text=_with_mark(message.text, MESSAGE_TEXT), blocks=_first_marked(message.blocks))


def _with_mark(rendered: str, most: int) -> str:
    """`rendered`: mrkdwn as it went into a message."""
    if _says_so(rendered):
        return rendered
    return shorten(join(" · ", escape(DRILL), cast("Mrkdwn", rendered)), most)


def _says_so(text: str) -> bool:
    """Most messages name their incident in the first line, and thus have the mark there."""
    return DRILL in text.partition("\n")[0]


def _first_marked(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """In the first block that has words: a section, else the first element of a context."""
    for at, block in enumerate(blocks):
        if (said := _block_with_mark(block)) is not None:
            return (*blocks[:at], said, *blocks[at + 1 :])
    return tuple(blocks)


def _block_with_mark(block: Block) -> Block | None:
    """None: it has no words to mark."""
    match block:
        case {"type": "section", "text": text}:
            return {**block, "text": {**text, "text": _with_mark(text["text"], SECTION_TEXT)}}
        case {"type": "context", "elements": [first, *rest]}:
            return {**block, "elements": [{**first, "text": _with_mark(first["text"], CONTEXT_TEXT)}, *rest]}
    return None


def reference(named: Incident | Listing) -> Mrkdwn:
    """INC-42; DRILL INC-42"""
    return escape(named.reference)


def title(incident: Incident, most: int = 300) -> Mrkdwn:
    return line(incident.title, most)


def place(incident: Incident) -> Mrkdwn:
    return channel(incident.channel) if incident.channel else Mrkdwn("a channel that is being opened")


def role_title(role: Role, policy: Policy) -> Mrkdwn:
    return line(role_name(role, policy), 75)


def role_name(role: Role, policy: Policy) -> str:
    """The role as people say it; a role that left the policy keeps the words of its key."""
    rule = policy.roles.get(role)
    return rule.title if rule else role.replace("_", " ")


def short_role(role: Role, policy: Policy) -> str:
    """The role where space is dear: the field's words without 'incident' and 'lead'."""
    return role_name(role, policy).removeprefix("incident ").removesuffix(" lead").capitalize()


def person(id: UserId | None) -> Mrkdwn:  # noqa: A002 - the field's word
    return user(id) if id else Mrkdwn("nobody")


def leads(incident: Incident) -> Mrkdwn:
    """<@ADA> leads, or that nobody does."""
    return fill("{who} leads", who=user(incident.commander)) if incident.commander else Mrkdwn("nobody leads yet")


def moment(then: datetime, at: datetime) -> Mrkdwn:
    """A time in the reader's zone, with its date unless it is near."""
    return time(then) if abs(at - then) < _TODAY else date_time(then)


def past(then: datetime, at: datetime) -> Mrkdwn:
    """A time that somebody typed without a day: beyond some hours it is said which day it was taken for."""
    return time(then) if abs(at - then) < _SURELY_TODAY else date_time(then)


def day(of: date) -> Mrkdwn:
    """A day of the calendar, which is the same in every zone."""
    return escape(f"{of.day} {of:%b %Y}")


def span(long: timedelta) -> str:
    """33 min, 2 h 5 min, 3 days: as exact as anybody needs."""
    minutes = max(0, int(long.total_seconds() // 60))
    hours, days = minutes // 60, minutes // 1440
    if days >= 2:
        return f"{days} days"
    if hours:
        return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
    return f"{minutes} min"


def next_update(incident: Incident, at: datetime) -> Mrkdwn:
    """Next update by 14:35; overdue said as such; nothing where none is promised."""
    due_at = incident.clock.due_at
    if due_at is None or not incident.is_active:
        return NOTHING
    if due_at < at:
        return fill("Update overdue since {then}", then=moment(due_at, at))
    return fill("Next update by {then}", then=moment(due_at, at))


def impact(incident: Incident) -> Mrkdwn:
    """The newest word on the impact: that of the last update, else that of the declaration; unknown said so."""
    newest = incident.update.impact if incident.update and incident.update.impact else incident.impact
    unknown = Mrkdwn("not known yet") if incident.is_active else Mrkdwn("not recorded")
    return line(newest, 400) if newest.strip() else unknown


def missed(incident: Incident, series: str, number: int) -> Mrkdwn:
    """How many of the series before this one could not be said because Slack was away; nothing where none was."""
    count = missed_before(incident, series, number)
    if count == 0:
        return NOTHING
    kind = "summary" if series == SUMMARIES else "reminder"
    many = {"summary": "summaries", "reminder": "reminders"}[kind]
    what = f"1 earlier {kind}" if count == 1 else f"{count} earlier {many}"
    return fill("{what} could not be posted here while Slack was out of reach.", what=escape(what))


def quoted(text: str, most: int = 200) -> Mrkdwn:
    return fill("“{text}”", text=line(text, most))


def sentence(text: Mrkdwn) -> Mrkdwn:
    """With a full stop, unless it ends as a sentence does."""
    return text if not text or text.endswith((".", "!", "?", "…", "。")) else fill("{text}.", text=text)


def is_led_by(incident: Incident, user_id: UserId) -> bool:
    return incident.holder(INCIDENT_COMMANDER) == user_id
