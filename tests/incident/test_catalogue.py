"""The catalogue of services: found by any of its names, and what fails with what, up and down the map."""

from hypothesis import given
from hypothesis import strategies as st

from bot.incident.catalogue import Catalogue, Party, Service, drawn_up
from bot.incident.policy import DEFAULT_SEVERITIES, Policy
from bot.incident.terms import Severity, UserId

ADA, BEN = UserId("U0ADA"), UserId("U0BEN")


def mapped(**needs: str) -> Catalogue:
    """Services with the names of what each depends on: mapped(checkout="payments cart")."""
    return drawn_up(Service(name=name, depends_on=tuple(needed.split())) for name, needed in needs.items())


SHOP = mapped(website="checkout search", checkout="payments", payments="database", search="database", database="")


def test_a_service_is_found_however_its_name_is_written() -> None:
    known = drawn_up([Service(name="payment-provider", aliases=("Vendor",))])
    for name in ("payment-provider", "Payment provider", "PAYMENT_PROVIDER", "vendor"):
        found = known.find(name)
        assert found is not None
        assert found.name == "payment-provider"
    assert known.find("checkout") is None


def test_a_name_that_nobody_has_brings_the_nearest() -> None:
    assert SHOP.nearest("chekout") == ("checkout",)
    assert SHOP.nearest("pay") == ("payments",)
    assert SHOP.nearest("mailing") == ()


def test_what_a_service_needs_is_told_with_the_steps_to_it() -> None:
    assert [(each.name, each.steps, each.by) for each in SHOP.needs("checkout")] == [
        ("payments", 1, "checkout"),
        ("database", 2, "payments"),
    ]


def test_what_fails_with_a_service_is_told_the_nearest_first() -> None:
    reached = SHOP.needed_by("database")
    assert [(each.name, each.steps) for each in reached] == [
        ("payments", 1),
        ("search", 1),
        ("checkout", 2),
        ("website", 2),
    ]


def test_what_is_not_in_the_catalogue_is_on_the_map_all_the_same() -> None:
    shop = mapped(checkout="stripe")
    assert [each.name for each in shop.needs("checkout")] == ["stripe"]
    assert [each.name for each in shop.needed_by("stripe")] == ["checkout"]


def test_a_dependency_means_the_service_that_has_it_as_an_alias() -> None:
    shop = drawn_up(
        [Service(name="checkout", depends_on=("Postgres",)), Service(name="database", aliases=("postgres",))]
    )
    assert [each.name for each in shop.needed_by("database")] == ["checkout"]


def test_each_ring_is_found_once() -> None:
    ring = mapped(c="a", a="b", b="c", d="a", e="e")
    assert sorted(ring.cycles()) == [("a", "b", "c"), ("e",)]
    assert SHOP.cycles() == ()


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdefg"), max_size=4), max_size=6))
def test_up_and_down_are_one_map_and_no_ring_is_a_trap(needs: dict[str, list[str]]) -> None:
    drawn = mapped(**{name: " ".join(needed) for name, needed in needs.items()})
    for name in needs:
        reached = {each.name for each in drawn.needs(name)}
        assert name not in reached
        assert all(name in {back.name for back in drawn.needed_by(each)} for each in reached)


def test_services_come_in_the_order_of_their_tiers() -> None:
    shop = drawn_up(
        [Service(name="b"), Service(name="c", tier=2), Service(name="a", tier=2), Service(name="d", tier=1)]
    )
    assert list(shop.services) == ["d", "a", "c", "b"]


def test_whoever_answers_is_told_one_by_one() -> None:
    party = Party(users=(BEN,), team="shop")
    assert party.people({"shop": (ADA, BEN)}) == (BEN, ADA)
    assert not Party()


def test_a_tier_suggests_a_severity() -> None:
    policy = Policy()
    suggested = [policy.suggested_for(tier) for tier in (1, 2, 3, 4, None)]
    assert suggested == [Severity.SEV1, Severity.SEV2, Severity.SEV3, Severity.SEV3, None]
    assert len(DEFAULT_SEVERITIES) == 3


def test_names_of_the_policy_are_offered_after_those_of_the_catalogue() -> None:
    policy = Policy(services={"Checkout": (ADA,), "fax": ()}, catalogue=SHOP)
    assert policy.offered_services == ("checkout", "database", "payments", "search", "website", "fax")
