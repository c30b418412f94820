"""Status updates: by verb, by button and modal; told in the channel and below the announcement card."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.workspace.seen import SeenMessage
from tests.scenarios import witness
from tests.scenarios.team import Team


async def _card(team: Team) -> SeenMessage:
    return await team.says("ada", "incidents", "INC-1", "leads in")


async def test_an_update_is_told_in_the_channel_and_below_the_announcement(team: Team) -> None:
    channel = await team.declare()
    answer = await team.type("ada", "update Half of checkouts fail. next 20m", channel)
    assert "Update 1 is posted. Next update by" in answer
    await team.says("ada", channel, "Update 1 by @ada", "Half of checkouts fail.", "Next update by")
    await witness.in_thread(team, await _card(team), "incidents", "Update 1 by @ada", "Half of checkouts fail.")
    assert "Update 1 by @ada: Half of checkouts fail." in await witness.timeline(team, channel)


async def test_both_cards_and_the_topic_show_the_newest_update(team: Team) -> None:
    channel = await team.declare()
    card, announced = await team.says("ada", channel, "Impact"), await _card(team)
    await team.type("ada", "update Half of checkouts fail.", channel)
    await witness.edited_to(team, card, channel, "Now   Half of checkouts fail.", "Next update by")
    await witness.edited_to(team, announced, "incidents", "last update", "Half of checkouts fail.", "next by")
    assert len(await witness.posts(team, channel, "Impact   ")) == 1


async def test_an_update_is_posted_by_button_and_modal(team: Team) -> None:
    channel = await team.declare()
    await witness.opens(team, "ada", "Post update", channel)
    told = {
        "What we know": "Two of four clusters are back.",
        "Impact now": "18 % fail.",
        "What we are doing": "The rest.",
    }
    await witness.fills(team, "ada", **told, **{"Next update in": "15 min"})
    parts = ("Known: Two of four clusters are back.", "Impact: 18 % fail.", "Doing: The rest.")
    await team.says("ada", channel, "Update 1", *parts)


async def test_the_verb_without_text_opens_the_modal(team: Team) -> None:
    channel = await team.declare()
    assert await team.type("ada", "update", channel) == ""
    view = await team.person("ada").wait_for_modal("Post update")
    assert "What we know" in view.fields


async def test_an_update_promises_the_next_one_for_the_time_that_was_named(team: Team) -> None:
    channel = await team.declare()
    await team.type("ada", "update All is slow. next 45m", channel)
    due_at = (await witness.first_incident(team)).clock.due_at
    assert due_at is not None
    assert timedelta(minutes=44) < due_at - team.clock.now() <= timedelta(minutes=45)


async def test_updates_are_numbered(team: Team) -> None:
    channel = await team.declare()
    await team.type("ada", "update One.", channel)
    await team.type("ada", "update Two.", channel)
    await team.says("ada", channel, "Update 2 by @ada", "Two.")


async def test_an_update_after_the_end_promises_none(team: Team) -> None:
    channel = await team.declare()
    await team.type("ada", "resolve", channel)
    assert "No further one is planned." in await team.type("ada", "update The cause is known.", channel)
    await team.says("ada", channel, "The cause is known.", "No further update is planned.")


async def test_one_modal_submitted_twice_is_one_update(team: Team) -> None:
    channel = await team.declare()
    await team.workspace.client.delivery_fault("repeat", times=2)
    await witness.opens(team, "ada", "Post update", channel)
    await witness.fills(team, "ada", **{"What we know": "Once."})
    await team.settle()
    assert len(await witness.posts(team, channel, "Known: Once.")) == 1


async def test_an_update_of_a_private_incident_stays_in_its_channel(team: Team) -> None:
    assert (await team.person("ada").slash("/incident", "declare", channel="general")).ok
    await witness.fills(team, "ada", Title="A leak", Private=["yes"])

    async def opened() -> str:
        found = await team.person("ada").channel_named("inc-1")
        return found.name if found else ""

    channel = str(await witness.until(team, opened))
    await team.type("ada", "update We are looking.", channel)
    await team.says("ada", channel, "Update 1", "We are looking.")
    await team.settle()
    assert await team.person("cleo").messages("incidents") == []


async def test_muster_posts_a_summary_for_stakeholders_by_policy(team: Team) -> None:
    """SEV1's policy: every 60 minutes, below the announcement card, made from the log."""
    channel = await team.declare("sev1 Checkout is down")
    await team.type("ada", "remind off", channel)
    await team.type("ada", "update Half of checkouts fail.", channel)
    await team.move_on(timedelta(minutes=61))
    told = await witness.in_thread(team, await _card(team), "incidents", "SEV1 · Triage · INC-1", "Known: Half of")
    assert "declared" in told.rendered
    assert await witness.posts(team, channel, "Known: Half of checkouts fail.") != []


async def test_a_promise_for_another_day_names_the_day(team: Team) -> None:
    channel = await team.declare()
    day = f"{(team.clock.now() + timedelta(hours=72)).astimezone(ZoneInfo('Europe/Berlin')):%b %d, %Y}".replace(
        " 0", " "
    )
    for answer in (
        await team.type("ada", "update We wait for the vendor. next 72h", channel),
        await team.type("ada", "remind snooze 72h", channel),
    ):
        assert day in answer
