"""The review: when it is due, three times to choose from, booked, moved, held, waived, cancelled; who hears of it."""

from datetime import UTC, datetime, time, timedelta

from bot.incident.closure import ReviewState
from bot.incident.review import Meeting
from tests.scenarios import witness
from tests.scenarios.team import Team
from tests.scenarios.test_closing import BERLIN, NEW_YORK
from tests.scenarios.test_private_incidents import declare_privately, seen_by

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)


async def next_monday(team: Team) -> None:
    """08:00 UTC on a Monday: what is proposed depends on the day of the week."""
    now = team.clock.now()
    monday = (now + timedelta(days=7 - now.weekday())).replace(hour=8, minute=0, second=0, microsecond=0)
    await team.move_on(monday - now)


async def resolved(team: Team, text: str = "sev1 Checkout is down") -> str:
    """On a Monday morning, by Ada in Berlin, and with Ben in New York."""
    await next_monday(team)
    channel = await team.declare(text)
    await team.type("ada", "assign communications @ben", channel)
    await team.type("ada", "resolve Rolled back.", channel)
    return channel


async def booked(team: Team, channel: str, **values: object) -> Meeting:
    await team.type("ada", "review book", channel)
    await team.person("ada").wait_for_modal("Book review")
    await witness.fills(team, "ada", **{"Led by": "ben", "Who is invited": ["ada"], **values})
    meeting = (await witness.first_incident(team)).review.booked
    assert meeting is not None
    return meeting


def moment(team: Team, ahead: timedelta) -> int:
    return int((team.clock.now() + ahead).replace(microsecond=0).timestamp())


async def test_it_says_when_the_review_is_due_and_that_nobody_has_booked_it(team: Team) -> None:
    channel = await team.declare()
    assert "Due 48 h after it is resolved (policy for SEV1: required)" in await team.type("ada", "review", channel)
    await team.type("ada", "resolve", channel)
    said = await team.type("ada", "review", channel)
    assert "Review of INC-1: nobody has booked it yet" in said
    assert "[Book review] [It was held]" in said
    assert "Waive" not in said
    assert "nobody has booked it yet" in await team.type("cleo", "review INC-1", "general")


async def test_three_times_are_proposed_in_the_working_hours_that_those_who_took_part_share(team: Team) -> None:
    channel = await resolved(team)
    await team.type("ada", "review book", channel)
    view = await team.person("ada").wait_for_modal("Book review")
    assert "These times are in the working hours of @ada (Europe/Berlin), @ben (America/New_York)." in view.rendered
    meeting = await booked(team, channel)
    for zone in (BERLIN, NEW_YORK):
        begins, ends = meeting.plan.starts_at.astimezone(zone), meeting.plan.ends_at.astimezone(zone)
        assert begins.weekday() < 5
        assert begins.hour >= 9
        assert ends.time() <= time(17)
    assert meeting.plan.length == AN_HOUR


async def test_booking_is_told_once_in_the_channel_and_to_whoever_leads_it(team: Team) -> None:
    channel = await resolved(team)
    card = await team.says("ada", channel, "Impact")
    await booked(team, channel, **{"Who is invited": ["ada", "cleo"]})
    await team.says("ada", channel, "The review of INC-1 is booked for", "led by @ben", "Invited: @ada, @cleo.")
    await witness.told(team, "ben", "The review of INC-1 (Checkout is down) is booked for")
    await witness.told(team, "cleo", "The review of INC-1 (Checkout is down) is booked for")
    assert await witness.posts(team, "muster", "The review of INC-1") == []
    await witness.edited_to(team, card, channel, "Review   booked for")
    shown = await team.type("ada", "review", channel)
    assert "led by @ben" in shown
    assert "[Move or change] [It was held] [Cancel review] [Add follow-up] [Add factor] [Write postmortem]" in shown
    assert "Review booked by @ada for" in await witness.timeline(team, channel)


async def test_a_time_of_one_s_own_counts_more_than_what_is_proposed(team: Team) -> None:
    channel = await resolved(team)
    wanted = moment(team, timedelta(hours=30))
    meeting = await booked(team, channel, **{"Or at another time": wanted, "How long": "45 min"})
    assert meeting.plan.starts_at == datetime.fromtimestamp(wanted, tz=UTC)
    assert meeting.plan.length == timedelta(minutes=45)


async def test_where_no_hour_is_shared_before_it_is_due_that_is_said_with_the_least_bad(team: Team) -> None:
    await next_monday(team)
    await team.move_on(timedelta(days=4, hours=10))
    channel = await team.declare()
    await team.type("ada", "resolve", channel)
    await team.type("ada", "review book", channel)
    view = await team.person("ada").wait_for_modal("Book review")
    assert "No time before it is due is in the working hours of all of @ada (Europe/Berlin)." in view.rendered
    assert "late" in view.rendered


async def test_it_is_moved_with_a_reason_that_those_hear_who_kept_the_time_free(team: Team) -> None:
    channel = await resolved(team)
    await booked(team, channel)
    await team.type("ada", "review move", channel)
    await team.person("ada").wait_for_modal("Move review")
    later = moment(team, timedelta(hours=30))
    sent = await team.person("ada").submit({"Or at another time": later})
    assert sent.errors == {"why": "Say why it is moved: those who kept the time free are told."}
    await witness.fills(team, "ada", **{"Or at another time": later, "Why it is moved": "Ben is away."})
    await team.says("ada", channel, "The review of INC-1 is moved from", "Ben is away.")
    await witness.told(team, "ben", "moved to", "Ben is away.")
    meeting = (await witness.first_incident(team)).review.booked
    assert meeting is not None
    assert (meeting.number, meeting.sequence) == (1, 1)
    assert "Review moved by @ada to" in await witness.timeline(team, channel)


async def test_two_who_change_it_at_once_do_not_undo_each_other(team: Team) -> None:
    channel = await resolved(team)
    await booked(team, channel)
    for name in ("ada", "ben"):
        await team.type(name, "review move", channel)
        await team.person(name).wait_for_modal("Move review")
    await witness.fills(team, "ada", **{"Who is invited": ["ada", "cleo"]})
    sent = await team.person("ben").submit({"Who is invited": []})
    assert "The review was changed meanwhile" in str(sent.errors)


async def test_it_was_held_and_who_came_is_on_record(team: Team) -> None:
    channel = await resolved(team)
    meeting = await booked(team, channel)
    await team.move_on(meeting.plan.ends_at - team.clock.now() + AN_HOUR)
    await team.type("ben", "review held", channel)
    await team.person("ben").wait_for_modal("Review was held")
    await witness.fills(team, "ben", **{"Who came": ["ada", "ben", "cleo"]})
    await team.says("ada", channel, "The review of INC-1 was held on", "Who came: @ada, @ben, @cleo.")
    assert (await witness.first_incident(team)).review.state is ReviewState.HELD
    shown = await team.type("cleo", "review INC-1", "general")
    assert "held on" in shown
    assert "Who came: @ada, @ben, @cleo" in shown
    assert "who came: @ada, @ben, @cleo" in await witness.timeline(team, channel)


async def test_it_is_waived_where_policy_lets_it_and_with_a_reason(team: Team) -> None:
    channel = await resolved(team)
    refused = await team.type("ada", "review waive it was small", channel)
    assert refused.startswith("Policy asks for a review of SEV1; book it or hold it.")


async def test_waiving_calls_off_what_is_booked(team: Team) -> None:
    channel = await resolved(team, "sev3 A few pages are slow")
    await booked(team, channel, **{"Who is invited": ["cleo"]})
    await team.type("ada", "review waive", channel)
    await team.person("ada").wait_for_modal("Waive review")
    await witness.fills(team, "ada", **{"Why it is waived": "The cause is known."})
    await team.says("ada", channel, "The review of INC-1 is waived: The cause is known.")
    await witness.told(team, "cleo", "is waived and will not be held: The cause is known.")
    assert "waived: The cause is known." in await team.type("ada", "review", channel)


async def test_one_that_is_cancelled_is_due_as_before(team: Team) -> None:
    channel = await resolved(team)
    await booked(team, channel, **{"Who is invited": ["cleo"]})
    answer = await team.type("ada", "review cancel Nobody can come", channel)
    assert "That review will not be held. It is due as before: book another." in answer
    await team.says("ada", channel, "will not be held: Nobody can come.")
    await witness.told(team, "cleo", "will not be held: Nobody can come.")
    assert "nobody has booked it yet" in await team.type("ada", "review", channel)


async def test_reopening_calls_the_review_off(team: Team) -> None:
    channel = await resolved(team)
    await booked(team, channel)
    await team.type("ada", "reopen It is back", channel)
    await team.says("ada", channel, "will not be held: INC-1 is reopened.")
    await witness.told(team, "ben", "will not be held: INC-1 is reopened.")
    assert "none yet, it is still investigating" in await team.type("ada", "review", channel)


async def test_the_close_form_takes_a_booked_review_as_it_is(team: Team) -> None:
    channel = await resolved(team)
    await booked(team, channel)
    await witness.panel(team, "ada", channel)
    await witness.opens(team, "ada", "Close incident", channel)
    await witness.fills(team, "ada", **{"What shows that it is restored": "99.9 %", "Workarounds": ["yes"]})
    await team.says("ada", channel, "INC-1 is closed")
    assert (await witness.first_incident(team)).review.booked is not None


async def test_of_a_drill_there_is_no_review(team: Team) -> None:
    channel = await team.declare(verb="drill")
    await team.type("ada", "resolve", channel)
    assert "a drill has its scorecard instead" in await team.type("ada", "review", channel)
    await team.type("ada", "review book", channel)
    await team.person("ada").wait_for_modal("Book review")
    later = moment(team, A_DAY)
    sent = await team.person("ada").submit({"Led by": "ada", "Or at another time": later})
    assert "has its scorecard, and no review" in str(sent.errors)


async def test_of_a_private_incident_nobody_else_hears(team: Team) -> None:
    channel = await declare_privately(team)
    await team.type("ada", "resolve It is over", channel)
    await team.type("ada", "review book", channel)
    await team.person("ada").wait_for_modal("Book review")
    later = moment(team, A_DAY)
    values = {"Led by": "ada", "Or at another time": later, "Who is invited": ["cleo"]}
    sent = await team.person("ada").submit(values)
    assert sent.errors == {
        "invited": "somebody else is not in the channel of this private incident. Invite them there first."
    }
    await witness.fills(team, "ada", **{**values, "Who is invited": []})
    await team.says("ada", channel, "The review of INC-1 is booked for")
    assert "INC-1" not in await seen_by(team, "cleo")
    assert (await team.type("cleo", "review INC-1", "general")).startswith("There is no INC-1")


async def test_an_outsider_does_not_book_it(team: Team) -> None:
    await resolved(team)
    await team.type("cleo", "INC-1 review book", "general")
    await team.person("cleo").wait_for_modal("Book review")
    sent = await team.person("cleo").submit({"Led by": "ada", "Or at another time": moment(team, A_DAY)})
    assert "can do that. Join it first." in str(sent.errors)


async def test_a_word_that_review_does_not_know_is_answered_with_those_it_does(team: Team) -> None:
    channel = await resolved(team)
    assert "Write book, move, held, waive or cancel" in await team.type("ada", "review postpone", channel)


async def test_once_it_was_held_everybody_who_may_see_the_incident_reads_how_good_it_was_and_why(team: Team) -> None:
    channel = await resolved(team)
    await team.type("ada", "followup Alert before certificates expire @ben", channel)
    assert "Quality" not in await team.type("ada", "review", channel)
    await team.type("ada", "review held", channel)
    await team.person("ada").wait_for_modal("Review was held")
    await witness.fills(team, "ada", **{"Led by": "ben", "Who came": ["ada", "ben"]})
    await team.settle()
    shown = await team.type("cleo", "review INC-1", "general")
    assert "Quality: 1 of 5" in shown
    for reason in (
        "✗ the timeline is complete: not recorded: impact started",
        "✗ actions can be verified: F1 lacks a deadline and a metric or hypothesis",
        "✓ the postmortem is shared: the newest draft stands in the channel",
    ):
        assert reason in shown


async def test_how_good_the_review_of_a_private_incident_was_stays_with_its_people(team: Team) -> None:
    channel = await declare_privately(team)
    await team.type("ada", "resolve It is over", channel)
    await team.type("ada", "review held", channel)
    await team.person("ada").wait_for_modal("Review was held")
    await witness.fills(team, "ada", **{"Led by": "ada"})
    assert "Quality:" in await team.type("ada", "review", channel)
    assert (await team.type("cleo", "review INC-1", "general")).startswith("There is no INC-1")
