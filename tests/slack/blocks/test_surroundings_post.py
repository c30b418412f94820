"""What is known around a new incident, as its channel reads it: one message."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.incident.listing import listing
from bot.incident.maintenance import Planned, Window, WindowNumber
from bot.incident.nearby import Neighbour, Relation
from bot.incident.service_change import ChangeKind, ServiceChange, Suspect
from bot.incident.surroundings import Surroundings
from bot.incident.terms import ChannelId, IncidentId, Status
from bot.slack.blocks.surroundings_post import surroundings_message
from tests.slack.blocks.given import AT, HOSTILE, incident
from tests.slack.blocks.rules import assert_sound, words
from tests.slack.blocks.test_hits import hit

HERE = incident(service="checkout")
NOBODY = Surroundings()


def neighbour(
    number: int, relation: Relation = Relation.SAME, service: str = "checkout", **changes: object
) -> Neighbour:
    other = replace(listing(incident(id=IncidentId(number), title="Replicas lag")), channel=ChannelId(f"C{number}"))
    other = replace(other, declared_at=AT - timedelta(minutes=30), **changes)  # type: ignore[arg-type]
    return Neighbour(listing=other, relation=relation, service=service, steps=1)


def changed(text: str = "Release 1.84") -> Suspect:
    change = ServiceChange(service="checkout", what=text, kind=ChangeKind.DEPLOY, at=AT - timedelta(minutes=20))
    return Suspect(change=change, steps=0)


def window(why: str = "new disks") -> Window:
    wish = Planned(key="1", services=("checkout",), begins_at=AT, ends_at=AT + timedelta(hours=1), why=why)
    return Window(number=WindowNumber(3), plan=wish, is_told=True)


def shown(**found: object) -> str:
    return words(surroundings_message(replace(NOBODY, **found), HERE, AT))  # type: ignore[arg-type]


def test_all_of_it_is_one_message_that_the_phone_sums_up() -> None:
    found = Surroundings(
        window=window(), suspects=[changed()], neighbours=[neighbour(7)], precedents=[hit(id=IncidentId(3))]
    )
    message = surroundings_message(found, HERE, AT)
    assert_sound(message)
    assert message.text == "In maintenance · Changed shortly before: checkout · Nearby: INC-7 · Like this one: INC-3"
    said = words(message)
    order = ["checkout is in maintenance until", "*Changed shortly before*", "*Nearby*", "*Like this one*"]
    assert sorted(order, key=said.index) == order


def test_each_neighbour_says_why_it_is_one() -> None:
    said = shown(
        neighbours=[
            neighbour(7),
            neighbour(6, Relation.NEEDED, "database"),
            neighbour(5, Relation.NEEDING, "website", status=Status.RESOLVED),
            neighbour(4, Relation.NONE, ""),
        ]
    )
    assert said.split("\n") == [
        "*Nearby*",
        "• SEV1 · Investigating · INC-7 · Replicas lag · #C7 · declared 14:05 · the same service, checkout",
        "• SEV1 · Investigating · INC-6 · Replicas lag · #C6 · declared 14:05 · checkout needs database",
        "• SEV1 · Resolved · INC-5 · Replicas lag · #C5 · declared 14:05 · website needs checkout",
        "• SEV1 · Investigating · INC-4 · Replicas lag · #C4 · declared 14:05 · open, too",
    ]


def test_of_many_neighbours_five_are_told_and_the_others_counted() -> None:
    said = shown(neighbours=[neighbour(number) for number in range(20, 8, -1)])
    assert said.count("•") == 5
    assert said.endswith("And 7 more.")


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_people_wrote_means_anything(text: str) -> None:
    here = incident(service=text)
    near = [neighbour(number, relation, text, title=text) for number, relation in enumerate(Relation, 1)]
    found = Surroundings(window=window(text), suspects=[changed(text)], neighbours=near, precedents=[hit(text)])
    assert_sound(surroundings_message(found, here, AT))
