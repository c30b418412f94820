"""Proposals as messages and forms, whatever a source wrote in its alerts."""

from dataclasses import replace

import pytest

from bot.incident.alert import LONGEST_LABEL, Alert, AlertState, Judged, LinkKind, Reason
from bot.incident.catalogue import Party, Service, drawn_up
from bot.incident.listing import listing
from bot.incident.policy import Policy
from bot.incident.proposal import Proposal, ProposalState
from bot.incident.proposal_hearing import Wish, heard
from bot.incident.proposal_plan import drafted
from bot.incident.proposing import answered
from bot.incident.state import PostedCard
from bot.incident.terms import ChannelId, IncidentId, MessageTs, Severity
from bot.slack.blocks.alert_page import decisions_page
from bot.slack.blocks.proposal_cards import mentions, proposal_card, reminder
from bot.slack.proposal_forms import attach_modal, ignore_modal
from tests.slack.blocks.given import ADA, AT, BEN, HOSTILE, hostile, incident
from tests.slack.blocks.rules import assert_sound, assert_sound_view

OWNED = Service(name="checkout", tier=1, owner=Party(team="shop", users=(ADA,)), on_call=Party(users=(BEN,)))
POLICY = Policy(catalogue=drawn_up([OWNED]))
CARD = PostedCard(channel=ChannelId("C0NEWS"), ts=MessageTs("1.2"))


def proposal(text: str = "Checkout fails", service: str = "checkout", severity: Severity = Severity.SEV2) -> Proposal:
    told = Alert(
        source=text,
        group=text,
        fingerprint=text,
        state=AlertState.FIRING,
        name=text,
        summary=text,
        labels={text[:LONGEST_LABEL]: text},
        links=dict.fromkeys(LinkKind, text),
    )
    judged = Judged(alert=told, reason=Reason.PROPOSED, why=text, at=AT, service=service)
    wish = Wish(judged=judged, severity=severity, severity_why=text)
    return heard(drafted(wish, text, text, AT), [wish], AT).proposal


@pytest.mark.parametrize("text", HOSTILE)
def test_every_message_is_sound(text: str) -> None:
    asked = proposal(text, text)
    near = listing(hostile(text))
    assert_sound(proposal_card(asked, POLICY, [near] * 5, AT))
    assert_sound(reminder(asked, [asked] * 12, POLICY, AT))
    assert_sound(decisions_page((), [asked] * 12, 1, AT))
    for state in ProposalState:
        assert_sound(proposal_card(answered(asked, state, ADA, AT, why=text, incident=IncidentId(42)), POLICY, (), AT))


@pytest.mark.parametrize("text", HOSTILE)
def test_every_form_is_sound(text: str) -> None:
    near = listing(hostile(text))
    assert_sound_view(
        attach_modal(proposal(text), [replace(near, incident=IncidentId(number)) for number in range(1, 120)])
    )
    assert_sound_view(ignore_modal(proposal(text)))


def test_people_are_named_by_an_edit_and_not_by_the_post() -> None:
    posted = proposal_card(proposal(), POLICY, (), AT)
    edited = proposal_card(replace(proposal(), card=CARD), POLICY, (), AT)
    assert "checkout (tier 1, owner shop)" in str(posted.blocks)
    assert "checkout (tier 1, owner shop, &lt;" not in str(edited.blocks)
    assert f"owner shop, <@{ADA}>, on call <@{BEN}>" in str(edited.blocks)
    assert mentions(proposal(), POLICY)
    assert not mentions(proposal(service="search"), POLICY)


def test_a_reminder_calls_whoever_answers_for_any_of_them_once() -> None:
    told = reminder(proposal(), [replace(proposal(), number=replace(proposal()).number)], POLICY, AT)
    assert told.text.startswith(f"<@{ADA}>, <@{BEN}>: is this an incident?")
    assert told.text.count(f"<@{BEN}>") == 1


def test_the_gravest_is_listed_first() -> None:
    mild, grave = proposal("Mild", severity=Severity.SEV3), proposal("Grave", severity=Severity.SEV1)
    page = str(decisions_page((), [mild, grave], 1, AT).blocks)
    assert page.index("Grave") < page.index("Mild")


def test_the_card_shows_three_open_incidents_and_how_many_more() -> None:
    near = [listing(incident(id=IncidentId(number))) for number in range(1, 6)]
    shown = str(proposal_card(proposal(), POLICY, near, AT).blocks)
    assert all(f"INC-{number} " in shown for number in (1, 2, 3))
    assert "INC-4" not in shown
    assert "2 more" in shown
