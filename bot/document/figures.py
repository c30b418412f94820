"""The figures of a postmortem in words: impact, moments, measures, promises; each says what it rests on. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.document.entry_words import MILESTONE_WORDS, correction_words
from bot.document.markdown import NOTHING, Markdown, blocks, bullets, escape, fill, join, link, strong, table
from bot.document.utc import date_time, span, time_on
from bot.document.wording import Wording
from bot.incident.impact import Figure, Question, Statement
from bot.incident.postmortem import Postmortem
from bot.incident.promises import Outcome, kept
from bot.incident.response_times import Basis, Measure, Moment

_ASKED: Final[Mapping[Question, Markdown]] = {
    Question.WHO: Markdown("Say who could not do what."),
    Question.HOW_MANY: Markdown("Give a number, and say how it was measured."),
    Question.SINCE: Markdown("Record it in Slack: `correct impact 14:02`, with your time."),
    Question.UNTIL: Markdown("It is recorded with the status mitigated, or afterwards: `correct mitigated 14:40`."),
    Question.HOW_LONG: Markdown("It follows from the moments above."),
}
"""What to do about a figure that is not known."""


def impact(draft: Postmortem, wording: Wording) -> Markdown:
    return bullets(_figure(figure, draft, wording) for figure in draft.impact)


def response_times(draft: Postmortem, wording: Wording) -> Markdown:
    """Two tables: when each moment was, and how long each phase took, measured from what to what."""
    return blocks(_moments(draft, wording), _measures(draft))


def promises(draft: Postmortem) -> Markdown:
    made = draft.promises
    if not made:
        return Markdown("No update fell due.")
    parts = {"n": escape(str(kept(made))), "m": escape(str(len(made)))}
    told = fill("Kept {n} of {m} promises of a next update.", **parts)
    broken = [
        fill(
            "Due {due}: {outcome}, by {late}.",
            due=escape(date_time(promise.due_at)),
            outcome=Markdown("the update came late")
            if promise.outcome is Outcome.LATE
            else Markdown("no update came until the promise was withdrawn or the response ended"),
            late=escape(span(promise.late_by)),
        )
        for promise in made
        if promise.outcome is not Outcome.KEPT
    ]
    return blocks(told, bullets(broken))


def _figure(figure: Figure, draft: Postmortem, wording: Wording) -> Markdown:
    head = fill(
        "{question} ({basis}): ", question=strong(escape(figure.question.capitalize())), basis=_basis(figure.basis)
    )
    if figure.basis is Basis.UNKNOWN:
        return fill("{head}{asked}", head=head, asked=_ASKED[figure.question])
    return fill("{head}{answer}", head=head, answer=_answer(figure, draft, wording))


def _answer(figure: Figure, draft: Postmortem, wording: Wording) -> Markdown:
    if figure.moment:
        return _moment_cell(figure.moment)
    if figure.measure:
        return _length(figure.measure)
    if not figure.statements:
        return fill("who uses {service}, as far as the declaration says", service=escape(figure.service))
    day = draft.heading.declared_at
    said = bullets(_statement(statement, day, wording) for statement in figure.statements)
    return fill("as people wrote it\n{said}", said=said)


def _statement(statement: Statement, day: datetime, wording: Wording) -> Markdown:
    parts = {
        "at": escape(time_on(statement.at, day)),
        "who": wording.person(statement.by),
        "text": wording.said(statement.text, spoken=statement.spoken),
        "arrow": link(Markdown("↗"), statement.link) if statement.link else NOTHING,
    }
    return fill("{at}, {who}: {text} {arrow}" if statement.link else "{at}, {who}: {text}", **parts)


def _moments(draft: Postmortem, wording: Wording) -> Markdown:
    day = draft.heading.declared_at
    head = (Markdown("Moment"), Markdown("When (UTC)"), Markdown("Rests on"))
    rows = [
        (MILESTONE_WORDS[moment.milestone], _moment_cell(moment), _rests_on(moment, day, wording))
        for moment in draft.moments.values()
    ]
    return table(head, rows)


def _rests_on(moment: Moment, day: datetime, wording: Wording) -> Markdown:
    assumption = fill(": {why}", why=escape(moment.assumption)) if moment.assumption else NOTHING
    said = fill(" by the alert {name}", name=escape(moment.told_by)) if moment.told_by else NOTHING
    corrected = [correction_words(each, day, wording) for each in moment.corrections]
    return join(" ", (fill("{basis}{said}{why}", basis=_basis(moment.basis), said=said, why=assumption), *corrected))


def _measures(draft: Postmortem) -> Markdown:
    head = (Markdown("Phase"), Markdown("Took"), Markdown("Measured"), Markdown("Rests on"))
    return table(head, [_measure(measure) for measure in draft.measures])


def _measure(measure: Measure) -> tuple[Markdown, ...]:
    start, end = MILESTONE_WORDS[measure.start], MILESTONE_WORDS[measure.end]
    measured = fill("{start} → {end}", start=start, end=Markdown(end.lower()))
    return escape(measure.phase.capitalize()), _length(measure), measured, _basis(measure.basis)


def _length(measure: Measure) -> Markdown:
    if measure.basis is Basis.CONTRADICTORY:
        return Markdown("cannot be told: it would end before it began")
    if measure.length is None:
        return Markdown("not known")
    return join(" ", (escape(measure.bound), escape(span(measure.length))))


def _moment_cell(moment: Moment) -> Markdown:
    return escape(date_time(moment.at)) if moment.at else Markdown("not known")


def _basis(basis: Basis) -> Markdown:
    return fill("*{basis}*", basis=escape(basis))
