"""Contributing factors as messages and forms, whatever people wrote in them, and marked where it was a drill."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.incident.entry import Entry, EntryLabel
from bot.incident.factor import Acceptance, Factor, FactorClass, FactorContent, Surrounding
from bot.incident.factor_events import (
    FactorAdded,
    FactorChanged,
    FactorRemoved,
    RiskAccepted,
    RiskAskedAbout,
    RiskReopened,
)
from bot.incident.factor_index import Action, FactorLine, ListedFactor
from bot.incident.followup import FollowupState
from bot.incident.followup_index import Share
from bot.incident.listing import listing
from bot.incident.policy import Policy
from bot.incident.state import Incident
from bot.incident.terms import IncidentId, Version
from bot.incident.themes import risks, risks_this_week
from bot.incident.time_zones import zone_of
from bot.incident.weekly import Digest
from bot.slack.blocks import answers, factor_cards, factor_modals, risk_register
from bot.slack.blocks.followup_rounds import digest_message
from bot.slack.blocks.phrases import marked
from bot.slack.blocks.postmortem_panel import postmortem_panel
from bot.slack.mrkdwn import escape
from tests.slack.blocks.given import ADA, AT, BEN, HOSTILE, POLICY, followups, hostile, incident
from tests.slack.blocks.rules import assert_sound, assert_sound_view
from tests.slack.blocks.test_drill_mark import assert_marked


def content(text: str, **changes: Any) -> FactorContent:
    environment = {"kind": FactorClass.ENVIRONMENT, "surrounding": Surrounding.LOAD}
    return FactorContent(**{"text": text, "entry": Version(3), "followups": (1, 3), **environment, **changes})


def factor(text: str, **changes: Any) -> Factor:
    return Factor(**{"number": 1, "content": content(text), "added_at": AT, "added_by": BEN, **changes})


def with_factors(text: str, **changes: Any) -> Incident:
    found = {number: factor(text, number=number) for number in range(1, 31)}
    return replace(hostile(text), factors=found, followups=followups(text), **changes)


@pytest.mark.parametrize("text", HOSTILE)
def test_every_message_is_sound(text: str) -> None:
    there = with_factors(text)
    removed = factor(text, removed_at=AT, removed_by=ADA, why=text, changes=3)
    for each in (factor(text), removed):
        assert_sound(factor_cards.factor_card(there, each, escape(text), AT))
    for page in (1, 3):
        assert_sound(factor_cards.factor_list(there, page))
    assert_sound(postmortem_panel(there, Policy(), AT))
    for event in (
        FactorAdded(at=AT, by=ADA, number=1, content=content(text)),
        FactorChanged(at=AT, by=ADA, number=1, before=content(text), after=content(text)),
        FactorRemoved(at=AT, by=ADA, number=1, text=text, why=text),
    ):
        assert_sound(answers.confirmation([event], there, POLICY))


@pytest.mark.parametrize("text", HOSTILE)
def test_every_form_is_sound(text: str) -> None:
    there = with_factors(text)
    entries = [
        Entry(at=AT, recorded_at=AT, label=label, by=BEN, text=text, subject=text, version=Version(number))
        for number, label in enumerate(EntryLabel, start=1)
    ]
    assert_sound_view(factor_modals.factor_modal(there, "m", entries, zone_of("UTC"), factor(text), text=text))
    assert_sound_view(factor_modals.factor_modal(there, "m", entries, zone_of("UTC"), text=text))
    assert_sound_view(factor_modals.drop_factor_modal(there, "m", factor(text)))


@pytest.mark.parametrize("kind", FactorClass)
@pytest.mark.parametrize("surrounding", [None, *Surrounding])
def test_a_class_goes_through_the_form_and_back(kind: FactorClass, surrounding: Surrounding | None) -> None:
    assert factor_modals.read_kind(factor_modals.kind_value(kind, surrounding)) == (kind, surrounding)


def test_whoever_looks_for_the_root_cause_is_met_with_the_others() -> None:
    there = with_factors("The root cause is load")
    added = FactorAdded(at=AT, by=ADA, number=1, content=content("The root cause is load"))
    said = answers.confirmation([added], there, POLICY).text
    assert said.startswith("One of the factors, CF1 (environment: load): The root cause is load.")
    assert "There are always several" in said
    added = FactorAdded(at=AT, by=ADA, number=2, content=content("Ten times as much"))
    assert "There are always several" not in answers.confirmation([added], there, POLICY).text


def test_those_of_a_drill_say_so() -> None:
    practised = with_factors("Load", drill=True)
    assert_marked(marked(factor_cards.factor_list(practised, 1), practised))
    assert_marked(marked(factor_cards.factor_card(practised, factor("Load"), escape(""), AT), practised))
    assert_marked(postmortem_panel(practised, Policy(), AT))


def test_the_panel_names_them_by_class_and_how_many_more() -> None:
    there = incident(
        factors={
            1: factor("Ten times as much"),
            2: factor("Nobody was told", number=2, content=content("Nobody was told", kind=FactorClass.PEOPLE)),
        }
    )
    shown = str(postmortem_panel(there, Policy(), AT).blocks)
    assert "Contributing factors of INC-42: 2" in shown
    assert shown.index("CF2") < shown.index("CF1")
    assert "… and 20 more." in str(postmortem_panel(with_factors("x"), Policy(), AT).blocks)


def items(text: str, *, count: int = 12, private: bool = False) -> list[ListedFactor]:
    """Of so many incidents, each with actions in every state, some of them accepted."""
    actions = tuple(
        Action(number=number, what=text, state=state, owner=ADA, due_on=AT.date())
        for number, state in enumerate(FollowupState, 1)
    )
    accepted = Acceptance(why=text, by=BEN, at=AT, look_again_on=AT.date())
    lines = [
        FactorLine(
            incident=IncidentId(number),
            number=1,
            text=f"{text} {number // 3}",
            kind=FactorClass.PROCESS,
            service=text,
            added_at=AT,
            declared_at=AT,
            actions=actions[: number % 4],
            accepted=accepted if number % 2 else None,
            private=private,
        )
        for number in range(1, count + 1)
    ]
    return [
        ListedFactor(line=each, listing=listing(incident(id=each.incident, title=text, private=private)))
        for each in lines
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_the_register_is_sound(text: str) -> None:
    found = risks(items(text))
    for page, accepted in ((1, False), (2, True)):
        today = AT.date() + timedelta(days=30)
        assert_sound(risk_register.risk_list(found, page, today, accepted=accepted, others=3))
    there = with_factors(text)
    day = AT.date()
    for event in (
        RiskAccepted(at=AT, by=ADA, number=1, text=text, why=text, look_again_on=day),
        RiskReopened(at=AT, by=ADA, number=1, text=text, why=text),
    ):
        assert_sound(answers.confirmation([event], there, POLICY))
    asked = RiskAskedAbout(at=AT, by=ADA, number=1, text=text, asked=BEN, look_again_on=day)
    assert_sound(risk_register.asked_about_risk(asked, there))
    assert_sound_view(factor_modals.accept_modal(there, "m", factor(text), day))


def test_the_register_names_incidents_actions_owners_and_dates() -> None:
    many = [item for item in items("Pool limit") if item.line.incident in {1, 2, 6}]
    shown = risk_register.risk_list(risks(many), 1, AT.date() + timedelta(days=2), accepted=False, others=0)
    text = str(shown.blocks)
    for part in (
        "Risks: 3 contributing factors open, of 3 incidents",
        "“pool”, “limit”: 3 incidents",
        "INC-6 CF1",
        "F1 Pool limit · open · <@UADA> · overdue since 20 Nov 2026 (2 days)",
        "until 20 Nov 2026, which has come: look again",
        "Show INC-2 CF1",
    ):
        assert part in text, part


def test_an_empty_register_says_so() -> None:
    shown = risk_register.risk_list([], 1, AT.date(), accepted=False, others=2)
    assert shown.text == "Risks: no contributing factor is open"
    assert "Show accepted (2)" in str(shown.blocks)


def test_what_is_private_is_said_to_be() -> None:
    shown = risk_register.risk_list(risks(items("Keys", count=1, private=True)), 1, AT.date(), accepted=False, others=0)
    assert " · private · " in str(shown.blocks)


@pytest.mark.parametrize("text", HOSTILE)
def test_the_digest_is_sound_with_what_returns(text: str) -> None:
    many = items(f"{text} pool limit", count=9)
    risks_told = risks_this_week(many, many, AT.date() + timedelta(days=1))
    told = Digest(open=0, overdue=0, late=(), unowned=(), share=Share(closed=0, sample=0), risks=risks_told)
    assert_sound(digest_message(told, AT.date()))


def test_the_digest_names_what_returns_and_counts_what_nobody_does() -> None:
    many = items("Pool limit", count=3)
    risks_told = risks_this_week(many, many, AT.date() + timedelta(days=1))
    told = Digest(open=0, overdue=0, late=(), unowned=(), share=Share(closed=0, sample=0), risks=risks_told)
    text = str(digest_message(told, AT.date()).blocks)
    assert "The third incident in 90 days with a factor about “pool”, “limit”: INC-3, INC-2, INC-1" in text
    assert "Contributing factors: 3 open, 0 without a follow-up, 2 accepted until a day that has come." in text


def test_a_theme_is_counted_in_words_as_far_as_words_go() -> None:
    counted = [risk_register.ordinal(number) for number in (2, 3, 10, 11, 12, 21, 22, 23, 111)]
    assert counted == ["second", "third", "tenth", "11th", "12th", "21st", "22nd", "23rd", "111th"]
