"""What the log knows of a section of the postmortem, for whoever is about to write it: in lines, quoted, not judged."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from bot.document.narrative import remark_words
from bot.incident.entry import Entry
from bot.incident.followup import Followup
from bot.incident.impact import Question
from bot.incident.policy import Policy
from bot.incident.postmortem import PlaybookUse, Postmortem
from bot.incident.promises import kept
from bot.incident.remarks import WENT_WELL
from bot.incident.review_sections import ReviewSection
from bot.incident.terms import MUSTER, StepState
from bot.slack.blocks import phrases
from bot.slack.blocks.timeline_page import entry_line, spoken_line
from bot.slack.mrkdwn import NOTHING, Mrkdwn, date_time, escape, fill, join, line

MOST_LINES: Final = 12


def known_facts(draft: Postmortem, section: ReviewSection, policy: Policy) -> tuple[Mrkdwn, ...]:
    """At most a dozen lines; of more, how many there are."""
    found = tuple(_KNOWN[section](draft, policy))
    if len(found) <= MOST_LINES:
        return found or (Mrkdwn("Nothing for this section."),)
    return (*found[: MOST_LINES - 1], fill("… and {n} more.", n=escape(str(len(found) - MOST_LINES + 1))))


def _impact(draft: Postmortem, policy: Policy) -> Iterator[Mrkdwn]:
    for figure in draft.impact:
        if figure.question is Question.WHO:
            for each in figure.statements:
                text = spoken_line(each.text) if each.spoken else line(each.text)
                yield fill("{at}  {who}: “{text}”", at=date_time(each.at), who=phrases.person(each.by), text=text)
        name = escape(figure.question.capitalize())
        if figure.moment and figure.moment.at:
            yield fill("{name}: {at}", name=name, at=date_time(figure.moment.at))
        if figure.measure and figure.measure.length is not None:
            length = join(" ", escape(figure.measure.bound), escape(phrases.span(figure.measure.length)))
            yield fill("{name}: {length}", name=name, length=length)


def _people(draft: Postmortem, policy: Policy) -> Iterator[Mrkdwn]:
    for each in draft.participants:
        if each.user == MUSTER:
            continue
        roles = join(", ", *(phrases.role_title(role, policy) for role in dict.fromkeys(t.role for t in each.tenures)))
        count = escape(str(each.contributions))
        parts = {"who": phrases.person(each.user), "roles": roles or Mrkdwn("no role"), "count": count}
        entries = Mrkdwn("entry") if each.contributions == 1 else Mrkdwn("entries")
        yield fill("{who}: {roles}, {count} {entries}", entries=entries, **parts)


def _process(draft: Postmortem, policy: Policy) -> Iterator[Mrkdwn]:
    yield from (_playbook(used) for used in draft.playbooks)
    if draft.promises:
        parts = {"kept": escape(str(kept(draft.promises))), "all": escape(str(len(draft.promises)))}
        yield fill("Promised updates that came in time: {kept} of {all}", **parts)


def _playbook(used: PlaybookUse) -> Mrkdwn:
    states = [use.progress.state for use in used.steps]
    counted = [(state, states.count(state)) for state in StepState if state in states]
    told = join(", ", *(fill("{n} {state}", n=escape(str(count)), state=escape(state)) for state, count in counted))
    return fill("Playbook {title}: {told}", title=line(used.title, 150), told=told)


def _environment(draft: Postmortem, policy: Policy) -> Iterator[Mrkdwn]:
    if draft.heading.service:
        yield fill("Service: {service}", service=line(draft.heading.service))


def _remarks(*, well: bool) -> "Tell":
    def tell(draft: Postmortem, policy: Policy) -> Iterator[Mrkdwn]:
        return (line(remark_words(each)) for each in draft.remarks if (each.kind in WENT_WELL) is well)

    return tell


def _entries(chosen: Callable[[Postmortem], Sequence[Entry]]) -> "Tell":
    def tell(draft: Postmortem, policy: Policy) -> Iterator[Mrkdwn]:
        return (entry_line(entry, policy, same_day=False) for entry in chosen(draft))

    return tell


def _followups(draft: Postmortem, policy: Policy) -> Iterator[Mrkdwn]:
    """Those that there are, with what each still lacks, and what was marked as an action during the response."""
    yield from (_followup(item) for item in draft.followups)
    yield from (entry_line(entry, policy, same_day=False) for entry in draft.action_items)


def _followup(item: Followup) -> Mrkdwn:
    content = item.content
    lacking = [Mrkdwn("nobody owns it yet")] if content.owner is None and not item.is_settled else []
    lacking += [Mrkdwn("no metric yet")] if not content.metric and not item.is_settled else []
    parts = {"n": escape(str(item.number)), "what": line(content.what, 150), "state": escape(item.state)}
    owner = fill("owner {who}", who=phrases.person(content.owner)) if content.owner else NOTHING
    return join(" · ", fill("F{n} {what} · {state}", **parts), owner, *lacking)


def _nothing(draft: Postmortem, policy: Policy) -> Iterable[Mrkdwn]:
    return ()


Tell = Callable[[Postmortem, Policy], Iterable[Mrkdwn]]

_KNOWN: Final[Mapping[ReviewSection, Tell]] = {
    ReviewSection.IMPACT: _impact,
    ReviewSection.PEOPLE: _people,
    ReviewSection.PROCESS: _process,
    ReviewSection.TECHNOLOGY: _entries(lambda draft: draft.evidence),
    ReviewSection.ENVIRONMENT: _environment,
    ReviewSection.HYPOTHESES: _entries(lambda draft: draft.hypotheses),
    ReviewSection.DECISIONS: _entries(lambda draft: draft.decisions),
    ReviewSection.WENT_WELL: _remarks(well=True),
    ReviewSection.HINDERED: _remarks(well=False),
    ReviewSection.LUCKY: _nothing,
    ReviewSection.FOLLOW_UPS: _followups,
}
"""What was lucky, no log can know."""
