"""services.yaml becomes a Catalogue, and every mistake becomes a sentence with a line."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.incident.catalogue import Catalogue, Contact, Link, Party, Slo
from bot.incident.terms import Severity
from bot.playbook.holdings import is_read, read_holdings
from bot.playbook.policy_file import parse_policy
from bot.playbook.problems import LibraryProblems
from bot.playbook.services_file import parse_services

WHOLE = """services:
  checkout:
    aliases: till
    about: Turns a cart into an order.
    owner: shop
    on_call: [U024BE7LH, S024BE7LH, The rota]
    tier: 1
    depends_on: [payments]
    channels: ["#checkout", C024BE7LH]
    dashboards: {Overview: "https://grafana.example/d/1"}
    runbooks: [checkout-outage, "https://wiki.example/checkout"]
    slos: [{of: checkouts, objective: 99.9%, window: 30d}]
    contacts: [{who: Sales, how: 4711, checked: 2026-10-01}]
"""


def problems_of(text: str) -> list[str]:
    with pytest.raises(LibraryProblems) as caught:
        parse_services(text)
    return [str(problem) for problem in caught.value.problems]


def one(text: str) -> str:
    (problem,) = problems_of(text)
    return problem


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "services: {}\n"])
def test_an_empty_file_is_an_empty_catalogue(text: str) -> None:
    assert parse_services(text) == (Catalogue(), ())


def test_every_field_is_kept() -> None:
    service = parse_services(WHOLE)[0].services["checkout"]
    assert (service.tier, service.depends_on, service.aliases) == (1, ("payments",), ("till",))
    assert service.owner == Party(team="shop")
    assert (service.on_call.users, service.on_call.groups) == (("U024BE7LH",), ("S024BE7LH",))
    assert service.on_call.words == "The rota"
    assert service.channels == ("#checkout", "C024BE7LH")
    assert service.dashboards == (Link(url="https://grafana.example/d/1", title="Overview"),)
    assert service.runbooks == ("checkout-outage", Link(url="https://wiki.example/checkout"))
    assert service.slos == (Slo(of="checkouts", objective=99.9, window=timedelta(days=30)),)
    assert service.contacts == (Contact(who="Sales", how="4711", checked=date(2026, 10, 1)),)


def test_a_service_needs_only_a_name() -> None:
    assert parse_services("services: {search: {}}")[0].services["search"].tier is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("servces: {}", "1: servces: is no field known here; did you mean `services`?"),
        ("services:\n  a:\n    teir: 1", "3: services.a.teir: is no field known here; did you mean `tier`?"),
        ("services:\n  a:\n    tier: 7", "3: services.a.tier: 7 is no tier; use 1 (the gravest) to 4"),
        ("services:\n  a: {owner: The Shop}", "2: services.a.owner: The Shop is no owner; name a team of policy.yaml"),
        ("services:\n  a:\n    channels: [general]", "3: services.a.channels: general is no channel; write its id"),
        ("services:\n  a:\n    dashboards: {X: 'javascript:alert(1)'}", "is no address; write one that begins with"),
        (
            "services:\n  a:\n    slos:\n      - {of: x, objective: 100, window: 30d}",
            "4: services.a.slos.objective: 100",
        ),
        ("services:\n  a:\n    slos:\n      - {of: x, objective: 99, window: 1h}", "1h is no window; write days"),
        ("services:\n  a:\n    contacts: [{who: b, how: c, checked: soon}]", "soon is no date"),
        ("services:\n  a: {}\n  A: {}", "3: services.A: `A` already names a"),
        ("services:\n  a: {}\n  b:\n    aliases: [a]", "4: services.b: `a` already names a"),
        ("services:\n  '-': {}", "2: services.-: `-` is no name"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, said: str) -> None:
    assert said in one(text)


@given(st.text(max_size=200))
def test_whatever_stands_there_it_is_a_catalogue_or_a_list_of_problems(text: str) -> None:
    with suppress(LibraryProblems):
        parse_services(text)


def test_the_catalogue_comes_with_the_policy() -> None:
    policy = read_holdings({"services.yaml": "services: {search: {tier: 2}}"}).policy
    assert policy.catalogue.services["search"].tier == 2


@pytest.mark.parametrize("path", ["services.yml", "Services.yaml", "service.yaml"])
def test_a_near_by_name_is_pointed_out(path: str) -> None:
    assert is_read(path)
    with pytest.raises(LibraryProblems, match=r"name it services\.yaml"):
        read_holdings({path: ""})


def test_tiers_go_by_rank_where_the_policy_names_none() -> None:
    text = "severities:\n  SEV1: {rubric: Down}\n  SEV2: {rubric: Slow}\n"
    policy = parse_policy(text)
    assert [policy.suggested_for(tier) for tier in (1, 2, 3, 4)] == [Severity.SEV1, *[Severity.SEV2] * 3]


def test_a_policy_that_names_tiers_is_taken_at_its_word() -> None:
    text = "severities:\n  SEV1: {rubric: Down, tiers: [1, 2]}\n  SEV2: {rubric: Slow}\n"
    policy = parse_policy(text)
    assert [policy.suggested_for(tier) for tier in (1, 2, 3)] == [Severity.SEV1, Severity.SEV1, None]


def test_one_tier_suggests_one_severity() -> None:
    text = "severities:\n  SEV1: {rubric: Down, tiers: 1}\n  SEV2:\n    rubric: Slow\n    tiers: [1, 2]\n"
    with pytest.raises(LibraryProblems, match=r":5: severities\.SEV2\.tiers: tier 1 already suggests SEV1"):
        parse_policy(text)
