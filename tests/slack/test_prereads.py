"""The pre-read pack against a scripted server: once, whatever is lost, and to nobody who should not have it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.incident.afterwards_effects import PostPreread, PostReviewOverdue, SendPreread
from bot.incident.closure import ReviewState
from bot.incident.effects import Effect
from bot.incident.review import Meeting, ReviewCourse, ReviewPlan
from bot.incident.state import Incident
from bot.incident.terms import Status
from bot.ports import Unavailable
from bot.slack.chat import SlackChat
from tests.slack.scripted_slack import Say, ScriptedSlack
from tests.slack.war_room import ADA, BEN, FORTY_TWO, NOON, ROOM, incident, lease

POST = PostPreread(incident=FORTY_TWO, channel=ROOM, number=1)
SEND = SendPreread(incident=FORTY_TWO, user=BEN, number=1)
PLAN = ReviewPlan(starts_at=NOON + timedelta(hours=20), length=timedelta(hours=1), facilitator=ADA, invited=(BEN,))
BOOKED = ReviewCourse(state=ReviewState.BOOKED, meeting=Meeting(number=1, sequence=0, plan=PLAN))


def reviewed(course: ReviewCourse = BOOKED, *, private: bool = False) -> Incident:
    return replace(incident(private=private), status=Status.RESOLVED, ended_at=NOON, channel=ROOM, review=course)


@pytest.mark.parametrize("effect", [POST, SEND], ids=["channel", "person"])
async def test_a_lost_reply_leaves_one_pack(effect: Effect, chat: SlackChat, slack: ScriptedSlack) -> None:
    slack.says("chat.postMessage", Say(drop=True))
    with pytest.raises(Unavailable):
        await chat.perform(effect, reviewed(), lease(effect))
    slack.script.clear()
    await chat.perform(effect, reviewed(), lease(effect, uncertain=True))
    assert len(slack.posted) == 1


OVER = [
    ReviewCourse(),
    replace(BOOKED, meeting=Meeting(number=2, sequence=0, plan=PLAN)),
    replace(BOOKED, meeting=Meeting(number=1, sequence=0, plan=replace(PLAN, starts_at=NOON - timedelta(hours=1)))),
]


@pytest.mark.parametrize("course", OVER, ids=["called off", "another meeting", "begun"])
async def test_a_pack_whose_review_has_gone_is_not_given(
    course: ReviewCourse, chat: SlackChat, slack: ScriptedSlack
) -> None:
    await chat.perform(POST, reviewed(course), lease(POST))
    assert slack.posted == []


async def test_whoever_left_a_private_channel_gets_none(chat: SlackChat, slack: ScriptedSlack) -> None:
    await chat.perform(SEND, reviewed(private=True), lease(SEND))
    assert slack.posted == []


async def test_an_overdue_review_of_a_private_incident_is_told_to_no_channel(
    chat: SlackChat, slack: ScriptedSlack
) -> None:
    effect = PostReviewOverdue(incident=FORTY_TWO, number=1)
    await chat.perform(effect, reviewed(ReviewCourse(asks=1), private=True), lease(effect))
    assert slack.posted == []
