"""A gentle check of what people wrote of an incident: hints, never a refusal. Pure, and English only.

It looks for words that judge a person, for one cause where there are always several, for follow-ups that nobody
owns or nobody could verify, and for what is still empty. It is often wrong about a sentence, so it only ever asks.
Contributing factors count as what is written in the section of their class.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.incident.factor import FactorContent
from bot.incident.followup import Followup
from bot.incident.review_sections import FACTORS, ReviewSection


class Doubt(StrEnum):
    BLAME = "blame"
    HINDSIGHT = "hindsight"
    SINGLE_CAUSE = "single cause"
    ONE_FACTOR = "one factor"
    NO_OWNER = "no owner"
    NO_METRIC = "no metric"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """`words`: as they stand in the text, or the follow-up that is meant; foreign text. `section` None: all factors."""

    doubt: Doubt
    section: ReviewSection | None
    words: str = ""


WORDS: Final[Mapping[Doubt, tuple[str, ...]]] = {
    Doubt.BLAME: (
        r"human error",
        r"(?:operator|user|pilot) error",
        r"(?:was|were|is|are|being) (?:too )?(?:careless|negligent|reckless|sloppy|lazy|incompetent|inattentive)",
        r"carelessness|negligence|incompetence|sloppiness",
        r"at fault|(?:my|his|her|their|your|our|\w+'s) (?:fault|mistake)",
        r"to blame|blamed?|guilty|culprit",
        r"(?:he|she|they|you|we|i|nobody|somebody|someone) (?:forgot|neglected|failed) to",
        r"didn't bother|did not bother|wasn't paying attention|was not paying attention",
    ),
    Doubt.HINDSIGHT: (
        r"(?:should|could|would|must|ought to) (?:not )?have",
        r"(?:should|could|would)n't have|(?:should|could|would)'ve",
        r"obvious(?:ly)?|simply had to|only had to|just had to|in hindsight|with hindsight",
    ),
    Doubt.SINGLE_CAUSE: (
        r"root(?: |-)causes?",
        r"the (?:only|sole|single|one|true|real|actual) (?:cause|reason|factor)",
        r"(?:only|solely|entirely|purely) (?:because of|due to|caused by)",
        r"the cause (?:was|is|of)",
    ),
}
"""Regular expressions, each found as whole words in any case. What stands in code is not read."""

_PATTERNS: Final = {
    doubt: re.compile(r"(?<!\w)(?:" + "|".join(words).replace(" ", r"\s+") + r")(?!\w)", re.IGNORECASE)
    for doubt, words in WORDS.items()
}
_CODE: Final = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_ITEM: Final = re.compile(r"^(?:[-*+•]|\d{1,9}[.)]) +(?:\[[ xX]\] +)?", re.MULTILINE)
_OWNER: Final = re.compile(r"\bowner\b\W{0,3}\w|\bowned by \w|@\w", re.IGNORECASE)
_METRIC: Final = re.compile(
    r"\bmetrics?\b|\bmeasur\w+|\bknow by\b\W{0,3}\w|\bverif\w+|\balert(?:s|ed)? (?:fires|when|if)\b"
    r"|\bless than\b|\bat most\b|\bat least\b|\bbelow\b|\babove\b|[<>≤≥]"
    r"|\d\s*(?:%|ms\b|s\b|min\b|minutes?\b|hours?\b|seconds?\b|per\b|times?\b)",
    re.IGNORECASE,
)


def hints(
    texts: Mapping[ReviewSection, str], factors: Sequence[FactorContent] = (), followups: Iterable[Followup] = ()
) -> tuple[Hint, ...]:
    """In the order of the sections; what is empty last. A section that `texts` does not name is empty."""
    items = tuple(followups)
    written = {section: _CODE.sub(" ", texts[section]) for section in ReviewSection if texts.get(section, "").strip()}
    named = {ReviewSection(each.kind) for each in factors} | ({ReviewSection.FOLLOW_UPS} if items else set())
    empty = (Hint(doubt=Doubt.EMPTY, section=each) for each in ReviewSection if each not in {*written, *named})
    return (
        *_of_words(_with_factors(written, factors)),
        *_of_factors(written, len(factors)),
        *_of_follow_ups(written),
        *_of_items(items),
        *empty,
    )


def looks_for_one_cause(text: str) -> bool:
    """'Root cause', 'the cause was', 'only because of'."""
    return bool(_PATTERNS[Doubt.SINGLE_CAUSE].search(text.replace("’", "'")))


def _with_factors(written: Mapping[ReviewSection, str], factors: Sequence[FactorContent]) -> dict[ReviewSection, str]:
    texts = dict(written)
    for each in factors:
        section = ReviewSection(each.kind)
        texts[section] = "\n\n".join(filter(None, (texts.get(section, ""), each.text)))
    return {section: texts[section] for section in ReviewSection if section in texts}


def _of_words(written: Mapping[ReviewSection, str]) -> Iterator[Hint]:
    for section, text in written.items():
        for doubt, pattern in _PATTERNS.items():
            found = dict.fromkeys(" ".join(each[0].split()) for each in pattern.finditer(text.replace("’", "'")))
            yield from (Hint(doubt=doubt, section=section, words=words) for words in found)


def _of_factors(written: Mapping[ReviewSection, str], entered: int) -> Iterator[Hint]:
    """One in all of them together, item, paragraph or entry: something else made it possible, worse or longer, too."""
    if entered + sum(len(points(written.get(section, ""))) for section in FACTORS) == 1:
        yield Hint(doubt=Doubt.ONE_FACTOR, section=None)


def _of_follow_ups(written: Mapping[ReviewSection, str]) -> Iterator[Hint]:
    for point in points(written.get(ReviewSection.FOLLOW_UPS, "")):
        if not _OWNER.search(point):
            yield Hint(doubt=Doubt.NO_OWNER, section=ReviewSection.FOLLOW_UPS, words=point)
        if not _METRIC.search(point):
            yield Hint(doubt=Doubt.NO_METRIC, section=ReviewSection.FOLLOW_UPS, words=point)


def _of_items(items: Iterable[Followup]) -> Iterator[Hint]:
    """Follow-ups of their own: what is settled is asked nothing any more."""
    for item in items:
        words = f"F{item.number} {item.content.what}"
        if not item.is_settled and item.content.owner is None:
            yield Hint(doubt=Doubt.NO_OWNER, section=ReviewSection.FOLLOW_UPS, words=words)
        if not item.is_settled and not item.content.metric:
            yield Hint(doubt=Doubt.NO_METRIC, section=ReviewSection.FOLLOW_UPS, words=words)


def points(text: str) -> tuple[str, ...]:
    """The items of its lists, each with what is indented under it; without a list, its paragraphs. One line each."""
    parts = _ITEM.split(text)[1:] if _ITEM.search(text) else re.split(r"\n\s*\n", text)
    return tuple(" ".join(part.split()) for part in parts if part.strip())
