"""What `/incident postmortem` answers: who wrote what and when, what is still empty, what the gentle check asks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.document.hint_words import told
from bot.incident.gentle_check import Doubt, Hint, hints
from bot.incident.giving_feedback import heard
from bot.incident.policy import Policy
from bot.incident.review_sections import TITLES, ReviewSection
from bot.incident.state import Incident, WrittenSection
from bot.incident.terms import CANVAS, DRAFT
from bot.incident.themes import Lessons
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases
from bot.slack.blocks.elements import Element
from bot.slack.blocks.factor_cards import in_panel
from bot.slack.blocks.feedback_cards import answers_told
from bot.slack.blocks.learnt import learnt_blocks
from bot.slack.blocks.notices import why
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, code, escape, fill, join, line, lines

MOST_HINTS: Final = 8
BEGINNING: Final = 60
"""Characters of a section, by which it is known again; its form shows all of it."""
MOST_ANSWERS: Final = 5


def postmortem_panel(incident: Incident, policy: Policy, at: datetime, learnt: Lessons | None = None) -> Message:
    """`learnt`: as far as whoever looks may know of it."""
    written = sum(bool(incident.section(each).text) for each in ReviewSection)
    head = fill(
        "Postmortem of {inc}: {n} of {all} sections are written",
        inc=phrases.reference(incident),
        n=escape(str(written)),
        all=escape(str(len(ReviewSection))),
    )
    return elements.message(
        head,
        elements.section(lines(bold(head), *_standings(incident, at))),
        elements.actions(*(_button(incident, each) for each in ReviewSection)),
        *in_panel(incident),
        *(learnt_blocks(learnt) if learnt else []),
        *_asked(_hints(incident)),
        *_how_it_went(incident, policy),
        *_draft(incident, at),
    )


def draft_comment(incident: Incident) -> Mrkdwn:
    """What stands above the file in the channel."""
    known = Mrkdwn("what is known so far") if incident.is_active else Mrkdwn("from its log")
    return fill(
        "The draft of the postmortem of {inc}, {known}. Write it together: {verb}.",
        inc=phrases.reference(incident),
        known=known,
        verb=code("postmortem"),
    )


def _standings(incident: Incident, at: datetime) -> list[Mrkdwn]:
    """What is written, a line each, and what is not in one."""
    written = [each for each in ReviewSection if incident.section(each).by]
    empty = [TITLES[each] for each in ReviewSection if each not in written]
    rest = fill("Still empty: {titles}.", titles=line(", ".join(empty))) if empty else NOTHING
    return [*(_standing(each, incident.section(each), at) for each in written), rest]


def _standing(section: ReviewSection, written: WrittenSection, at: datetime) -> Mrkdwn:
    then = phrases.moment(written.at or at, at)
    parts = {"title": bold(line(TITLES[section])), "who": phrases.person(written.by), "then": then}
    if not written.text:
        return fill("{title} · emptied by {who}, {then}", **parts)
    begins = phrases.quoted(written.text, BEGINNING)
    return fill(
        "{title} · {who}, {then} · version {n} · {begins}", n=escape(str(written.number)), begins=begins, **parts
    )


def _button(incident: Incident, section: ReviewSection) -> Element:
    return elements.button(TITLES[section], action_ids.WRITE_SECTION, pack(incident.id, section), suffix=section)


def _hints(incident: Incident) -> Sequence[Hint]:
    texts = {each: incident.section(each).text for each in ReviewSection}
    return hints(texts, [each.content for each in incident.standing_factors], incident.followups.values())


def _asked(found: Sequence[Hint]) -> list[Block]:
    """As questions, and none about what is empty, which stands above."""
    asked = [line(told(hint)) for hint in found if hint.doubt is not Doubt.EMPTY]
    if not asked:
        return []
    rest = len(asked) - MOST_HINTS
    more = [fill("… and {n} more.", n=escape(str(rest)))] if rest > 0 else []
    return [elements.context(lines(Mrkdwn("Worth another look:"), *asked[:MOST_HINTS], *more))]


def _how_it_went(incident: Incident, policy: Policy) -> list[Block]:
    """As far as it may be shown; nothing before."""
    said = heard(incident, policy).said
    if not said:
        return []
    button = elements.button("How it went", action_ids.SHOW_FEEDBACK, pack(incident.id))
    return [*answers_told(said, most=MOST_ANSWERS), elements.actions(button)]


def _draft(incident: Incident, at: datetime) -> list[Block]:
    """Where the document is; a drill's is uploaded nowhere."""
    files = fill("{command} writes all of it as files.", command=code(f"muster postmortem {incident.id}"))
    if incident.drill or incident.channel is None:
        return [elements.context(files)]
    last = next(reversed([*incident.drafts.values()]), None)
    stands = fill("A draft stands in the channel since {then}.", then=phrases.moment(last.at, at)) if last else NOTHING
    button = elements.button("Upload again" if last else "Upload draft", action_ids.UPLOAD_DRAFT, pack(incident.id))
    return [
        elements.context(join(" ", stands, *_refused(incident), *_canvas(incident), files)),
        elements.actions(button),
    ]


def _refused(incident: Incident) -> list[Mrkdwn]:
    sentences = {DRAFT: Mrkdwn("The draft could not be uploaded"), CANVAS: Mrkdwn("It is not the channel's canvas")}
    return [
        phrases.sentence(fill("{what}{why}", what=sentences[step], why=why(reason)))
        for step, reason in sorted(incident.refusals)
        if step in sentences
    ]


def _canvas(incident: Incident) -> list[Mrkdwn]:
    return [Mrkdwn("The channel's canvas is the draft, too.")] if incident.canvas else []
