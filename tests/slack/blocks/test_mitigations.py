"""What could be done first: at most three steps on the summary, until somebody has begun them."""

from dataclasses import replace

from bot.incident.state import AttachedPlaybook, Incident, PostedCard
from bot.incident.terms import Checklist, MessageTs, Status, StepState, Version
from bot.slack.blocks.cards import summary_card
from bot.slack.blocks.checklist import playbook_card
from bot.slack.renderer import BlockRenderer
from tests.slack.blocks import given
from tests.slack.blocks.given import AT, CHANNEL, POLICY
from tests.slack.blocks.rules import words

TS = MessageTs("1763648880.000100")
RENDERER = BlockRenderer(lambda: POLICY, lambda role: None, lambda channel, ts: f"https://acme.example/{channel}/{ts}")


def marked(*numbers: int) -> Checklist:
    """Nine steps, of which these mitigate."""
    plain = given.checklist()
    steps = (replace(step, mitigates=number in numbers) for number, step in enumerate(plain.steps, 1))
    return replace(plain, steps=tuple(steps))


def shown(incident: Incident) -> str:
    return words(summary_card(incident, POLICY, AT))


def test_the_first_three_that_nobody_has_begun_are_suggested() -> None:
    book = given.with_playbook(given.incident(), marked(2, 4, 5, 7, 8), s2=StepState.DONE, s5=StepState.STARTED)
    assert (
        "Mitigate first   4. Roll back the release 4 (about 5 min) · 7. Roll back the release 7 (about 5 min)"
        " · 8. Roll back the release 8 (about 5 min)\n"
    ) in shown(book)


def test_nothing_is_suggested_where_nothing_is_marked_or_left() -> None:
    assert "Mitigate first" not in shown(given.with_playbook(given.incident(), marked()))
    assert "Mitigate first" not in shown(given.with_playbook(given.incident(), marked(2), s2=StepState.SKIPPED))


def test_what_is_mitigated_needs_no_suggestion() -> None:
    book = given.with_playbook(given.incident(status=Status.MITIGATED), marked(2))
    assert "Mitigate first" not in shown(book)
    assert "Mitigate first" not in shown(replace(book, status=Status.RESOLVED, ended_at=AT))


def test_of_several_playbooks_each_step_says_whose_it_is() -> None:
    other = replace(marked(1), playbook="vendor", title="Vendor outage")
    both = given.with_playbook(given.incident(), marked(2))
    both = replace(both, playbooks={**both.playbooks, "vendor": AttachedPlaybook(checklist=other)})
    assert "Mitigate first   Bad deploy 2. Roll" in shown(both)
    assert " · Vendor outage 1. Roll" in shown(both)


def test_the_checklist_says_which_steps_mitigate() -> None:
    book = given.with_playbook(given.incident(), marked(1))
    assert "Contain · operations lead · about 5 min · mitigates" in words(playbook_card(book, "bad-deploy", POLICY, AT))


def test_the_playbook_is_linked_once_the_summary_is_drawn_after_it_was_posted() -> None:
    """Not by itself: for a link alone the summary is not edited."""
    book = given.with_playbook(given.incident(), marked(1))
    posted = PostedCard(channel=CHANNEL, ts=TS, version=Version(book.content + 1))
    before = replace(book, cards={"playbook:bad-deploy": posted})
    link = f"Playbook: <https://acme.example/{CHANNEL}/{TS}|Bad deploy>, step 1 of 9"
    assert link not in str(RENDERER.card("summary", before, AT).blocks)
    assert link in str(RENDERER.card("summary", replace(before, content=posted.version), AT).blocks)
