"""Deploy freezes as people read them: that one began, ends soon or is over, and all of them in a list."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.incident.freeze import Freeze
from bot.incident.freeze_suggestion import frozen_by, to_freeze, unheeded
from bot.incident.policy import FreezeRule, Policy
from bot.incident.state import Incident
from bot.incident.terms import reference
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases
from bot.slack.blocks.elements import Element
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, escape, fill, join, line, lines, user

MOST_LISTED: Final = 20
MOST_SUGGESTED: Final = 3
HOW: Final = Mrkdwn("To freeze deploys: `freeze checkout 24h why`; pipelines ask `GET /api/freezes`.")


def begun(freeze: Freeze, at: datetime) -> Message:
    """For the channel of the service."""
    head = fill(
        "Deploys of {services} are frozen until {until} ({ref}).{why}",
        services=services(freeze),
        until=phrases.moment(freeze.until, at),
        ref=escape(freeze.reference),
        why=_why(freeze),
    )
    rest = join(" ", _frozen_by(freeze), Mrkdwn("Deploy nothing of it meanwhile, unless it mends what is broken."))
    return elements.message(head, elements.section(lines(head, rest)), elements.actions(_end(freeze)))


def prolonged(freeze: Freeze, at: datetime) -> Message:
    parts = {"services": services(freeze), "ref": escape(freeze.reference)}
    until = phrases.moment(freeze.until, at)
    text = fill("Deploys of {services} stay frozen until {until} ({ref}).", until=until, **parts)
    return elements.message(text, elements.section(text), elements.actions(_end(freeze)))


def ends_soon(freeze: Freeze, rule: FreezeRule, at: datetime) -> Message:
    """Asked of who froze it; whoever reads it may answer."""
    head = fill(
        "{who}, the freeze of {services} ends at {until} by itself ({ref}).",
        who=user(freeze.by),
        services=services(freeze),
        until=phrases.moment(freeze.until, at),
        ref=escape(freeze.reference),
    )
    buttons = elements.actions(_extend(freeze, rule.lasts), _end(freeze))
    return elements.message(head, elements.section(lines(head, _because(freeze))), buttons)


def over(freeze: Freeze, at: datetime) -> Message:
    by = fill(", ended by {who}", who=user(freeze.ended_by)) if freeze.ended_by else NOTHING
    long = escape(phrases.span(freeze.ends_at - freeze.since))
    parts = {"services": services(freeze), "ref": escape(freeze.reference), "long": long}
    return elements.message(fill("{services} may be deployed again after {long} ({ref}{by}).", by=by, **parts))


def frozen(freeze: Freeze, names: Iterable[str], at: datetime) -> Mrkdwn:
    """Deploys of checkout are frozen by Ada since 14:02, until 14:02 tomorrow (F3): why."""
    return fill(
        "Deploys of {services} are frozen by {who} since {since}, until {until} ({ref}).{why}",
        services=_names(names),
        who=user(freeze.by),
        since=phrases.moment(freeze.since, at),
        until=phrases.moment(freeze.until, at),
        ref=escape(freeze.reference),
        why=_why(freeze),
    )


def standing(freeze: Freeze, at: datetime) -> Message:
    """To whoever began it, or wanted to."""
    how = fill("To end it: `freeze end {ref}`.", ref=escape(freeze.reference))
    text = join(" ", frozen(freeze, freeze.services, at), how)
    return elements.message(text, elements.section(text), elements.actions(_end(freeze)))


def ended(freeze: Freeze) -> Message:
    """To whoever ended it."""
    parts = {"services": services(freeze), "ref": escape(freeze.reference)}
    return elements.message(fill("The freeze of {services} has ended ({ref}).", **parts))


def services(freeze: Freeze) -> Mrkdwn:
    return _names(freeze.services)


def _names(names: Iterable[str]) -> Mrkdwn:
    return join(", ", *(line(each, 75) for each in names))


def freeze_list(freezes: Sequence[Freeze], at: datetime) -> Message:
    """Those that hold, then those that are over since a week at most, the newest first."""
    holding = [each for each in freezes if each.holds(at)]
    past = sorted((each for each in freezes if not each.holds(at)), key=lambda each: each.ends_at, reverse=True)
    count = escape(str(len(holding)))
    head = fill("Deploy freezes: {n} now.", n=count) if holding else Mrkdwn("No deploys are frozen.")
    blocks: list[Block] = [elements.section(lines(head, HOW))]
    blocks += [_line(each, at) for each in holding[:MOST_LISTED]]
    if past:
        shown = lines(*(_past(each, at) for each in past[:MOST_LISTED]))
        blocks += [elements.context(Mrkdwn("Over, the last week")), elements.section(shown)]
    return elements.message(head, *blocks)


def freeze_button(
    names: Sequence[str],
    value: str,
    lasts: timedelta | None = None,
    *,
    action: str = action_ids.FREEZE_DEPLOYS,
    suffix: str = "",
) -> Element:
    """At once, after one question; `value` as of the action."""
    named = f"{', '.join(names)}{f', for {phrases.span(lasts)}' if lasts else ''}"
    return elements.asking_first(
        elements.button("Freeze deploys", action, value, suffix=suffix),
        title="Freeze deploys?",
        text=f"{named}: its channel is told, and so are pipelines that ask. You can end it at any time.",
        yes="Freeze deploys",
    )


def incident_lines(incident: Incident, freezes: Sequence[Freeze], policy: Policy, at: datetime) -> list[Mrkdwn]:
    """On the card of an incident: what is frozen of its services."""
    found = frozen_by(incident, freezes, policy, at)
    return [frozen(freeze, names, at) for freeze, names in found.items()]


def suggestions(incident: Incident, freezes: Sequence[Freeze], policy: Policy, at: datetime) -> list[Block]:
    """What its alerts suggest to freeze and is not frozen, with the button that does it where it can be done."""
    texts = dict.fromkeys(each.suggest or "Freeze deploys." for each in unheeded(incident, freezes, policy, at))
    if not texts or not incident.is_active:
        return []
    told = lines(*(fill("Suggested   {what}", what=line(each, 300)) for each in list(texts)[:MOST_SUGGESTED]))
    names = to_freeze(incident, freezes, policy, at)
    button = freeze_button(names, pack(incident.id), policy.freezes.lasts) if names else None
    return [elements.section(told, button)]


def _line(freeze: Freeze, at: datetime) -> Block:
    span = fill("until {until}", until=phrases.moment(freeze.until, at))
    named = join(" · ", escape(freeze.reference), bold(services(freeze)), span)
    text = lines(named, join(" ", _because(freeze), _frozen_by(freeze)))
    return elements.section(text, _end(freeze))


def _past(freeze: Freeze, at: datetime) -> Mrkdwn:
    span = {"since": phrases.moment(freeze.since, at), "end": phrases.moment(freeze.ends_at, at)}
    by = fill("ended by {who}", who=user(freeze.ended_by)) if freeze.ended_by else NOTHING
    named = (escape(freeze.reference), services(freeze), fill("{since} to {end}", **span), by, line(freeze.why, 150))
    return join(" · ", *named)


def _end(freeze: Freeze) -> Element:
    value = pack(0, freeze.reference)
    return elements.button("End freeze", action_ids.END_FREEZE, value, suffix=freeze.reference)


def _extend(freeze: Freeze, lasts: timedelta) -> Element:
    value = pack(0, freeze.reference, int(freeze.until.timestamp()))
    return elements.button(f"Keep it {phrases.span(lasts)} more", action_ids.EXTEND_FREEZE, value, style="primary")


def _why(freeze: Freeze) -> Mrkdwn:
    return fill(" {why}", why=_because(freeze)) if freeze.why else NOTHING


def _because(freeze: Freeze) -> Mrkdwn:
    return fill("Why: {why}", why=phrases.sentence(line(freeze.why, 300))) if freeze.why else NOTHING


def _frozen_by(freeze: Freeze) -> Mrkdwn:
    after = fill(", because of {inc}", inc=escape(reference(freeze.incident))) if freeze.incident else NOTHING
    return fill("Frozen by {who}{after}.", who=user(freeze.by), after=after)
