"""GET /api/incidents: pages, filters, ETags, and nothing private without the right."""

import pytest

from bot.incident.commands import CancelIncident
from bot.incident.terms import RequestId, Severity
from tests.api.given import INSIDER, READER, Caller
from tests.incident.given import ADA

LIST = "/api/incidents"


async def test_incidents_come_newest_first(caller: Caller) -> None:
    await caller.declared("Checkout returns 500", severity=Severity.SEV1)
    await caller.declared("Search is slow")
    answer = await caller.get(LIST)
    assert answer.status == 200
    assert [each["reference"] for each in answer.said["incidents"]] == ["INC-2", "INC-1"]
    assert answer.said["next"] is None


async def test_one_incident_is_told_in_full(caller: Caller) -> None:
    await caller.declared("Checkout returns 500", severity=Severity.SEV1, service="checkout", impact="Nobody can pay.")
    said = (await caller.get(f"{LIST}/1")).said
    assert (said["title"], said["severity"], said["service"]) == ("Checkout returns 500", "SEV1", "checkout")
    assert (said["impact"], said["open"], said["milestones"]["declared"]) == (
        "Nobody can pay.",
        True,
        "2026-03-02T12:00:00Z",
    )


async def test_a_page_names_the_next_one_until_all_were_told(caller: Caller) -> None:
    for number in range(5):
        await caller.declared(f"Incident {number}")
    told, path = [], f"{LIST}?limit=2"
    while path:
        page = (await caller.get(path)).said
        told += [each["number"] for each in page["incidents"]]
        path = page["next"]
    assert told == [5, 4, 3, 2, 1]


@pytest.mark.parametrize("open_", ["true", "false"])
async def test_pages_of_open_or_ended_ones_lose_none(caller: Caller, open_: str) -> None:
    for number in range(6):
        found = await caller.declared(f"Incident {number}")
        if number % 2:
            await caller.door.handle(found.id, CancelIncident(by=ADA), request=RequestId(f"cancel:{number}"))
    told, path = [], f"{LIST}?limit=1&open={open_}"
    while path:
        page = (await caller.get(path)).said
        told += [each["number"] for each in page["incidents"]]
        path = page["next"]
    assert told == ([5, 3, 1] if open_ == "true" else [6, 4, 2])


async def test_a_filter_by_severity_keeps_only_that(caller: Caller) -> None:
    await caller.declared("Checkout returns 500", severity=Severity.SEV1)
    await caller.declared("Search is slow", severity=Severity.SEV3)
    assert [each["number"] for each in (await caller.get(f"{LIST}?severity=SEV1")).said["incidents"]] == [1]


async def test_drills_are_left_out_unless_asked_for(caller: Caller) -> None:
    await caller.declared("The night ferry", drill=True)
    assert (await caller.get(LIST)).said["incidents"] == []
    assert len((await caller.get(f"{LIST}?drills=true")).said["incidents"]) == 1


async def test_a_private_incident_is_as_one_that_does_not_exist(caller: Caller) -> None:
    await caller.declared("Somebody sold our data", private=True)
    hidden, missing = await caller.get(f"{LIST}/1"), await caller.get(f"{LIST}/2")
    assert (await caller.get(LIST)).said == {"incidents": [], "next": None}
    assert (hidden.status, missing.status) == (404, 404)
    assert hidden.said["detail"].replace("INC-1", "INC-2") == missing.said["detail"]


async def test_who_has_the_right_sees_private_ones(caller: Caller) -> None:
    await caller.declared("Somebody sold our data", private=True)
    assert (await caller.get(f"{LIST}/1", INSIDER)).said["private"] is True
    assert len((await caller.get(LIST, INSIDER)).said["incidents"]) == 1


async def test_what_has_not_changed_is_not_sent_again(caller: Caller) -> None:
    await caller.declared("Checkout returns 500")
    tag = (await caller.get(LIST)).headers["ETag"]
    again = await caller.get(LIST, READER, **{"If-None-Match": tag})
    assert (again.status, again.said, again.headers["ETag"]) == (304, "", tag)
    await caller.declared("Search is slow")
    assert (await caller.get(LIST, READER, **{"If-None-Match": tag})).status == 200


async def test_what_a_private_incident_changes_changes_no_tag(caller: Caller) -> None:
    await caller.declared("Checkout returns 500")
    tag = (await caller.get(LIST)).headers["ETag"]
    await caller.declared("Somebody sold our data", private=True)
    assert (await caller.get(LIST)).headers["ETag"] == tag


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=many", "limit"),
        ("statsu=open", "statsu"),
        ("open=maybe", "open"),
        ("before=0", "before"),
    ],
)
async def test_a_question_that_cannot_be_names_the_field(caller: Caller, query: str, field: str) -> None:
    answer = await caller.get(f"{LIST}?{query}")
    assert (answer.status, answer.said["field"]) == (422, field)


async def test_a_field_that_is_there_twice_is_no_question(caller: Caller) -> None:
    answer = await caller.get(f"{LIST}?limit=1&limit=2")
    assert (answer.status, answer.said["detail"]) == (422, "limit is there twice.")


@pytest.mark.parametrize("number", ["0", "-1", "42x", "٤٢", "9" * 40, "INC-1"])
async def test_what_is_no_number_is_nowhere(caller: Caller, number: str) -> None:
    assert (await caller.get(f"{LIST}/{number}")).status == 404
