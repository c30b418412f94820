"""The demo's incident (bot/demo/dialogue.py), told by the core with fixed times and people.

`python -m tests.document.demo_incident` writes docs/example-postmortem.md and its picture anew.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.demo import dialogue
from bot.document.documents import as_bytes, documents
from bot.document.wording import Names, Wording
from bot.incident.commands import (
    AssignRole,
    ChangeStatus,
    ChangeStep,
    ClaimRole,
    CorrectMilestone,
    DeclareIncident,
    FlagMessage,
    PostUpdate,
    RecordChannel,
    RecordJoined,
    RecordMessage,
    RecordMessageText,
    ResolveIncident,
)
from bot.incident.declaring import channel_name
from bot.incident.effects import SUMMARY, playbook_card
from bot.incident.factor import FactorClass, FactorContent, Surrounding
from bot.incident.factor_commands import AddFactor
from bot.incident.followup import FollowupClass, FollowupContent
from bot.incident.followup_commands import AddFollowup
from bot.incident.postmortem import postmortem
from bot.incident.review_sections import ReviewSection
from bot.incident.terms import (
    COMMUNICATIONS_LEAD,
    INCIDENT_COMMANDER,
    MUSTER_ITSELF,
    ChannelId,
    IncidentId,
    MessageTs,
    Milestone,
    Person,
    Severity,
    Status,
    StepState,
    UserId,
)
from bot.incident.timeline import entries
from bot.incident.writing_commands import WriteSection
from bot.playbook.library import Library, best_checklist, load
from bot.playbook.templates import read_template
from bot.workspace.cast import CAST
from tests.incident.given import Story

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"
STEM: Final = "example-postmortem"

BEGAN: Final = datetime(2026, 11, 20, 14, 6, tzinfo=UTC)
CHANNEL: Final = ChannelId("C000000005")
WORKSPACE: Final = "https://harbour.slack.com/"
_NAMES: Final = Names(known={UserId(account.id): account.real_name for account in CAST})


WRITTEN: Final = {
    ReviewSection.IMPACT: (
        "Customers in the EU could not pay by card. 52 % of checkouts failed at the worst, by the checkout's own\n"
        "dashboard: about 4,100 orders, of which 3,000 came back the same evening."
    ),
    ReviewSection.PEOPLE: (
        "Two of the three who know the connection pool were on leave. The others had its page, but no picture of it."
    ),
    ReviewSection.PROCESS: "The release check asks for tests, and for none under the load of an evening.",
    ReviewSection.TECHNOLOGY: "The pool gives up silently: it logs nothing, and its limit has no alert.",
    ReviewSection.ENVIRONMENT: "It was the first evening of the sale, with 1.6 times the usual orders.",
    ReviewSection.HYPOTHESES: (
        "- **The payment provider**: its status page and direct calls spoke against it within four minutes.\n"
        "- **The price import**: never ruled out as a part of the load; F1 keeps the two apart."
    ),
    ReviewSection.DECISIONS: (
        "To roll back first cost the proof of what failed, and saved about half an hour of searching."
    ),
    ReviewSection.WENT_WELL: "The rollback is one command, and had been practised in October.",
    ReviewSection.HINDERED: (
        "The dashboard shows all regions as one line, so the size was known for certain after 44 minutes only."
    ),
    ReviewSection.LUCKY: "Somebody had the dashboard open; the alert would have come about 20 minutes later.",
    ReviewSection.FOLLOW_UPS: (
        "- An alert on the pool's limit. Owner: Cleo. Due: 2026-12-04. We shall know by a test that fills the pool."
    ),
}
"""What people wrote when it was over, as in /incident postmortem."""


def _person(name: str) -> Person:
    account = next(account for account in CAST if account.name == name)
    return Person(id=UserId(account.id), name=account.real_name, speaks_in=CHANNEL)


ADA, BEN, CLEO = (_person(name) for name in ("ada", "ben", "cleo"))


def at(minutes: float) -> datetime:
    """So many minutes after the declaration."""
    return BEGAN + timedelta(minutes=minutes)


def demo_incident(library: Library) -> Story:
    """From declare to resolved, with the demo's own half hour between the two updates."""
    story = Story(policy=library.policy)
    _declared(story, library)
    story.do(ClaimRole(by=ADA, role=INCIDENT_COMMANDER), at(2))
    story.do(AssignRole(by=ADA, role=COMMUNICATIONS_LEAD, holder=BEN), at(3))
    story.do(CorrectMilestone(by=CLEO, milestone=Milestone.IMPACT_STARTED, at=at(-4)), at(3.5))
    _flagged(story, 4, CLEO, dialogue.SEEN, by=BEN, emoji="boom")
    ts = MessageTs(f"{at(4).timestamp():.6f}")
    flagged_ts = f"{at(4.8).timestamp():.6f}"
    story.do(FlagMessage(by=ADA, channel=CHANNEL, ts=ts, emoji="mag", flagged_ts=flagged_ts), at(4.8))
    _flagged(story, 7, ADA, dialogue.DECISION, by=ADA, emoji="scales")
    story.do(PostUpdate(by=BEN, known=dialogue.FIRST_UPDATE, next_in=timedelta(minutes=30)), at(9))
    story.do(_step(StepState.FAILED, "test-order", note="the order fails as well, with 500"), at(11))
    _flagged(story, 12, CLEO, "Perhaps it is the payment provider.", by=CLEO, emoji="bulb")
    story.do(_step(StepState.DONE, "providers", note="none of the four reports trouble"), at(15))
    story.do(_step(StepState.SKIPPED, "switch-provider", note="it is not a provider"), at(18))
    _flagged(story, 16, CLEO, "Not the provider: direct calls to it succeed.", by=CLEO, emoji="no_entry_sign")
    story.fire(at(39))
    second = dialogue.SECOND_UPDATE
    story.do(PostUpdate(by=BEN, known=second["known"], impact=second["impact"], doing=second["doing"]), at(39.5))
    story.do(_step(StepState.STARTED, "size"), at(41))
    story.do(_step(StepState.DONE, "size"), at(44))
    story.do(ChangeStatus(by=ADA, status=Status.MITIGATED, note=dialogue.MITIGATED), at(52))
    story.do(ResolveIncident(by=ADA, summary=dialogue.OUTCOME), at(68))
    _learnt(story)
    for section, text in WRITTEN.items():
        story.do(WriteSection(by=BEN, section=section, text=text, seen=0), at(90))
    return story


def _learnt(story: Story) -> None:
    """What people saw of it when it was over, and what they mean to do."""
    content = FollowupContent(
        what="Release to one cluster first, and to the others an hour later",
        kind=FollowupClass.RELIABILITY,
        owner=BEN.id,
        due_on=date(2026, 12, 18),
        metric="no release reaches a second cluster within an hour",
    )
    story.do(AddFollowup(by=ADA, content=content, people=(BEN,)), at(80))
    seen = next(entry for entry in entries(story.log) if entry.text == dialogue.SEEN)
    (_, pool), (_, process), (_, changes) = dialogue.FACTORS
    surrounding = Surrounding.RECENT_CHANGES
    for minute, factor in enumerate(
        (
            FactorContent(text=pool, kind=FactorClass.TECHNOLOGY, entry=seen.version),
            FactorContent(text=process, kind=FactorClass.PROCESS, followups=(1,)),
            FactorContent(text=changes, kind=FactorClass.ENVIRONMENT, surrounding=surrounding, followups=(1,)),
        ),
        start=82,
    ):
        story.do(AddFactor(by=ADA, content=factor), at(minute))


def _declared(story: Story, library: Library) -> None:
    checklist = best_checklist(library, severity=Severity.SEV1, title=dialogue.TITLE)
    command = DeclareIncident(by=CLEO, title=dialogue.TITLE, severity=Severity.SEV1, checklist=checklist)
    story.declare(command, BEGAN)
    name = channel_name(IncidentId(42), dialogue.TITLE)
    story.do(RecordChannel(by=MUSTER_ITSELF, channel=CHANNEL, name=name), at(0.1))
    for card in (SUMMARY, playbook_card("checkout-outage")):
        ts = MessageTs(f"{at(0.1).timestamp() + len(card):.6f}")
        posted = RecordMessage(by=MUSTER_ITSELF, card=card, channel=CHANNEL, ts=ts, rendered=story.state.version)
        story.do(posted, at(0.1))
    story.do(RecordJoined(by=MUSTER_ITSELF, users=(CLEO.id,)), at(0.1))
    story.do(RecordJoined(by=MUSTER_ITSELF, users=(ADA.id,)), at(1))
    story.do(RecordJoined(by=MUSTER_ITSELF, users=(BEN.id,)), at(3))


def _flagged(story: Story, minute: float, author: Person, text: str, *, by: Person, emoji: str) -> None:
    ts = MessageTs(f"{at(minute).timestamp():.6f}")
    flagged_ts = f"{at(minute + 0.5).timestamp():.6f}"
    story.do(FlagMessage(by=by, channel=CHANNEL, ts=ts, emoji=emoji, flagged_ts=flagged_ts), at(minute + 0.5))
    permalink = f"{WORKSPACE}archives/{CHANNEL}/p{ts.replace('.', '')}"
    read = RecordMessageText(by=MUSTER_ITSELF, ts=ts, author=author.id, text=text, permalink=permalink)
    story.do(read, at(minute + 0.6))


def _step(state: StepState, step: str, note: str = "") -> ChangeStep:
    return ChangeStep(by=CLEO, playbook="checkout-outage", step=step, state=state, note=note)


def example() -> Mapping[str, str]:
    """Its documents, by file name; with the shipped playbooks, policy and template."""
    library = load(ROOT / "playbooks")
    story = demo_incident(library)
    wording = Wording(names=_NAMES, policy=library.policy, workspace=WORKSPACE)
    draft = postmortem(story.log, library.policy)
    return documents(draft, read_template(ROOT / "playbooks").text, wording, STEM)


if __name__ == "__main__":
    for kind in ("md", "svg"):
        (DOCS / f"{STEM}.{kind}").write_bytes(as_bytes(example()[f"{STEM}.{kind}"]))
