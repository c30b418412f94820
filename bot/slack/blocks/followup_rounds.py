"""The weekly messages of follow-ups: to a person all of theirs with their buttons, to a channel the digest."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.incident.followup_index import GOAL_PERCENT, Listed, Share
from bot.incident.listing import Listing
from bot.incident.themes import RisksThisWeek
from bot.incident.weekly import Digest, Weekly
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases
from bot.slack.blocks.followup_cards import brief_buttons, listed_line
from bot.slack.blocks.risk_register import returning_words
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, channel, escape, fill, join, line, lines

MOST_ITEMS: Final = 20
"""Each takes two blocks of the fifty that a message may have."""
MOST_IN_DIGEST: Final = 20
MOST_RETURNING: Final = 5


def weekly_message(told: Weekly, today: date) -> Message:
    """One message, however much there is; what does not fit is a press away."""
    head = _weekly_head(told, today)
    parts = [
        (NOTHING, told.own),
        (Mrkdwn("Overdue, and you sponsor them"), told.sponsored),
        (Mrkdwn("Their owner has left, and you sponsor them: give them to somebody"), told.orphaned),
        (Mrkdwn("Nobody owns these yet: take them, or give them to somebody"), told.unowned),
    ]
    blocks: list[Block] = [elements.section(head)]
    room = MOST_ITEMS
    for title, items in parts:
        shown = items[:room]
        room -= len(shown)
        blocks += [elements.section(bold(title))] if title and shown else []
        blocks += [block for item in shown for block in _with_buttons(item, today)]
    return elements.message(head, *blocks, *_rest(len(told.items) - MOST_ITEMS))


def _weekly_head(told: Weekly, today: date) -> Mrkdwn:
    overdue = sum(item.line.is_overdue(today) for item in told.own)
    own = fill("{n} to do{late}", n=_count(len(told.own)), late=_of_them(overdue)) if told.own else NOTHING
    sponsored = fill("{n} overdue that you sponsor", n=_count(len(told.sponsored))) if told.sponsored else NOTHING
    orphaned = fill("{n} whose owner has left", n=_count(len(told.orphaned))) if told.orphaned else NOTHING
    unowned = fill("{n} without an owner", n=_count(len(told.unowned))) if told.unowned else NOTHING
    return fill("Your follow-ups this week: {what}.", what=join(", ", own, sponsored, orphaned, unowned))


def _of_them(overdue: int) -> Mrkdwn:
    return fill(" ({n} overdue)", n=_count(overdue)) if overdue else NOTHING


def _with_buttons(item: Listed, today: date) -> list[Block]:
    return [elements.section(listed_line(item, today)), elements.actions(*brief_buttons(item))]


def _rest(count: int) -> list[Block]:
    if count <= 0:
        return []
    mine = elements.button("Show all of mine", action_ids.SHOW_FOLLOWUPS, pack(0, "mine", "", 1))
    return [elements.context(fill("{n} more.", n=_count(count))), elements.actions(mine)]


def digest_message(told: Digest, today: date) -> Message:
    """What the week is about in one line, then what has been overdue for long, what nobody owns, what nobody closes."""
    head = _digest_head(told)
    blocks = [
        elements.section(lines(bold(head), share_words(told.share))),
        *_named(Mrkdwn("Overdue for long; their sponsors know"), told.late, today),
        *_named(Mrkdwn("Nobody owns these, or their owner has left"), told.unowned, today),
        *_unclosed(told.unclosed),
        *_risks(told.risks),
        elements.actions(
            elements.button("Show overdue", action_ids.SHOW_FOLLOWUPS, pack(0, "overdue", "", 1), suffix="overdue"),
            elements.button("Show all", action_ids.SHOW_FOLLOWUPS, pack(0, "all", "", 1), suffix="all"),
        ),
    ]
    return elements.message(head, *blocks)


def _digest_head(told: Digest) -> Mrkdwn:
    head = fill("Follow-ups this week: {n} open, {late} overdue.", n=_count(told.open), late=_count(told.overdue))
    if not told.unclosed:
        return head
    count = "1 incident is" if len(told.unclosed) == 1 else f"{len(told.unclosed)} incidents are"
    return fill("{head} {count} resolved and not closed.", head=head, count=escape(count))


def _risks(risks: RisksThisWeek) -> list[Block]:
    """What returned, in most incidents first, and how many factors nobody does anything about."""
    if not risks.open and not risks.returning:
        return []
    shown = [returning_words(each) for each in risks.returning[:MOST_RETURNING]]
    head = [bold(Mrkdwn("What returns"))] if shown else []
    due = fill(", {n} accepted until a day that has come", n=_count(risks.due)) if risks.due else NOTHING
    parts = {"n": _count(risks.open), "m": _count(risks.unaddressed), "due": due}
    counted = fill("Contributing factors: {n} open, {m} without a follow-up{due}.", **parts)
    button = elements.button("Show risks", action_ids.SHOW_RISKS, pack(0))
    return [elements.section(lines(*head, *shown, counted)), elements.actions(button)]


def _unclosed(listings: Sequence[Listing]) -> list[Block]:
    """Whoever leads them was asked; here nobody is pinged once more."""
    if not listings:
        return []
    shown = [_unclosed_line(each) for each in listings[:MOST_IN_DIGEST]]
    rest = len(listings) - MOST_IN_DIGEST
    more = [elements.context(fill("{n} more.", n=_count(rest)))] if rest > 0 else []
    return [elements.section(lines(bold(Mrkdwn("Resolved, and nobody closes them")), *shown)), *more]


def _unclosed_line(listing: Listing) -> Mrkdwn:
    parts = {"inc": phrases.reference(listing), "title": line(listing.title, 150), "severity": escape(listing.severity)}
    since = phrases.day((listing.unclosed_since or listing.declared_at).date())
    place = channel(listing.channel) if listing.channel else NOTHING
    told = fill("{inc} {title} · {severity} · resolved {since}", since=since, **parts)
    return join(" · ", told, place)


def share_words(share: Share) -> Mrkdwn:
    """The figure never stands without what it was taken of."""
    if share.percent is None:
        return Mrkdwn("Closed within 90 days: no follow-up is 90 days old yet.")
    parts = {"percent": _count(share.percent), "n": _count(share.closed), "all": _count(share.sample)}
    goal = escape(str(GOAL_PERCENT))
    return fill("Closed within 90 days: {percent} % ({n} of {all}; goal {goal} %).", goal=goal, **parts)


def _named(title: Mrkdwn, items: Sequence[Listed], today: date) -> list[Block]:
    if not items:
        return []
    told = [elements.section(listed_line(item, today)) for item in items[:MOST_IN_DIGEST]]
    rest = len(items) - MOST_IN_DIGEST
    more = [elements.context(fill("{n} more.", n=_count(rest)))] if rest > 0 else []
    return [elements.section(bold(title)), *told, *more]


def _count(number: int) -> Mrkdwn:
    return escape(str(number))
