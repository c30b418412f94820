"""Which of two hits is told first, and what makes two incidents alike."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.incident.commands import DeclareIncident
from bot.incident.gist import Gist, Shelf
from bot.incident.likeness import MOST_WORDS_ASKED, Matches, alike, asked_of, likeness, weight
from bot.incident.listing import Listing, listing
from bot.incident.terms import IncidentId, Severity
from tests.incident.given import ADA, NOON, ROLLBACK, Story, checkout

GIST = Gist(shelf=Shelf.PUBLIC, words=())


def shelf(count: int = 100, **holders: set[int]) -> Matches:
    """A shelf on which these incidents hold these words."""
    found = {word: frozenset(map(IncidentId, numbers)) for word, numbers in holders.items()}
    return Matches(
        count=count, frequency={word: len(each) for word, each in found.items()}, holders=found, whole=frozenset()
    )


def told(**changes: Any) -> Listing:
    return replace(listing(checkout().state), **changes)


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    matches = shelf(rare={1}, common=set(range(1, 90)))
    assert weight(told(), ["rare"], matches, NOON) > weight(told(), ["common"], matches, NOON) > 0


def test_a_word_of_the_title_weighs_twice() -> None:
    matches = shelf(checkout={1}, replica={1})
    assert weight(told(), ["checkout"], matches, NOON) == 2 * weight(told(), ["replica"], matches, NOON)


def test_the_newer_and_the_graver_weigh_more() -> None:
    matches = shelf(replica={1})
    weights = [
        weight(told(declared_at=NOON - timedelta(days=days), severity=severity), ["replica"], matches, NOON)
        for days, severity in ((0, Severity.SEV1), (0, Severity.SEV3), (900, Severity.SEV3))
    ]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) == 3


def test_two_telling_things_in_common_make_incidents_alike_and_one_does_not() -> None:
    matches = shelf(replica={1, 2}, lag={1})
    asked = {"replica": "replicas", "lag": "lag"}
    assert alike(IncidentId(9), asked, matches, 20) == {1: ["replica", "lag"]}


def test_a_word_in_more_than_every_fourth_incident_makes_nothing_alike_but_a_service_does() -> None:
    many = set(range(1, 60))
    held: dict[str, Any] = {"down": many, "service:checkout": many, "replica": {5}}
    matches = shelf(**held)
    asked = dict.fromkeys(("service:checkout", "down", "replica"), "")
    assert alike(IncidentId(90), asked, matches, 20) == {5: ["service:checkout", "replica"]}


def test_nothing_later_and_not_the_incident_itself_is_like_it() -> None:
    matches = shelf(replica={3, 4, 5}, lag={3, 4, 5})
    assert list(alike(IncidentId(4), dict.fromkeys(("replica", "lag"), ""), matches, 20)) == [3]


def test_no_more_than_wanted_the_likest_and_then_the_newest() -> None:
    matches = shelf(replica={1, 2, 3}, lag={1, 2, 3}, kestrel={2})
    assert list(alike(IncidentId(9), dict.fromkeys(("replica", "lag", "kestrel"), ""), matches, 2)) == [2, 3]


def test_it_is_asked_by_its_marks_and_the_words_of_title_and_impact() -> None:
    command = DeclareIncident(
        by=ADA, title="Orders: replicas lag", service="Orders", impact="Nobody pays", checklist=ROLLBACK
    )
    asked = asked_of(Story().declare(command).state)
    assert list(asked) == ["service:orders", "playbook:bad-deploy", "replica", "lag", "nobody", "pay"]
    assert asked["replica"] == "replicas"


def test_however_long_its_title_it_asks_for_few_words() -> None:
    title = " ".join(f"w{number}" for number in range(60))
    assert len(asked_of(Story().declare(DeclareIncident(by=ADA, title=title)).state)) == MOST_WORDS_ASKED


def test_why_names_the_words_as_they_were_asked_and_which_the_title_has() -> None:
    shared = ["service:checkout", "checkout", "replica"]
    asked = {"service:checkout": "", "checkout": "checkouts", "replica": "replicas"}
    found = likeness(told(), GIST, shared, asked)
    assert (found.words, found.titled) == (("checkouts", "replicas"), ("checkouts",))
    assert (found.same_service, found.same_playbook) == (True, False)
