"""GitHub's answers mean what they mean: against a small GitHub over a real socket."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.incident.remote_issue import NewIssue
from bot.issue_ports import IssueGone, Tracker
from bot.ports import Unavailable
from bot.slack_ports import Refused
from bot.trackers.opening import open_tracker
from tests.trackers.small_github import TOKEN, SmallGitHub

NEW = NewIssue(title="Alert earlier", lines=("INC-42 F3: after “Checkout”.", "Owner: Ben"), marker="muster-1-inc-42-f3")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
async def github() -> AsyncIterator[SmallGitHub]:
    async with SmallGitHub() as github:
        yield github


@pytest.fixture
async def tracker(github: SmallGitHub) -> AsyncIterator[Tracker]:
    async with open_tracker(name="GitHub", url=github.url, place=github.repository, token=TOKEN) as tracker:
        yield tracker


async def refusal(tracker: Tracker) -> Unavailable:
    with pytest.raises(Unavailable) as caught:
        await tracker.file(NEW)
    return caught.value


async def test_an_issue_is_filed_and_read_again(github: SmallGitHub, tracker: Tracker) -> None:
    filed = await tracker.file(NEW)
    assert (filed.key, filed.closed, github.issues[1]["title"]) == ("acme/ops#1", False, "Alert earlier")
    assert github.issues[1]["labels"] == [{"name": "muster"}]
    assert await tracker.read("acme/ops#1") == filed


async def test_it_is_closed_with_its_reason_reopened_and_renamed(github: SmallGitHub, tracker: Tracker) -> None:
    await tracker.file(NEW)
    assert not (await tracker.change("acme/ops#1", title=None, closed=True, done=False)).done
    assert github.issues[1]["state_reason"] == "not_planned"
    await tracker.change("acme/ops#1", title="Alert 30 days before", closed=False)
    assert (github.issues[1]["state"], github.issues[1]["title"]) == ("open", "Alert 30 days before")
    assert (await tracker.change("acme/ops#1", title=None, closed=True)).done


async def test_foreign_text_calls_nobody_and_refers_to_nothing(github: SmallGitHub, tracker: Tracker) -> None:
    hostile = "@octocat <img src=x> fixes #1 GH-2 **now** ![x](http://evil.example/y) https://ok.example/a@b#4"
    await tracker.file(NewIssue(title=hostile, lines=(hostile,), marker="muster-1"))
    body = str(github.issues[1]["body"])
    for live in ("@octocat", "#1", "GH-2", " <img", " **now", "![x](http"):
        assert live not in body, live
    assert "https://ok.example/a@b#4" in body


async def test_our_own_is_found_among_newer_ones_of_everybody(github: SmallGitHub, tracker: Tracker) -> None:
    await tracker.file(NEW)
    github.somebody_files("A copy", body="<!-- muster-1-inc-42-f3 -->")
    for number in range(120):
        await tracker.file(NewIssue(title=f"Other {number}", lines=(), marker=f"muster-1-inc-{number}-f1"))
    found = await tracker.find(NEW.marker)
    assert found is not None
    assert found.key == "acme/ops#1"
    assert await tracker.find("muster-1-inc-42-f4") is None


async def test_it_is_found_where_labels_were_dropped_and_nobody_says_who_we_are(
    github: SmallGitHub, tracker: Tracker
) -> None:
    github.may_push, github.says_who = False, False
    await tracker.file(NEW)
    assert github.issues[1]["labels"] == []
    assert await tracker.find(NEW.marker) is not None


async def test_comments_are_found_among_many(github: SmallGitHub, tracker: Tracker) -> None:
    await tracker.file(NEW)
    for number in range(130):
        await tracker.comment("acme/ops#1", [f"Said {number}"], f"m-v{number}-v{number + 1}")
    assert await tracker.find_comment("acme/ops#1", "m-v129-v") == "m-v129-v130"
    assert await tracker.find_comment("acme/ops#1", "m-v500-v") == ""


async def test_changes_are_read_to_the_last_page_by_page(github: SmallGitHub, tracker: Tracker) -> None:
    begun = datetime(2026, 3, 2, tzinfo=UTC)
    for number in range(230):
        github.now = lambda at=begun + timedelta(seconds=number // 120): at  # type: ignore[misc]
        github.somebody_files(f"Issue {number}")
    seen, page = set(), ""
    for _ in range(10):
        found = await tracker.changed_since(LONG_AGO, page)
        seen |= {issue.key for issue in found.issues}
        page = found.next
        if not page:
            break
    assert len(seen) == 230


async def test_what_has_not_changed_costs_nothing(github: SmallGitHub, tracker: Tracker) -> None:
    github.somebody_files("One")
    first = await tracker.changed_since(LONG_AGO, "")
    assert await tracker.changed_since(LONG_AGO, "") == first
    assert github.not_modified == 1
    github.somebody_closes(1)
    assert (await tracker.changed_since(LONG_AGO, "")).issues[0].closed


@pytest.mark.parametrize(
    ("headers", "status", "least"),
    [
        ({"Retry-After": "90"}, 429, 85),
        ({"Retry-After": "60"}, 403, 55),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "4102444800"}, 403, 3000),
        ({}, 429, 55),
    ],
)
async def test_a_limit_is_waited_for_without_asking_again(
    github: SmallGitHub, tracker: Tracker, headers: dict[str, str], status: int, least: int
) -> None:
    github.fault("POST", "issues", status=status, headers=headers)
    first = await refusal(tracker)
    assert first.after is not None
    assert first.after >= timedelta(seconds=least)
    asked = len(github.asked)
    again = await refusal(tracker)
    assert again.after is not None
    assert len(github.asked) == asked


async def test_a_secondary_limit_is_known_by_its_words(github: SmallGitHub, tracker: Tracker) -> None:
    github.fault("POST", "issues", status=403, message="You have exceeded a secondary rate limit.")
    assert (await refusal(tracker)).after == timedelta(minutes=1)


@pytest.mark.parametrize("how", [{"status": 500}, {"status": 502}, {"status": 0}, {"status": 0, "after": True}])
async def test_a_lost_answer_leaves_it_open_whether_it_was_filed(
    github: SmallGitHub, tracker: Tracker, how: dict[str, int]
) -> None:
    github.fault("POST", "issues", **how)
    failure = await refusal(tracker)
    assert failure.unknown
    assert failure.retryable


async def test_a_server_that_is_down_was_not_reached(github: SmallGitHub, tracker: Tracker) -> None:
    await github.down()
    assert not (await refusal(tracker)).unknown
    assert not await tracker.works()


async def test_what_concerns_the_whole_repository_waits_and_says_what_to_do(
    github: SmallGitHub, tracker: Tracker
) -> None:
    said = []
    github.archived = True
    said.append((await refusal(tracker)).reason)
    github.archived, github.has_issues = False, False
    said.append((await refusal(tracker)).reason)
    github.has_issues, github.renamed_to = True, "acme/operations"
    said.append((await refusal(tracker)).reason)
    github.renamed_to, github.is_there = "", False
    said.append((await refusal(tracker)).reason)
    github.token = "another"
    said.append((await refusal(tracker)).reason)
    words = ("unarchive", "switch them on", "another name", "names no repository", "does not accept GITHUB_TOKEN")
    for sentence, part in zip(said, words, strict=True):
        assert part in sentence
        assert TOKEN not in sentence


async def test_what_is_refused_as_invalid_says_why(github: SmallGitHub, tracker: Tracker) -> None:
    with pytest.raises(Refused, match=r"does not accept it .*title missing_field"):
        await tracker.file(NewIssue(title=" ", lines=(), marker="m"))


@pytest.mark.parametrize(("gone", "said"), [("deletes", "was deleted"), ("transfers", "moved to another repository")])
async def test_an_issue_that_is_gone_says_how(github: SmallGitHub, tracker: Tracker, gone: str, said: str) -> None:
    await tracker.file(NEW)
    getattr(github, f"somebody_{gone}")(1)
    for attempt in (tracker.read("acme/ops#1"), tracker.comment("acme/ops#1", ["x"], "m")):
        with pytest.raises(IssueGone, match=said):
            await attempt


async def test_an_issue_of_another_repository_is_never_touched(github: SmallGitHub, tracker: Tracker) -> None:
    await tracker.file(NEW)
    with pytest.raises(Refused, match="GITHUB_REPOSITORY names acme/ops"):
        await tracker.change("acme/shop#1", title=None, closed=True)
    assert github.issues[1]["state"] == "open"


async def test_pull_requests_are_no_follow_ups(github: SmallGitHub, tracker: Tracker) -> None:
    github.issues[github.somebody_files("A change")]["pull_request"] = {"url": "…"}
    assert (await tracker.changed_since(LONG_AGO, "")).issues == ()


async def test_the_token_stands_in_no_representation(github: SmallGitHub, tracker: Tracker) -> None:
    assert TOKEN not in repr(tracker)
    assert (await tracker.examine()).works


async def test_of_two_comments_the_later_goes(tracker: Tracker) -> None:
    await tracker.file(NEW)
    for until in (16, 17):
        await tracker.comment("acme/ops#1", ["Said"], f"muster-m-v14-v{until}")
    await tracker.comment("acme/ops#1", ["Said"], "muster-m-v17-v18")
    await tracker.keep_one("acme/ops#1", "muster-m-v14-v")
    assert await tracker.find_comment("acme/ops#1", "muster-m-v14-v17") == ""
    assert await tracker.find_comment("acme/ops#1", "muster-m-v14-v") == "muster-m-v14-v16"
    assert await tracker.find_comment("acme/ops#1", "muster-m-v17-v") == "muster-m-v17-v18"


async def test_a_mark_that_somebody_else_wrote_is_not_ours(github: SmallGitHub, tracker: Tracker) -> None:
    await tracker.file(NEW)
    github.somebody_says(1, "As said before. <!-- muster-m-v14-v99 -->")
    assert await tracker.find_comment("acme/ops#1", "muster-m-v14-v") == ""
    await tracker.comment("acme/ops#1", ["Said"], "muster-m-v14-v16")
    await tracker.keep_one("acme/ops#1", "muster-m-v14-v")
    assert len(github.said(1)) == 2
