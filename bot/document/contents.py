"""What a template may name, made of a draft: each block once, as Markdown. docs/postmortem.md lists them.

`sections` holds what only people can write: their words, else what they are asked.
"""

from bot.document import figures, narrative
from bot.document.evidence_words import evidence
from bot.document.factor_words import factors
from bot.document.feedback_words import feedback
from bot.document.markdown import NOTHING, Markdown, escape, fill, image
from bot.document.review_words import review
from bot.document.sections import section_block
from bot.document.template import SECTIONS, Values
from bot.document.wording import Wording
from bot.incident.postmortem import Postmortem
from bot.incident.review_sections import ReviewSection


def contents(draft: Postmortem, wording: Wording, picture_file: str) -> Values:
    """`picture_file`: the picture's name, beside the document; empty: there is none."""
    heading = draft.heading
    return {
        "reference": escape(heading.reference),
        "title": escape(heading.title),
        "severity": escape(heading.severity),
        "status": escape(heading.status),
        "private": heading.private,
        "drill": heading.drill,
        "active": heading.is_active,
        "head": narrative.head(draft, wording),
        "summary": narrative.summary(draft, wording),
        "picture": _picture(draft, picture_file),
        "impact": figures.impact(draft, wording),
        "response_times": figures.response_times(draft, wording),
        "timeline": narrative.timeline(draft, wording),
        "factors": factors(draft, wording),
        "hypotheses": narrative.hypotheses(draft, wording),
        "decisions": narrative.decisions(draft, wording),
        "went_well": narrative.went_well(draft),
        "hindered": narrative.hindered(draft),
        "playbooks": narrative.playbooks(draft, wording),
        "promises": figures.promises(draft),
        "evidence": evidence(draft, wording),
        "people": narrative.people(draft, wording),
        "action_items": narrative.action_items(draft, wording),
        "feedback": feedback(draft.feedback, wording),
        "review": review(draft, wording),
        SECTIONS: {each: section_block(heading.incident, each, draft.section(each)) for each in ReviewSection},
    }


def _picture(draft: Postmortem, file: str) -> Markdown:
    description = fill("Picture of {reference}", reference=escape(draft.heading.reference))
    return image(description, file) if file else NOTHING
