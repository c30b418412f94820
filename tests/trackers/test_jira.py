"""Jira's answers mean what they mean: against a small Jira over a real socket."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.incident.remote_issue import NewIssue
from bot.issue_ports import IssueGone, Tracker
from bot.ports import Unavailable
from bot.slack_ports import Refused
from bot.trackers.opening import open_tracker
from tests.trackers.small_jira import TOKEN, USER, SmallJira

MARKER = "muster-1a2b-inc-42-f3"
NEW = NewIssue(title="Alert earlier", lines=("INC-42 F3: after “Checkout”.", "Owner: Ben"), marker=MARKER)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
async def jira() -> AsyncIterator[SmallJira]:
    async with SmallJira() as jira:
        yield jira


@pytest.fixture
async def tracker(jira: SmallJira) -> AsyncIterator[Tracker]:
    async with open_tracker(
        name="Jira", url=jira.url, place=jira.project, token=TOKEN, user=USER, issue_type="Task"
    ) as tracker:
        yield tracker


async def refusal(tracker: Tracker) -> Unavailable:
    with pytest.raises(Unavailable) as caught:
        await tracker.file(NEW)
    return caught.value


async def test_an_issue_is_filed_found_and_read_again(jira: SmallJira, tracker: Tracker) -> None:
    filed = await tracker.file(NEW)
    assert (filed.key, filed.url, filed.closed) == ("OPS-1", f"{jira.url}/browse/OPS-1", False)
    assert jira.issues["OPS-1"]["labels"] == ["muster", MARKER]
    found = await tracker.find(MARKER)
    assert found is not None
    assert found.key == "OPS-1"
    assert await tracker.find("muster-1a2b-inc-42-f4") is None
    assert not (await tracker.read("OPS-1")).closed


async def test_foreign_text_is_data(jira: SmallJira, tracker: Tracker) -> None:
    hostile = "[~accountid:1] {panel} *now* https://ok.example/a_b."
    await tracker.file(NewIssue(title=hostile, lines=(hostile,), marker="m"))
    (paragraph,) = jira.issues["OPS-1"]["description"]["content"]
    kinds = [(node["text"], bool(node.get("marks"))) for node in paragraph["content"]]
    assert kinds == [("[~accountid:1] {panel} *now* ", False), ("https://ok.example/a_b", True), (".", False)]


async def test_it_is_moved_by_what_the_workflow_offers(jira: SmallJira, tracker: Tracker) -> None:
    await tracker.file(NEW)
    assert (await tracker.change("OPS-1", title="Alert 30 days before", closed=True)).done
    assert (jira.issues["OPS-1"]["status"], jira.issues["OPS-1"]["summary"]) == ("Done", "Alert 30 days before")
    await tracker.change("OPS-1", title=None, closed=False)
    assert jira.issues["OPS-1"]["status"] == "To Do"
    assert not (await tracker.change("OPS-1", title=None, closed=True, done=False)).done
    assert jira.issues["OPS-1"]["status"] == "Won't do"


async def test_a_resolution_is_given_where_the_workflow_asks_for_one(jira: SmallJira, tracker: Tracker) -> None:
    jira.asks_for_resolution = True
    jira.workflow = {"Open": "new", "Closed": "done"}
    await tracker.file(NEW)
    jira.issues["OPS-1"]["status"] = "Open"
    assert not (await tracker.change("OPS-1", title=None, closed=True, done=False)).done
    assert jira.issues["OPS-1"]["resolution"] == "Won't Do"


async def test_a_workflow_without_a_way_says_so(jira: SmallJira, tracker: Tracker) -> None:
    jira.workflow = {"To Do": "new", "In Progress": "indeterminate"}
    await tracker.file(NEW)
    with pytest.raises(Refused, match="offers no transition to a status that is done"):
        await tracker.change("OPS-1", title=None, closed=True)


async def test_what_is_so_already_is_not_moved_again(jira: SmallJira, tracker: Tracker) -> None:
    await tracker.file(NEW)
    await tracker.change("OPS-1", title=None, closed=True)
    writes = jira.writes()
    await tracker.change("OPS-1", title=None, closed=True)
    assert jira.writes() == writes


async def test_comments_are_found_by_their_mark(jira: SmallJira, tracker: Tracker) -> None:
    await tracker.file(NEW)
    await tracker.comment("OPS-1", ["Said"], f"{MARKER}-v14-v16")
    assert await tracker.find_comment("OPS-1", f"{MARKER}-v14-v") == f"{MARKER}-v14-v16"
    assert await tracker.find_comment("OPS-1", f"{MARKER}-v16-v") == ""


async def test_changes_are_read_in_the_accounts_own_time_zone(jira: SmallJira, tracker: Tracker) -> None:
    jira.now = lambda: NOON
    await tracker.file(NEW)
    jira.now = lambda: NOON + timedelta(hours=1)
    jira.somebody_moves("OPS-1", "Done")
    (changed,) = (await tracker.changed_since(NOON + timedelta(minutes=30), "")).issues
    assert (changed.closed, changed.changed_at) == (True, NOON + timedelta(hours=1))
    assert '"2026-03-02 13:20"' in jira.jql[-1]
    assert (await tracker.changed_since(NOON + timedelta(hours=2), "")).issues == ()


async def test_where_summer_time_ends_an_hour_more_is_read(jira: SmallJira, tracker: Tracker) -> None:
    await tracker.changed_since(datetime(2026, 10, 25, 1, 40, tzinfo=UTC), "")
    assert '"2026-10-25 02:30"' in jira.jql[-1]
    await tracker.changed_since(datetime(2026, 10, 25, 0, 40, tzinfo=UTC), "")
    assert '"2026-10-25 01:30"' in jira.jql[-1]


async def test_all_pages_are_read(jira: SmallJira, tracker: Tracker) -> None:
    jira.now = lambda: NOON
    for number in range(230):
        await tracker.file(NewIssue(title=f"Issue {number}", lines=(), marker=f"m-{number}"))
    seen, page = set(), ""
    for _ in range(3):
        found = await tracker.changed_since(NOON, page)
        seen |= {issue.key for issue in found.issues}
        page = found.next
    assert (len(seen), page) == (230, "")


async def test_a_limit_is_waited_for(jira: SmallJira, tracker: Tracker) -> None:
    jira.fault("POST", "issue", status=429, headers={"Retry-After": "40"})
    assert (await refusal(tracker)).after == timedelta(seconds=40)


@pytest.mark.parametrize("how", [{"status": 503}, {"status": 0, "after": True}])
async def test_a_lost_answer_leaves_it_open_whether_it_was_filed(
    jira: SmallJira, tracker: Tracker, how: dict[str, int]
) -> None:
    jira.fault("POST", "issue", **how)
    assert (await refusal(tracker)).unknown


async def test_what_concerns_the_whole_project_waits_and_says_what_to_do(jira: SmallJira, tracker: Tracker) -> None:
    said = []
    jira.is_there = False
    said.append((await refusal(tracker)).reason)
    jira.is_there, jira.token = True, "another"
    said.append((await refusal(tracker)).reason)
    for sentence, part in zip(said, ("JIRA_PROJECT names no project", "JIRA_USER with JIRA_TOKEN"), strict=True):
        assert part in sentence
        assert TOKEN not in sentence


async def test_what_is_refused_as_invalid_says_why(jira: SmallJira, tracker: Tracker) -> None:
    with pytest.raises(Refused, match="You must specify a summary"):
        await tracker.file(NewIssue(title=" ", lines=(), marker="m"))


async def test_an_issue_that_is_gone_says_how(jira: SmallJira, tracker: Tracker) -> None:
    for _ in range(2):
        await tracker.file(NEW)
    jira.somebody_deletes("OPS-1")
    jira.somebody_moves_it_away("OPS-2", "SHOP-7")
    with pytest.raises(IssueGone, match="OPS-1 was deleted"):
        await tracker.read("OPS-1")
    with pytest.raises(IssueGone, match="OPS-2 was moved to SHOP-7"):
        await tracker.read("OPS-2")


async def test_an_issue_of_another_project_is_never_touched(jira: SmallJira, tracker: Tracker) -> None:
    with pytest.raises(Refused, match="JIRA_PROJECT names OPS"):
        await tracker.change("SHOP-1", title=None, closed=True)


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        ({"is_there": False}, "correct it"),
        ({"archived": True}, "restore it"),
        ({"rights": False}, "CREATE_ISSUES"),
        ({"token": "another"}, "JIRA_TOKEN"),
    ],
)
async def test_the_check_names_what_is_wrong(
    jira: SmallJira, tracker: Tracker, wrong: dict[str, object], advice: str
) -> None:
    assert (await tracker.examine()).works
    for name, value in wrong.items():
        setattr(jira, name, value)
    found = await tracker.examine()
    assert not found.works
    assert advice in f"{found.sentence} {found.advice}"


async def test_an_issue_type_that_is_not_there_is_named_with_those_that_are(jira: SmallJira) -> None:
    opened = open_tracker(name="Jira", url=jira.url, place="OPS", token=TOKEN, user=USER, issue_type="Story")
    async with opened as tracker:
        found = await tracker.examine()
    assert "set JIRA_ISSUE_TYPE to one of Bug, Task" in found.advice
    assert TOKEN not in repr(tracker)


async def test_of_two_comments_the_later_goes(tracker: Tracker) -> None:
    await tracker.file(NEW)
    for until in (16, 17):
        await tracker.comment("OPS-1", ["Said"], f"muster-m-v14-v{until}")
    await tracker.comment("OPS-1", ["Said"], "muster-m-v17-v18")
    await tracker.keep_one("OPS-1", "muster-m-v14-v")
    assert await tracker.find_comment("OPS-1", "muster-m-v14-v17") == ""
    assert await tracker.find_comment("OPS-1", "muster-m-v14-v") == "muster-m-v14-v16"
    assert await tracker.find_comment("OPS-1", "muster-m-v17-v") == "muster-m-v17-v18"
