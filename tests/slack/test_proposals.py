"""Proposals at the desk and in the outbox: which press does what, and what is posted, once, whatever Slack answers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.incident.proposal import Proposal, ProposalNumber, ProposalState
from bot.incident.proposal_effects import PostProposal, RefreshProposal, RemindProposal
from bot.incident.proposing import answered
from bot.incident.state import PostedCard
from bot.incident.terms import MUSTER, NO_INCIDENT, IncidentId, MessageTs
from bot.ports import Unavailable
from bot.slack import action_ids as ids
from bot.slack.buttons import on_press
from bot.slack.chat import SlackChat
from bot.slack.submissions import on_submission
from tests.incident.proposals import P7, proposed
from tests.proposals_double import ProposalsDouble
from tests.slack.given_desk import ADA, DEE, Given, given, inc42, press, submit
from tests.slack.scripted_slack import Say, ScriptedSlack, refuse
from tests.slack.war_room import NEWS, NOON, lease

WAITS = replace(proposed(), shown_at=proposed().opened_at)
POST = PostProposal(incident=NO_INCIDENT, proposal=7)
CARD = PostedCard(channel=NEWS, ts=MessageTs("1.5"))


def asked(proposal: Proposal = WAITS) -> Given:
    known = given()
    known.proposals.kept[proposal.number] = proposal
    return known


def value(proposal: Proposal = WAITS) -> str:
    return f"0|{proposal.key}"


async def test_a_proposal_of_another_store_is_not_answered() -> None:
    known = asked()
    other = replace(WAITS, opened_at=WAITS.opened_at - timedelta(days=1))
    for button in (ids.DECLARE_PROPOSAL, ids.ATTACH_PROPOSAL, ids.IGNORE_PROPOSAL):
        await on_press(known.desk, press(button, value(other)))
        await on_press(known.desk, press(button, "0|nonsense"))
    assert len(known.slack.answered) == 6
    assert all("is not known any more" in str(each) for each in known.slack.answered)


async def test_a_guest_answers_nothing() -> None:
    known = asked()
    for button in (ids.DECLARE_PROPOSAL, ids.ATTACH_PROPOSAL, ids.IGNORE_PROPOSAL):
        await on_press(known.desk, press(button, value(), user=DEE))
    assert all("Guests of this workspace" in str(each) for each in known.slack.answered)
    assert (known.door.commands, known.proposals.kept) == ([], {P7: WAITS})


async def test_while_a_drill_is_played_real_alerts_wait() -> None:
    known = asked()
    known.door.drills_only = True
    await on_press(known.desk, press(ids.DECLARE_PROPOSAL, value()))
    assert "A drill is being played" in str(known.slack.answered)
    assert known.door.commands == []


async def test_neither_a_private_incident_nor_a_drill_is_offered() -> None:
    known = given(inc42(private=True), inc42(id=IncidentId(43), drill=True))
    known.proposals.kept[P7] = WAITS
    await on_press(known.desk, press(ids.ATTACH_PROPOSAL, value()))
    assert "No incident is open that these alerts could belong to." in str(known.slack.answered)


async def test_an_incident_must_be_chosen() -> None:
    known = asked()
    body = submit(ids.ATTACH_PROPOSAL_MODAL, value(), ADA, incident={"type": "static_select", "selected_option": None})
    assert "Choose the incident." in str(await on_submission(known.desk, body))


async def test_what_was_ignored_meanwhile_says_so_beside_the_form() -> None:
    known = asked(answered(WAITS, ProposalState.IGNORED, ADA, WAITS.opened_at))
    body = submit(ids.IGNORE_PROPOSAL_MODAL, value(), ADA, why={"type": "plain_text_input", "value": "x"})
    assert "has said already that P7 is to be ignored" in str(await on_submission(known.desk, body))


async def perform(
    chat: SlackChat, effect: PostProposal | RefreshProposal | RemindProposal, *, uncertain: bool = False
) -> None:
    await chat.perform_alone(effect, lease(effect, uncertain=uncertain))


async def test_a_card_is_posted_and_from_then_on_it_waits(
    chat: SlackChat, slack: ScriptedSlack, asked_about: ProposalsDouble
) -> None:
    asked_about.kept[P7] = proposed()
    await perform(chat, POST)
    (posted,) = slack.posted
    kept = asked_about.kept[P7]
    assert (kept.card, kept.shown_at) == (PostedCard(channel=NEWS, ts=MessageTs(posted["ts"])), NOON)
    assert slack.asked("chat.update") == []


async def test_a_card_whose_answer_was_lost_is_found_and_kept(
    chat: SlackChat, slack: ScriptedSlack, asked_about: ProposalsDouble
) -> None:
    asked_about.kept[P7] = proposed()
    slack.says("chat.postMessage", Say(drop=True))
    with pytest.raises(Unavailable):
        await perform(chat, POST)
    del slack.script["chat.postMessage"]
    await perform(chat, POST, uncertain=True)
    assert len(slack.posted) == 1
    assert asked_about.kept[P7].card is not None


async def test_a_card_that_was_answered_while_its_post_was_lost_says_so(
    chat: SlackChat, slack: ScriptedSlack, asked_about: ProposalsDouble
) -> None:
    asked_about.kept[P7] = proposed()
    slack.says("chat.postMessage", Say(drop=True))
    with pytest.raises(Unavailable):
        await perform(chat, POST)
    del slack.script["chat.postMessage"]
    asked_about.kept[P7] = replace(answered(proposed(), ProposalState.RECOVERED, MUSTER, NOON), revision=2)
    await perform(chat, POST, uncertain=True)
    assert len(slack.posted) == 1
    assert "recovered by itself" in slack.asked("chat.update")[-1]["blocks"]


async def test_what_was_answered_before_it_was_posted_is_not_posted(
    chat: SlackChat, slack: ScriptedSlack, asked_about: ProposalsDouble
) -> None:
    asked_about.kept[P7] = answered(proposed(), ProposalState.RECOVERED, MUSTER, NOON)
    await perform(chat, POST)
    await perform(chat, replace(POST, proposal=99))
    assert slack.posted == []


async def test_a_card_that_stands_twice_is_taken_back_and_the_first_is_kept(
    chat: SlackChat, slack: ScriptedSlack, asked_about: ProposalsDouble
) -> None:
    """The lease was lost while it was being posted, and somebody else posted it too."""
    asked_about.kept[P7] = proposed()
    await perform(chat, POST)
    theirs = asked_about.kept[P7]
    asked_about.kept[P7] = proposed()
    slack.on_call = lambda _: asked_about.kept.update({P7: theirs})
    mine = lease(POST, token="mine")
    await chat.perform_alone(POST, mine)
    assert (len(slack.posted), asked_about.kept[P7].card) == (2, theirs.card)
    await chat.withdraw_alone(POST, mine)
    assert [each["ts"] for each in slack.posted] == [theirs.card.ts if theirs.card else ""]


async def test_what_stands_is_not_posted_again(
    chat: SlackChat, slack: ScriptedSlack, asked_about: ProposalsDouble
) -> None:
    asked_about.kept[P7] = replace(proposed(), card=CARD, shown_at=NOON)
    await perform(chat, POST)
    assert slack.calls == []


async def test_a_card_that_people_deleted_is_not_missed(
    chat: SlackChat, slack: ScriptedSlack, asked_about: ProposalsDouble
) -> None:
    asked_about.kept[P7] = replace(proposed(), card=CARD, shown_at=NOON)
    slack.says("chat.update", refuse("message_not_found"))
    await perform(chat, RefreshProposal(incident=NO_INCIDENT, proposal=7))
    slack.says("chat.update", refuse("channel_not_found"))
    slack.script["chat.update"].pop(0)
    with pytest.raises(Unavailable) as raised:
        await perform(chat, RefreshProposal(incident=NO_INCIDENT, proposal=7))
    assert not raised.value.retryable


async def test_a_reminder_is_of_what_still_waits(
    chat: SlackChat, slack: ScriptedSlack, asked_about: ProposalsDouble
) -> None:
    shown = replace(proposed(), card=CARD, shown_at=NOON)
    eight = replace(shown, number=ProposalNumber(8), card=replace(CARD, ts=MessageTs("1.8")))
    asked_about.kept |= {P7: answered(shown, ProposalState.EXPIRED, MUSTER, NOON), eight.number: eight}
    await perform(chat, RemindProposal(incident=NO_INCIDENT, proposal=7, others=(8,)))
    (posted,) = slack.asked("chat.postMessage")
    assert (posted["thread_ts"], posted["reply_broadcast"]) == ("1.8", "true")
    assert "too" not in posted["text"]
    asked_about.kept[eight.number] = answered(eight, ProposalState.EXPIRED, MUSTER, NOON)
    await perform(chat, RemindProposal(incident=NO_INCIDENT, proposal=7, others=(8,)))
    assert len(slack.posted) == 1
