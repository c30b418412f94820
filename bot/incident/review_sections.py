"""The parts of a postmortem that only people can write, and what each asks of them.

Prompts lead towards processes, tools and documentation, never towards a person; causes are several, never "the" one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.incident.terms import UserId


class ReviewSection(StrEnum):
    """Its value names it in templates, in files and in the log."""

    IMPACT = "impact"
    PEOPLE = "people"
    PROCESS = "process"
    TECHNOLOGY = "technology"
    ENVIRONMENT = "environment"
    HYPOTHESES = "hypotheses"
    DECISIONS = "decisions"
    WENT_WELL = "went_well"
    HINDERED = "hindered"
    LUCKY = "lucky"
    FOLLOW_UPS = "follow_ups"


FACTORS: Final = (
    ReviewSection.PEOPLE,
    ReviewSection.PROCESS,
    ReviewSection.TECHNOLOGY,
    ReviewSection.ENVIRONMENT,
)
"""The classes of contributing factors."""

TITLES: Final[Mapping[ReviewSection, str]] = {
    ReviewSection.IMPACT: "Impact",
    ReviewSection.PEOPLE: "Factors: people",
    ReviewSection.PROCESS: "Factors: process",
    ReviewSection.TECHNOLOGY: "Factors: technology",
    ReviewSection.ENVIRONMENT: "Factors: environment",
    ReviewSection.HYPOTHESES: "Hypotheses",
    ReviewSection.DECISIONS: "Decisions",
    ReviewSection.WENT_WELL: "What went well",
    ReviewSection.HINDERED: "What hindered",
    ReviewSection.LUCKY: "Where we were lucky",
    ReviewSection.FOLLOW_UPS: "Follow-ups",
}
"""As people read and type them."""

PROMPTS: Final[Mapping[ReviewSection, str]] = {
    ReviewSection.IMPACT: (
        "Who could not do what, how many of them, since when and until when? Give a number and say how it was measured."
    ),
    ReviewSection.PEOPLE: (
        "What did people know and not know, and who was missing? Was the load fair, at that hour and for that long?"
        " Ask what made each act sensible at the time."
    ),
    ReviewSection.PROCESS: (
        "Which step, review, hand-over or rule let this through, or slowed the response? Which one was missing?"
    ),
    ReviewSection.TECHNOLOGY: (
        "Which part failed, and which safeguard did not hold: alert, limit, time-out, rollback, redundancy?"
    ),
    ReviewSection.ENVIRONMENT: (
        "What was different that day: load, recent changes, a vendor, something that others share with you?"
    ),
    ReviewSection.HYPOTHESES: "Which ideas were tried that stand nowhere here, and what spoke for and against each?",
    ReviewSection.DECISIONS: "For each: what was known at that moment, what else could have been done, and why this?",
    ReviewSection.WENT_WELL: "What helped, and should be kept: an alert, a tool, a playbook, a habit?",
    ReviewSection.HINDERED: "What was missing, slow or misleading: access, dashboards, documentation, tools?",
    ReviewSection.LUCKY: (
        "What could as well have gone worse: the hour, who happened to be there, what happened to be at hand?"
    ),
    ReviewSection.FOLLOW_UPS: (
        "For each factor, what will be done? One owner, one date, and how anybody can see that it worked."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Somebody who opened the form of a section, and since when."""

    user: UserId
    since: datetime
