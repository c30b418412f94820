"""That monitoring may be dead, as people read it: since when, what that means, whom it calls when it climbs."""

from datetime import datetime, timedelta

from bot.incident.policy import Policy
from bot.incident.watchdog import Watchdog
from bot.incident.watchdog_effects import TellBlind, TellSeeing
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases, service_words
from bot.slack.message import Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, escape, fill, join, line, lines


def blind(told: TellBlind, policy: Policy, at: datetime) -> Message:
    """We may be blind: prometheus, last heard at 14:05 (7 min ago). … Once it has climbed: we may still be blind."""
    rule = next((each for each in policy.watchdogs if each.name == told.watchdog), None)
    blind = Mrkdwn("We may still be blind") if told.climbed else Mrkdwn("We may be blind")
    head = fill("{blind}: {name}, {last}.", blind=blind, name=line(told.watchdog, 75), last=_last(told.last_at, at))
    means = Mrkdwn("While it is silent, no alert may reach us: look at the monitoring itself, and at what it watches.")
    calls = _called(rule, policy) if told.climbed else NOTHING
    buttons = elements.actions(elements.button("Declare incident", action_ids.DECLARE, pack(0), style="primary"))
    return elements.message(head, elements.section(lines(head, join(" ", _expected(rule), means), calls)), buttons)


def _last(last_at: datetime | None, at: datetime) -> Mrkdwn:
    if last_at is None:
        return Mrkdwn("never heard yet")
    return fill("last heard at {then} ({ago} ago)", then=phrases.moment(last_at, at), ago=_ago(at - last_at))


def _ago(span: timedelta) -> Mrkdwn:
    return escape(phrases.span(span))


def _expected(rule: Watchdog | None) -> Mrkdwn:
    if rule is None:
        return NOTHING
    return fill("A signal is expected at least every {span}.", span=_ago(rule.silent_after))


def _called(rule: Watchdog | None, policy: Policy) -> Mrkdwn:
    """Whoever answers for what is watched; it has climbed, so a mention may ring."""
    service = policy.catalogue.find(rule.service) if rule else None
    if service is None:
        return NOTHING
    who = service_words.called([service], policy)
    return fill("{who}: {service} is yours.", who=who, service=line(service.name, 75)) if who else NOTHING


def seeing(told: TellSeeing, at: datetime) -> Message:
    """Prometheus is heard again …, after 23 min. What happened meanwhile may not have been told."""
    name, heard = line(told.watchdog, 75), phrases.moment(told.heard_at, at)
    if told.last_at is None:
        return elements.message(fill("{name} is heard for the first time, at {heard}.", name=name, heard=heard))
    long = _ago(told.heard_at - told.last_at)
    back = fill("{name} is heard again, since {heard}, after {long} of silence.", name=name, heard=heard, long=long)
    return elements.message(join(" ", back, Mrkdwn("What happened meanwhile may not have been told.")))
