"""A follow-up's card and its line say whether it is in the tracker; what the tracker wrote is foreign text."""

from dataclasses import replace

import pytest

from bot.incident.followup_commands import MoveFollowup
from bot.incident.followup_index import Listed, followup_lines
from bot.incident.issue import Issue
from bot.incident.listing import listing
from bot.incident.state import Incident
from bot.slack.blocks.followup_cards import followup_card, listed_line
from tests.incident.given import ADA, NOON, Story, after, drill
from tests.incident.test_tracking import DONE, added, filed

TODAY = NOON.date()


def card(incident: Incident, tracker: str = "GitHub") -> str:
    return str(followup_card(incident, 1, TODAY, tracker=tracker).blocks)


def line(story: Story) -> str:
    return listed_line(Listed(line=followup_lines(story.state)[1], listing=listing(story.state)), TODAY)


def with_issue(incident: Incident, issue: Issue) -> Incident:
    return replace(incident, followups={1: replace(incident.followups[1], issue=issue)})


def test_one_that_could_be_tracked_has_the_button() -> None:
    assert "Track in Jira" in card(added().state, "Jira")
    assert "Track in" not in card(added().state, "")


def test_one_that_is_tracked_settled_or_of_a_drill_has_none() -> None:
    settled = added()
    settled.do(MoveFollowup(by=ADA, number=1, state=DONE, note="seen"), after(45))
    for story in (filed(), settled, added(story=drill())):
        assert "Track in" not in card(story.state)


def test_one_that_waits_says_so_until_it_is_there() -> None:
    story = filed()
    assert "https://github.com/acme/ops/issues/12|acme/ops#12 in GitHub ↗" in card(story.state)
    assert "acme/ops#12" in line(story)
    issue = story.state.followups[1].issue
    assert issue is not None
    waiting = with_issue(story.state, replace(issue, key="", url=""))
    assert "Not yet in GitHub" in card(waiting)
    story.live = waiting
    assert "not yet in GitHub" in line(story)


@pytest.mark.parametrize("hostile", ["<!channel>", "<@U0ADA>", "a|b>c", "*now*"])
def test_what_the_tracker_says_stays_text(hostile: str) -> None:
    issue = filed().state.followups[1].issue
    assert issue is not None
    for changed in (
        replace(issue, lost=hostile),
        replace(issue, key=hostile, url=f"https://x.example/{hostile}"),
        replace(issue, key=hostile, url="javascript:alert(1)"),
    ):
        shown = card(with_issue(filed().state, changed))
        assert "<!channel>" not in shown
        assert "<@U0ADA>" not in shown
        assert "javascript" not in shown
