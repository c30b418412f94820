"""Which playbook fits, and why."""

import pytest

from bot.incident.terms import Severity
from bot.playbook.matching import best, find, suggestions
from tests.playbook.library_texts import playbook

DEPLOY = playbook("bad-deploy", severities=(Severity.SEV1,), words=("deploy", "rollback"))
LAG = playbook("replication-lag", words=("replication lag", "replica"), services=("database",))
CHECKOUT = playbook("checkout-outage", services=("Checkout",), words=("checkout", "支払い"), labels={"team": ("pay",)})
SHELF = (DEPLOY, LAG, CHECKOUT)


@pytest.mark.parametrize(
    ("title", "service", "labels", "expected"),
    [
        ("Errors after DEPLOY of 1.84", "", {}, ("bad-deploy", "matches the word 'deploy' and SEV1")),
        ("Redeployment is slow", "", {}, None),
        ("Replication-lag on eu-1", "", {}, ("replication-lag", "matches the words 'replication lag'")),
        ("Everything is slow", "checkout", {}, ("checkout-outage", "matches the service 'checkout'")),
        (
            "Deploy broke",
            "checkout",
            {"team": "pay"},
            ("checkout-outage", "matches the label team=pay and the service"),
        ),
        ("オンライン支払いができない", "", {}, ("checkout-outage", "matches the word '支払い'")),
        ("Rollback of the deploy, replica is stale", "", {}, ("bad-deploy", "matches the word 'deploy', the word")),
        ("Mails are late", "mail", {"team": "mail"}, None),
        ("", "", {}, None),
    ],
)
def test_the_best_playbook_comes_with_its_reason(
    title: str, service: str, labels: dict[str, str], expected: tuple[str, str] | None
) -> None:
    found = best(SHELF, severity=Severity.SEV1, title=title, service=service, labels=labels)
    name, reason = expected or ("", "")
    assert (found[0].id if found else "") == name
    assert (found[1] if found else "").startswith(reason)


def test_a_listed_severity_is_a_condition() -> None:
    assert best([DEPLOY], severity=Severity.SEV3, title="deploy") is None


def test_a_playbook_for_a_severity_alone_catches_what_nothing_else_fits() -> None:
    every_sev1 = playbook("any-sev1", severities=(Severity.SEV1,))
    assert best([every_sev1, *SHELF], severity=Severity.SEV1, title="Odd noise") == (every_sev1, "matches SEV1")
    found = best([every_sev1, *SHELF], severity=Severity.SEV1, title="deploy")
    assert found is not None
    assert found[0] is DEPLOY


def test_a_playbook_without_conditions_is_attached_by_name_only() -> None:
    assert best([playbook("tools")], severity=Severity.SEV1, title="tools") is None


def test_equal_fits_are_decided_by_id_whatever_the_order() -> None:
    twins = [playbook(name, words=("disk",)) for name in ("b", "a")]
    assert best(twins, severity=Severity.SEV2, title="disk") == best(twins[::-1], severity=Severity.SEV2, title="disk")


def test_decomposed_accents_are_the_same_word() -> None:
    found = best([playbook("cafe", words=("Café",))], severity=Severity.SEV2, title="cafe\u0301 closed")
    assert found is not None


@pytest.mark.parametrize("name", ["bad-deploy", "Bad Deploy", "bad d", "BAD"])
def test_a_playbook_is_found_by_id_title_or_unique_beginning(name: str) -> None:
    assert find(SHELF, name) is DEPLOY


@pytest.mark.parametrize("name", ["", "b", "deploy", "nothing"])
def test_an_unclear_name_finds_nothing(name: str) -> None:
    assert find(SHELF, name) is None


def test_a_beginning_of_two_playbooks_finds_neither() -> None:
    assert find([DEPLOY, playbook("bad-disk")], "bad") is None


@pytest.mark.parametrize("name", ["bad-delpoy", "deploy", "bda deploy"])
def test_a_near_name_is_suggested(name: str) -> None:
    assert suggestions(SHELF, name)[0] is DEPLOY


def test_nothing_is_suggested_for_a_far_name() -> None:
    assert suggestions(SHELF, "zzzz") == ()
