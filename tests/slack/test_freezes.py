"""Deploy freezes at the desk: what is typed and pressed, and how freezes read."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.incident.alert_board import AlertBoard, Member
from bot.incident.catalogue import Service, drawn_up
from bot.incident.freeze import Freeze, FreezeNumber
from bot.incident.freeze_effects import TellFreeze
from bot.incident.policy import FreezeRule, Policy
from bot.incident.proposal import Proposal, ProposalState
from bot.incident.terms import IncidentId, UserId
from bot.slack import action_ids as ids
from bot.slack.action_ids import pack
from bot.slack.blocks.freeze_cards import begun, ends_soon, freeze_list, over
from bot.slack.buttons import on_press
from bot.slack.slash_command import on_slash_command
from tests.incident.proposals import proposed
from tests.slack.blocks.given import AT, CHANNEL, attached_alert
from tests.slack.given_desk import ADA, BEN, DEE, Given, given, inc42, press, slash

SHOP = Policy(
    catalogue=drawn_up(
        [Service(name="checkout", channels=("C0SHOP",), aliases=("till",)), Service(name="payment provider")]
    )
)
HOUR = timedelta(hours=1)
DAY = 24 * HOUR


def shop(**changes: object) -> Given:
    here = given(inc42(**changes))
    here.door.policy = SHOP
    return here


async def said(here: Given, text: str, user: UserId = ADA, channel: str = "C0ELSE") -> str:
    answer = await on_slash_command(here.desk, {**slash(f"freeze {text}", user=user), "channel_id": channel})
    assert answer is not None
    return str(answer["text"])


def only(here: Given) -> Freeze:
    (freeze,) = here.freezes.kept.values()
    return freeze


@pytest.mark.parametrize(
    ("text", "services", "lasts", "why"),
    [
        ("checkout", ("checkout",), DAY, ""),
        ("Till 2h budget is spent", ("checkout",), 2 * HOUR, "budget is spent"),
        ("checkout because 2 h of 500s", ("checkout",), DAY, "because 2 h of 500s"),
        ("Payment Provider for 2d: they say so", ("payment provider",), 2 * DAY, "they say so"),
        ("checkout, payment provider 90 min", ("checkout", "payment provider"), 1.5 * HOUR, ""),
    ],
)
async def test_what_is_typed_is_frozen(text: str, services: tuple[str, ...], lasts: timedelta, why: str) -> None:
    here = shop()
    answer = await said(here, text)
    freeze = only(here)
    assert (freeze.services, freeze.until - freeze.since, freeze.why) == (services, lasts, why)
    assert "are frozen by" in answer
    assert "freeze end F1" in answer


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("chekout 2h", "Did you mean checkout?"),
        ("chekout it is spent", "“chekout” is no service"),
        ("checkout 9d", "between 1 minute and 7 days"),
        ("end", "Say which one"),
        ("extend", "Say which one"),
        ("end F7", "“F7” names no freeze"),
        ("extend checkout", "“checkout” names no freeze"),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_is_frozen(text: str, why: str) -> None:
    here = shop()
    assert why in await said(here, text)
    assert here.freezes.kept == {}


async def test_its_stakeholders_are_told_in_the_step_that_begins_it() -> None:
    here = shop()
    await said(here, "checkout, payment provider")
    assert [each.place for each in here.freezes.told if isinstance(each, TellFreeze)] == ["C0SHOP", ""]


async def test_one_command_delivered_twice_is_one_freeze() -> None:
    here = shop()
    for _ in range(2):
        assert "(F1)" in await said(here, "checkout")
    assert len(here.freezes.kept) == 1


async def test_what_is_frozen_already_is_not_frozen_again() -> None:
    here = shop()
    await said(here, "checkout")
    answer = await on_slash_command(here.desk, {**slash("freeze till", user=BEN), "trigger_id": "other"})
    assert "frozen already (F1, by <@U0ADA>)" in str(answer)
    await on_press(here.desk, press(ids.FREEZE_DEPLOYS, pack(0, "till"), user=BEN))
    assert "are frozen by <@U0ADA>" in here.slack.answer
    assert len(here.freezes.kept) == 1


async def test_it_is_ended_by_number_by_service_and_by_button() -> None:
    for end in ("end f1", "lift Till", ""):
        here = shop()
        await said(here, "checkout")
        if end:
            assert "has ended (F1)" in await said(here, end)
        else:
            await on_press(here.desk, press(ids.END_FREEZE, pack(0, "F1")))
            assert "has ended (F1)" in here.slack.answer
        assert only(here).ended_by == ADA


async def test_it_is_extended_by_command_and_by_button_once_for_what_the_button_shows() -> None:
    here = shop()
    await said(here, "checkout 2h")
    shown = int(only(here).until.timestamp())
    assert "until" in await said(here, "extend F1 3h")
    assert only(here).until == AT + 3 * HOUR
    await on_press(here.desk, press(ids.EXTEND_FREEZE, pack(0, "F1", shown)))
    assert only(here).until == AT + 3 * HOUR
    await on_press(here.desk, press(ids.EXTEND_FREEZE, pack(0, "F1", int(only(here).until.timestamp()))))
    assert only(here).until == AT + DAY


async def test_it_follows_from_the_incident_in_whose_channel_it_is_typed_unless_that_is_private() -> None:
    for private, incident in ((False, IncidentId(42)), (True, None)):
        here = shop(private=private)
        await said(here, "checkout", channel=CHANNEL)
        assert only(here).incident == incident


async def test_a_drill_freezes_nothing() -> None:
    here = shop(drill=True)
    assert "A drill freezes nothing" in await said(here, "checkout", channel=CHANNEL)
    assert here.freezes.kept == {}


async def test_a_guest_freezes_nothing() -> None:
    here = shop()
    assert "Guests of this workspace" in await said(here, "checkout", DEE)
    assert here.freezes.kept == {}


async def test_the_page_of_the_service_freezes_it_or_says_that_it_is_frozen() -> None:
    here = shop()
    page = str(await on_slash_command(here.desk, slash("service checkout")))
    assert "checkout, for 24 h" in page
    await on_press(here.desk, press(ids.FREEZE_DEPLOYS, pack(0, "checkout")))
    page = str(await on_slash_command(here.desk, slash("service checkout")))
    assert "Deploys of checkout are frozen by <@U0ADA>" in page
    assert ids.FREEZE_DEPLOYS not in page


def freeze(**changes: object) -> Freeze:
    made = Freeze(
        number=FreezeNumber(3),
        services=("checkout",),
        since=AT,
        until=AT + DAY,
        by=ADA,
        request="1",
        after=0,
        why="<!channel> spent",
        incident=IncidentId(42),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_what_stakeholders_read_when_it_begins_ends_soon_and_is_over() -> None:
    told = str(begun(freeze(), AT).blocks)
    assert "Deploys of checkout are frozen until" in told
    assert "Frozen by <@U0ADA>, because of INC-42." in told
    assert "<!channel>" not in told
    asked = ends_soon(freeze(), FreezeRule(), AT + 23 * HOUR)
    assert asked.text.startswith("<@U0ADA>, the freeze of checkout ends at")
    assert "Keep it 24 h more" in str(asked.blocks)
    last = over(freeze(ended_at=AT + HOUR, ended_by=BEN), AT).text
    assert last == "checkout may be deployed again after 1 h (F3, ended by <@U0BEN>)."


def test_the_list_has_what_holds_with_buttons_then_what_is_over() -> None:
    shown = str(freeze_list([freeze(number=FreezeNumber(2), ended_at=AT, services=("search",)), freeze()], AT).blocks)
    assert "Deploy freezes: 1 now." in shown
    assert shown.index("*checkout*") < shown.index("Over, the last week") < shown.index("search")
    assert "No deploys are frozen." in str(freeze_list([], AT).blocks)


def spent(*services: str) -> AlertBoard:
    """The alerts of an incident, which ask to freeze these."""
    told = [
        replace(attached_alert(each, each), service=each, freeze=True, suggest="Freeze *it*", summary="Budget <!here>")
        for each in services
    ]
    members = {each.key: Member(attached=each, first=each.reason, since=AT) for each in told}
    return AlertBoard(members=members)


async def test_a_card_whose_alerts_ask_for_a_freeze_has_its_button_and_then_says_who_froze_it() -> None:
    here = shop(alerts=spent("till"), service="search")
    card = str(await on_slash_command(here.desk, slash("show INC-42")))
    assert "Suggested   Freeze" in card
    assert "checkout, for 24 h" in card
    for user in (ADA, BEN):
        await on_press(here.desk, press(ids.FREEZE_DEPLOYS, pack(42), user=user))
        assert "Deploys of checkout are frozen by <@U0ADA>" in here.slack.answer
    freeze = only(here)
    assert (freeze.services, freeze.incident, freeze.why) == (("checkout",), IncidentId(42), "Budget <!here>")
    card = str(await on_slash_command(here.desk, slash("show INC-42")))
    assert "Deploys of checkout are frozen by <@U0ADA>" in card
    assert "Suggested" not in card
    assert "<!here>" not in card


async def test_the_button_of_an_alert_that_has_resolved_freezes_nothing() -> None:
    here = shop()
    await on_press(here.desk, press(ids.FREEZE_DEPLOYS, pack(42)))
    assert "No alert of INC-42 asks for a freeze any more." in here.slack.answer
    assert here.freezes.kept == {}


async def test_the_alerts_of_a_drill_suggest_and_freeze_nothing() -> None:
    here = shop(alerts=spent("checkout"), drill=True)
    card = str(await on_slash_command(here.desk, slash("show INC-42")))
    assert "Suggested" in card
    assert ids.FREEZE_DEPLOYS not in card
    await on_press(here.desk, press(ids.FREEZE_DEPLOYS, pack(42)))
    assert "A drill freezes nothing" in here.slack.answer
    assert here.freezes.kept == {}


def asking(service: str = "till") -> Proposal:
    """A proposal whose alert asks to freeze this service."""
    made = proposed()
    (known,) = made.members.values()
    judged = replace(known.judged, service=service, freeze=True, suggest="Freeze it.")
    return replace(made, shown_at=AT, members={"f1": replace(known, judged=judged)})


def proposing(proposal: Proposal) -> Given:
    here = shop()
    here.proposals.kept[proposal.number] = proposal
    return here


async def test_a_proposal_is_settled_by_the_freeze_that_it_asks_for() -> None:
    here, asked = proposing(asking()), asking()
    for user in (ADA, BEN):
        await on_press(here.desk, press(ids.FREEZE_PROPOSAL, pack(0, asked.key), user=user))
    assert "<@U0ADA> has frozen deploys for P7 already (F1)." in here.slack.answer
    settled = here.proposals.kept[asked.number]
    assert (settled.state, settled.decided_by, settled.why) == (ProposalState.FROZEN, ADA, "F1")
    assert (only(here).services, only(here).why) == (("checkout",), asked.title)


async def test_whoever_was_cut_off_after_the_freeze_settles_the_proposal_by_pressing_again() -> None:
    here, asked = proposing(asking()), asking()
    await said(here, "checkout")
    await on_press(here.desk, press(ids.FREEZE_PROPOSAL, pack(0, asked.key), user=BEN))
    assert here.proposals.kept[asked.number].state is ProposalState.FROZEN
    assert only(here).by == ADA


async def test_a_proposal_about_a_service_that_nobody_knows_waits_on() -> None:
    here, asked = proposing(asking("tyll")), asking("tyll")
    await on_press(here.desk, press(ids.FREEZE_PROPOSAL, pack(0, asked.key)))
    assert "“tyll” is no service that I know." in here.slack.answer
    assert here.proposals.kept[asked.number].is_open
