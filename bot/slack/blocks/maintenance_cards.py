"""Maintenance windows as people read them: that one has begun or is over, and all of them in a list."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.incident.maintenance import Planned, Quiet, Source, Window
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, escape, fill, join, line, lines, user

MOST_LISTED: Final = 20
MOST_QUIET: Final = 20


def begun(window: Window, at: datetime) -> Message:
    """For the channel of the service."""
    began = fill(
        "Maintenance of {services} has begun ({ref}), until {until}.",
        services=services(window.plan),
        ref=escape(window.reference),
        until=phrases.moment(window.plan.ends_at, at),
    )
    head = join(" ", began, _why(window.plan))
    rest = fill("Its alerts are recorded and call nobody meanwhile. {who}", who=_planned(window.plan))
    value = pack(0, window.reference)
    buttons = elements.actions(elements.button("End maintenance", action_ids.END_MAINTENANCE, value))
    return elements.message(head, elements.section(lines(head, rest)), buttons)


def over(window: Window, quiet: Quiet, at: datetime) -> Message:
    """With what it kept quiet, so that somebody can look whether all of that was expected."""
    by_whom = fill(", ended by {who}", who=user(window.ended_by)) if window.ended_by else NOTHING
    head = fill(
        "Maintenance of {services} is over ({ref}{by}).",
        services=services(window.plan),
        ref=escape(window.reference),
        by=by_whom,
    )
    return elements.message(head, elements.section(lines(head, *_quiet(quiet))))


def _quiet(quiet: Quiet) -> list[Mrkdwn]:
    if not quiet.count:
        return [Mrkdwn("No alert came while it lasted.")]
    many = "1 alert" if quiet.count == 1 else f"{quiet.count} alerts"
    told = fill("While it lasted {n} called nobody:", n=escape(many))
    shown = [_alert(alert.title, alert.service, times) for alert, times in quiet.alerts[:MOST_QUIET]]
    rest = len(quiet.alerts) - len(shown)
    more = [fill("• {n} more kinds", n=escape(str(rest)))] if rest > 0 else []
    others = [fill("• {n} others, which are not listed", n=escape(str(quiet.more)))] if quiet.more else []
    return [told, *shown, *more, *others]


def _alert(title: str, service: str, times: int) -> Mrkdwn:
    often = fill(" ({n} times)", n=escape(str(times))) if times > 1 else NOTHING
    return fill("• {service}: {title}{often}", service=line(service, 75), title=line(title, 150), often=often)


def covered(window: Window, service: str, at: datetime) -> Mrkdwn:
    """Checkout is in maintenance until 16:00 (M3): new disks. …"""
    until = fill(
        "{service} is in maintenance until {until} ({ref}).",
        service=line(service, 75),
        until=phrases.moment(window.plan.ends_at, at),
        ref=escape(window.reference),
    )
    return join(" ", until, _why(window.plan), _planned(window.plan), Mrkdwn("Its alerts call nobody meanwhile."))


def services(plan: Planned) -> Mrkdwn:
    return join(", ", *(line(each, 75) for each in plan.services))


def _why(plan: Planned) -> Mrkdwn:
    return fill("Why: {why}", why=phrases.sentence(line(plan.why, 300))) if plan.why else NOTHING


def _planned(plan: Planned) -> Mrkdwn:
    if plan.source is Source.SLACK:
        return fill("Planned by {who}.", who=user(plan.by))
    return fill("Planned {where}.", where=escape(plan.source))


def planned(window: Window, at: datetime) -> Message:
    """To whoever planned it."""
    when = "has begun" if window.plan.begins_at <= at else "is planned"
    return elements.message(
        fill(
            "Maintenance of {services} {when} ({ref}): {span}.",
            services=services(window.plan),
            when=escape(when),
            ref=escape(window.reference),
            span=_span(window.plan, at),
        )
    )


def ended(window: Window) -> Message:
    """To whoever ended it."""
    parts = {"services": services(window.plan), "ref": escape(window.reference)}
    if window.ended_at is not None and window.ended_at < window.plan.begins_at:
        return elements.message(fill("The maintenance of {services} that was planned is cancelled ({ref}).", **parts))
    return elements.message(fill("Maintenance of {services} has ended ({ref}).", **parts))


def _span(plan: Planned, at: datetime) -> Mrkdwn:
    return fill("{begin} to {end}", begin=phrases.moment(plan.begins_at, at), end=phrases.moment(plan.ends_at, at))


def window_list(windows: Sequence[Window], coming: Sequence[Planned], at: datetime) -> Message:
    """Those under way, then those to come, then those that are just over."""
    under_way = [each for each in windows if each.is_under_way(at)]
    later = [each for each in windows if each.ended_at is None and each.plan.begins_at > at]
    past = [each for each in windows if each not in under_way and each not in later]
    head = fill(
        "Maintenance: {now} under way, {later} planned.",
        now=escape(str(len(under_way))),
        later=escape(str(len(later) + len(coming))),
    )
    plan_one = elements.actions(
        elements.button("Plan maintenance", action_ids.PLAN_MAINTENANCE, pack(0), style="primary"),
    )
    blocks: list[Block] = [elements.section(head), plan_one]
    for label, those in (("Under way", under_way), ("Planned", later), ("Just over", past)):
        if those:
            blocks += [elements.context(escape(label)), *(_line(each, at) for each in those[:MOST_LISTED])]
    if coming:
        shown = lines(*(_coming(each, at) for each in coming[:MOST_LISTED]))
        blocks += [elements.context(Mrkdwn("Planned in files, the next two weeks")), elements.section(shown)]
    return elements.message(head, *blocks)


def _line(window: Window, at: datetime) -> Block:
    named = join(" · ", escape(window.reference), bold(services(window.plan)), _span(window.plan, at))
    ended_by = fill("Ended by {who}.", who=user(window.ended_by)) if window.ended_by else NOTHING
    text = lines(named, join(" ", _why(window.plan), _planned(window.plan), ended_by))
    if window.ended_at is not None:
        return elements.section(text)
    value = pack(0, window.reference)
    return elements.section(text, elements.button("End", action_ids.END_MAINTENANCE, value, suffix=window.reference))


def _coming(plan: Planned, at: datetime) -> Mrkdwn:
    return join(" · ", bold(services(plan)), _span(plan, at), line(plan.why, 150), escape(plan.source))
