"""Services as they are shown: one with what hangs on it, all by their tiers, and what a tier suggests."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.incident.catalogue import Contact, Link, Party, Service, Slo, drawn_up
from bot.incident.gist import Gist, Shelf
from bot.incident.likeness import Likeness
from bot.incident.listing import listing
from bot.incident.policy import Policy
from bot.incident.state import Incident
from bot.incident.terms import GroupId, IncidentId, Severity, Status, UserId
from bot.slack import action_ids as ids
from bot.slack.action_ids import pack
from bot.slack.blocks import answers, cards
from bot.slack.blocks.modals import declare_modal
from bot.slack.blocks.service_pages import services_page
from bot.slack.buttons import on_press
from bot.slack.slash_command import on_slash_command
from tests.slack.blocks.given import AT
from tests.slack.given_desk import ADA, BEN, CLEO, DEE, Given, given, inc42, press, slash

CHECKOUT = Service(
    name="checkout",
    about="Turns a *cart* into <!channel> an order.",
    owner=Party(team="shop"),
    on_call=Party(users=(BEN,), groups=(GroupId("S0ONCALL1"),), words="& the rota"),
    tier=1,
    depends_on=("payments",),
    channels=("#checkout", "C0CHECKOUT"),
    dashboards=(Link(url="https://grafana.example/d/1", title="Over|view"),),
    runbooks=("bad-deploy", Link(url="https://wiki.example/x")),
    slos=(Slo(of="checkouts", objective=99.9, window=timedelta(days=30)),),
    contacts=(Contact(who="Sales", how="4711", checked=AT.date()),),
)
SHOP = Policy(
    teams={"shop": (CLEO,)},
    catalogue=drawn_up(
        [
            CHECKOUT,
            Service(name="payments", tier=2, depends_on=("database",)),
            Service(name="website", tier=1, depends_on=("checkout",)),
            Service(name="database", tier=1),
            Service(name="fax"),
        ]
    ),
)


def shop(*incidents: Incident) -> Given:
    here = given(*incidents)
    here.door.policy = SHOP
    gist = Gist(shelf=Shelf.PUBLIC, words=(), service="checkout")
    here.archive.hits = [Likeness(listing=listing(each), gist=gist) for each in incidents]
    return here


async def shown(here: Given, text: str, user: UserId = ADA) -> str:
    answer = await on_slash_command(here.desk, slash(text, user=user))
    assert answer is not None
    return str(answer["blocks"])


async def test_a_service_is_shown_with_all_that_hangs_on_it() -> None:
    said = await shown(shop(), "service Checkout")
    for part in (
        "*checkout* · tier 1",
        "Owner   shop (<@U0CLEO>)",
        "On call   <@U0BEN>, <!subteam^S0ONCALL1>, &amp; the rota",
        "Channels   #checkout, <#C0CHECKOUT>",
        "checkout is tier 1: the rubric suggests SEV1.",
        "Needs   payments, database (over payments)",
        "Needed by   website",
        "SLO   99.9 % of checkouts, within 30 days",
        "<https://grafana.example/d/1|Over¦view>",
        "Runbooks   Bad deploy, <https://wiki.example/x|",
        "Playbook   Bad deploy: matches the service 'checkout'",
        "Sales: 4711 (checked",
    ):
        assert part in said, part
    assert "<!channel>" not in said


async def test_only_incidents_that_the_viewer_may_see_are_shown() -> None:
    ended = inc42(id=IncidentId(7), title="Yesterday", status=Status.RESOLVED)
    private = inc42(id=IncidentId(9), title="Hidden", private=True)
    said = await shown(shop(inc42(), ended, private), "service checkout", CLEO)
    assert said.index("INC-42") < said.index("Recent") < said.index("Yesterday")
    assert ("INC-9" in said, "Hidden" in said) == (False, False)
    assert "INC-9" in await shown(shop(private), "service checkout", ADA)
    assert "No incident on it that you can see." in await shown(shop(private), "service checkout", CLEO)


async def test_an_unknown_name_brings_the_nearest_and_the_list() -> None:
    answer = await on_slash_command(shop().desk, slash("service chekout"))
    assert answer is not None
    assert answer["text"] == "“chekout” is no service that I know. Did you mean checkout?"
    assert "Show services" in str(answer["blocks"])


async def test_without_a_name_all_are_listed_by_tier() -> None:
    said = await shown(shop(), "services")
    assert said.index("*checkout*") < said.index("*website*") < said.index("*payments*") < said.index("*fax*")


async def test_a_guest_is_shown_nothing() -> None:
    answer = await on_slash_command(shop().desk, slash("service checkout", user=DEE))
    assert "tier" not in str(answer)


def test_many_services_come_in_pages() -> None:
    many = replace(SHOP, catalogue=drawn_up(Service(name=f"s{number:03}") for number in range(40)))
    page = services_page(many, 2)
    assert "page 2 of 3" in page.text
    assert "*s015*" in str(page.blocks)
    assert "*s014*" not in str(page.blocks)


def test_an_organisation_without_services_is_told_how_to_begin() -> None:
    assert "services.yaml" in services_page(Policy(), 1).text


async def test_buttons_show_a_service_and_declare_for_it() -> None:
    here = shop()
    await on_press(here.desk, press(ids.SHOW_SERVICE, pack(0, "payments")))
    assert here.slack.answer == "payments · tier 2"
    await on_press(here.desk, press(ids.DECLARE_FOR, pack(0, "checkout")))
    chosen = [block for block in here.slack.view["blocks"] if block.get("block_id") == "service"]
    assert chosen[0]["element"]["initial_option"]["value"] == "checkout"
    assert "checkout is tier 1: the rubric suggests SEV1." in str(here.slack.view)


def groups(view: dict[str, Any]) -> list[tuple[str, list[str]]]:
    (found,) = [block for block in view["blocks"] if block.get("block_id") == "service"]
    return [
        (group["label"]["text"], [option["value"] for option in group["options"]])
        for group in found["element"]["option_groups"]
    ]


def test_the_form_offers_services_by_their_tiers() -> None:
    policy = replace(SHOP, services={"printer": ()})
    assert groups(declare_modal(policy, pack(0))) == [
        ("Tier 1: the rubric suggests SEV1", ["checkout", "database", "website"]),
        ("Tier 2: the rubric suggests SEV2", ["payments"]),
        ("Others", ["fax", "printer"]),
    ]


def test_services_without_tiers_need_no_headings() -> None:
    (found,) = [
        block
        for block in declare_modal(Policy(services={"fax": ()}), pack(0))["blocks"]
        if block.get("block_id") == "service"
    ]
    assert [option["value"] for option in found["element"]["options"]] == ["fax"]
    assert "dispatch_action" not in found


async def test_choosing_a_service_shows_its_suggestion_and_keeps_the_severity() -> None:
    here = shop()
    chosen = {
        "type": "block_actions",
        "user": {"id": ADA},
        "trigger_id": "1.2.abc",
        "view": {"id": "V7", "type": "modal", "private_metadata": pack(0, "https://hooks.example/x", "")},
        "actions": [
            {
                "type": "static_select",
                "action_id": "value",
                "block_id": "service",
                "selected_option": {"value": "checkout"},
            }
        ],
    }
    await on_press(here.desk, chosen)
    method, arguments = here.slack.calls[-1]
    assert (method, arguments["view_id"]) == ("views.update", "V7")
    assert arguments["view"]["private_metadata"] == pack(0, "https://hooks.example/x", "")
    assert "checkout is tier 1: the rubric suggests SEV1." in str(arguments["view"])
    severity = next(block for block in arguments["view"]["blocks"] if block.get("block_id") == "severity")
    assert severity["element"]["initial_option"]["value"] == "SEV2"


@pytest.mark.parametrize(("severity", "hinted"), [(Severity.SEV1, False), (Severity.SEV2, True), (Severity.SEV3, True)])
def test_whoever_chose_less_than_the_tier_suggests_is_told_once(severity: Severity, *, hinted: bool) -> None:
    told = answers.declared(inc42(service="checkout", severity=severity), SHOP, AT).text
    assert ("checkout is tier 1: the rubric suggests SEV1." in told) == hinted


def test_the_card_says_what_is_affected_with_tier_and_owner() -> None:
    card = cards.summary_card(inc42(service="checkout"), SHOP, AT)
    on_call = f"on call <@{BEN}>, <!subteam^S0ONCALL1>, &amp; the rota"
    assert f"Impact   checkout (tier 1, owner shop, {on_call}): " in str(card.blocks)


def test_a_drills_card_mentions_no_owner() -> None:
    owned = replace(CHECKOUT, owner=Party(users=(CLEO,)))
    policy = replace(SHOP, catalogue=drawn_up([owned]))
    assert CLEO not in str(cards.summary_card(inc42(service="checkout", drill=True), policy, AT).blocks)
    assert CLEO in str(cards.summary_card(inc42(service="checkout"), policy, AT).blocks)
