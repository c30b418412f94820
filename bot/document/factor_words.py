"""Contributing factors in a document: each under its class, with what shows it and what addresses it. Pure."""

from collections.abc import Iterator
from typing import Final

from bot.document.markdown import NOTHING, Markdown, bullets, escape, fill, join, link, prose
from bot.document.utc import time_on
from bot.document.wording import Wording
from bot.incident.entry import Entry, EntryLabel
from bot.incident.factor import Factor, FactorClass, class_words, factor_name
from bot.incident.postmortem import Postmortem
from bot.incident.terms import UserId

NONE_YET: Final = Markdown("None is on record yet as an entry of its own.")


def factors(draft: Postmortem, wording: Wording) -> Markdown:
    """By class, and within it in the order in which they were seen."""
    order = list(FactorClass)
    ordered = sorted(draft.factors, key=lambda each: (order.index(each.content.kind), each.number))
    return bullets(_factor(each, draft, wording) for each in ordered) or NONE_YET


def factor_entry(entry: Entry, wording: Wording) -> Markdown:
    parts = {
        "name": escape(factor_name(entry.number)),
        "kind": escape(entry.after),
        "who": wording.person(entry.by),
        "text": prose(entry.subject),
    }
    match entry.label:
        case EntryLabel.FACTOR:
            return fill("**Contributing factor {name}** ({kind}) by {who}: {text}", **parts)
        case EntryLabel.FACTOR_CHANGED:
            return fill("Contributing factor {name} changed by {who}: {text} ({kind})", **parts)
        case EntryLabel.FACTOR_REMOVED:
            why = prose(entry.text)
            return fill("Contributing factor {name} removed by {who}: {text} (Why: {why})", why=why, **parts)
    return _risk_entry(entry, parts, wording)


def _risk_entry(entry: Entry, parts: dict[str, Markdown], wording: Wording) -> Markdown:
    until = escape(entry.day.isoformat()) if entry.day else NOTHING
    match entry.label:
        case EntryLabel.RISK_ACCEPTED:
            why = prose(entry.text)
            return fill("Risk of {name} accepted by {who} until {day}: {why}", day=until, why=why, **parts)
        case EntryLabel.RISK_REOPENED:
            reason = fill(": {why}", why=prose(entry.text)) if entry.text.strip() else NOTHING
            return fill("Risk of {name} accepted no longer, says {who}{reason}", reason=reason, **parts)
    whom = wording.person(UserId(entry.after) if entry.after else None)
    return fill("Risk of {name} was accepted until {day}; asked: {whom}", day=until, whom=whom, **parts)


def _factor(factor: Factor, draft: Postmortem, wording: Wording) -> Markdown:
    content = factor.content
    head = fill(
        "**{name} · {kind}**: {text}",
        name=escape(factor_name(factor.number)),
        kind=escape(class_words(content.kind, content.surrounding)),
        text=prose(_sentence(content.text)),
    )
    return join(
        " ", (head, *_shown_by(factor, draft, wording), _addressed(factor, draft, wording), *_accepted(factor, wording))
    )


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…", "。")) else f"{text}."


def _shown_by(factor: Factor, draft: Postmortem, wording: Wording) -> Iterator[Markdown]:
    entry = draft.entry_at(factor.content.entry) if factor.content.entry else None
    if entry is None:
        return
    number = escape(str(draft.entries.index(entry) + 1))
    address = wording.address(entry, draft.heading)
    shown = link(number, address) if address else number
    at = escape(time_on(entry.at, draft.heading.declared_at))
    yield fill("Shown by entry {number} of the timeline ({at}).", number=shown, at=at)


def _addressed(factor: Factor, draft: Postmortem, wording: Wording) -> Markdown:
    by_number = {each.number: each for each in draft.followups}
    named = [
        fill(
            "F{number} ({state}{owner})",
            number=escape(str(number)),
            state=escape(by_number[number].state),
            owner=_owner(by_number[number].content.owner, wording),
        )
        for number in factor.content.followups
        if number in by_number
    ]
    if not named:
        return Markdown("No follow-up addresses it yet.")
    return fill("Addressed by {followups}.", followups=join(", ", named))


def _accepted(factor: Factor, wording: Wording) -> Iterator[Markdown]:
    if accepted := factor.accepted:
        yield fill(
            "Its risk is accepted by {who} until {day}: {why}",
            who=wording.person(accepted.by),
            day=escape(accepted.look_again_on.isoformat()),
            why=prose(_sentence(accepted.why)),
        )


def _owner(owner: UserId | None, wording: Wording) -> Markdown:
    return fill(", {who}", who=wording.person(owner)) if owner else NOTHING
