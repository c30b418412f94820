"""From resolved to closed: the gate, its form and its override; who is asked, and when, about what is left behind."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.incident.chasing import CLOSING_TIMER, WORKAROUND_TIMER
from bot.incident.informing import due_timers
from bot.incident.terms import IncidentId, TimerName
from bot.schedule.catching_up import CatchingUp
from bot.workspace.seen import SeenMessage
from tests.scenarios import witness
from tests.scenarios.conftest import StartTeam
from tests.scenarios.team import Team
from tests.scenarios.test_private_incidents import declare_privately, seen_by

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
"""Ada's zone and Ben's."""
A_WEEK = timedelta(days=7)
NOT_CLOSED = "is not closed yet"
WHOLE = {
    "What shows that it is restored": "99.9 % of payments succeed",
    "Workarounds": ["yes"],
    "Review": "Booked",
    "Led by": "ben",
}


async def resolved(team: Team, text: str = "sev1 Checkout is down") -> str:
    channel = await team.declare(text)
    await team.type("ada", "resolve Rolled back.", channel)
    return channel


def day(team: Team, ahead: int) -> str:
    return (team.clock.now() + timedelta(days=ahead)).date().isoformat()


async def move_to(team: Team, timer: TimerName) -> None:
    """Moves the clock on to when this timer is due, and lets it be done."""
    incident = await witness.first_incident(team)
    due_at = due_timers(incident, team.bot.handler.policy)[timer]
    await team.move_on(due_at - team.clock.now() + timedelta(seconds=1))


def is_working_time(team: Team, zone: ZoneInfo) -> bool:
    here = team.clock.now().astimezone(zone)
    return here.weekday() < 5 and 9 <= here.hour < 17


async def test_a_bare_close_says_what_is_missing_and_offers_the_form(team: Team) -> None:
    channel = await resolved(team)
    said = await team.type("ada", "close", channel)
    assert "INC-1 is not ready to be closed: nothing shows yet that it is restored" in said
    assert "SEV1 needs a review that is booked or held" in said
    assert "[Close incident]" in said
    assert (await witness.first_incident(team)).closure.evidence == ""


async def test_the_form_closes_it_with_its_evidence(team: Team) -> None:
    channel = await resolved(team)
    card = await team.says("ada", channel, "Impact")
    await team.type("ada", "close", channel)
    await witness.opens(team, "ada", "Close incident", channel)
    await witness.fills(team, "ada", **WHOLE, On=day(team, 1), Note="Well done.")
    await team.says("ada", channel, "INC-1 is closed, nothing more is expected here: Well done.")
    await witness.edited_to(team, card, channel, "SEV1 · Closed · INC-1", "Review   booked for")
    timeline = await witness.timeline(team, channel)
    for part in ("Restored and verified by @ada: 99.9 %", "Nobody is incident commander", "No workaround is in place"):
        assert part in timeline


async def test_each_thing_that_is_missing_is_told_beside_its_field_and_nothing_is_saved(team: Team) -> None:
    channel = await resolved(team)
    await witness.panel(team, "ada", channel)
    await witness.opens(team, "ada", "Close incident", channel)
    sent = await team.person("ada").submit({"What shows that it is restored": "All green, 0 errors"})
    assert set(sent.errors) == {"no_workarounds", "review"}
    assert not sent.closed
    state = await witness.first_incident(team)
    assert (state.closure.evidence, bool(state.roles)) == ("", True)
    await witness.fills(team, "ada", **WHOLE, On=day(team, 1))
    await team.says("ada", channel, "INC-1 is closed")


async def test_a_workaround_of_the_form_is_recorded_with_the_closing(team: Team) -> None:
    channel = await resolved(team)
    await witness.panel(team, "ada", channel)
    await witness.opens(team, "ada", "Close incident", channel)
    workaround = {
        "A workaround that is in place": "The flag is off.",
        "Its owner": "ben",
        "It may stay until": day(team, 9),
    }
    await witness.fills(team, "ada", **{**WHOLE, "Workarounds": []}, **workaround, On=day(team, 1))
    await witness.told(team, "ben", "You own workaround W1 of INC-1", "“The flag is off.”")
    assert "Workarounds   W1 The flag is off. (@ben, until" in await team.type("ada", "show", channel)


async def test_what_is_missing_is_overridden_with_a_reason_that_everybody_sees(team: Team) -> None:
    channel = await resolved(team)
    card, announced = await team.says("ada", channel, "Impact"), await team.says("ada", "incidents", "INC-1")
    answer = await team.type("ada", "close because it was a load test", channel)
    without = "proof that it is restored, roles released, workarounds listed, a review, because: it was a load test"
    assert f"Closed without {without}." in answer
    await team.says("ada", channel, "INC-1 is closed, nothing more is expected here.", f"Closed without {without}")
    await witness.in_thread(team, announced, "incidents", f"Closed without {without}")
    await witness.edited_to(team, card, channel, f"Closed without   {without}")
    shown = await team.type("ada", "show", channel)
    assert f"Closed without   {without}" in shown
    assert "Outcome   Rolled back." in shown
    assert f"Closed by @ada without {without}" in await witness.timeline(team, channel)


async def test_reopened_it_has_to_be_shown_anew(team: Team) -> None:
    channel = await resolved(team)
    await team.type("ada", "close because it was a load test", channel)
    await team.type("ada", "reopen It was none", channel)
    assert "Closed without" not in await team.type("ada", "show", channel)
    await team.type("ada", "resolve", channel)
    assert "is not ready to be closed" in await team.type("ada", "close", channel)


async def asked(team: Team) -> list[SeenMessage]:
    return await witness.posts(team, "muster", NOT_CLOSED)


async def test_after_three_days_the_commander_is_asked_in_their_working_hours(team: Team) -> None:
    channel = await resolved(team)
    await team.move_on(timedelta(days=2, hours=23))
    assert await asked(team) == []
    await move_to(team, CLOSING_TIMER)
    head = "INC-1 (Checkout is down) was resolved"
    question = await witness.told(team, "ada", head, NOT_CLOSED, "For that: nothing shows")
    assert is_working_time(team, BERLIN)
    assert question.buttons == ["Close incident", "Reopen incident", "Not yet"]
    assert await witness.posts(team, channel, NOT_CLOSED) == []
    assert (await witness.first_incident(team)).status == "resolved"


async def test_not_yet_is_taken_for_an_answer_for_a_week(team: Team) -> None:
    await resolved(team)
    await move_to(team, CLOSING_TIMER)
    question = await witness.told(team, "ada", NOT_CLOSED)
    assert (await team.person("ada").click("Not yet", ts=question.ts)).ok
    await team.person("ada").wait_for_ephemeral("Not yet, then.")
    await team.move_on(A_WEEK - timedelta(hours=1))
    assert len(await asked(team)) == 1
    await move_to(team, CLOSING_TIMER)
    assert len(await asked(team)) == 2
    assert is_working_time(team, BERLIN)


async def test_it_is_closed_from_the_question_itself_and_then_never_asked_about(team: Team) -> None:
    channel = await resolved(team)
    await move_to(team, CLOSING_TIMER)
    question = await witness.told(team, "ada", NOT_CLOSED)
    assert (await team.person("ada").click("Close incident", ts=question.ts)).ok
    await team.person("ada").wait_for_modal("Close incident")
    await witness.fills(team, "ada", **WHOLE, On=day(team, 1))
    await team.says("ada", channel, "INC-1 is closed")
    await team.move_on(timedelta(days=60))
    assert len(await asked(team)) == 1


async def test_after_a_long_absence_one_question_and_not_one_a_week(team: Team) -> None:
    await resolved(team)
    await team.move_on(timedelta(days=90))
    assert len(await asked(team)) == 1
    await team.move_on(A_WEEK - timedelta(hours=1))
    assert len(await asked(team)) == 1


async def test_a_workaround_by_verb_has_an_owner_who_is_told(team: Team) -> None:
    channel = await team.declare()
    answer = await team.type("ada", "workaround The flag is off @ben until 10 days", channel)
    assert "W1 is on record; @ben owns it and is asked when it has expired on" in answer
    await witness.told(team, "ben", "You own workaround W1 of INC-1")
    await team.says("ada", channel, "Workarounds   W1 The flag is off (@ben, until")
    assert "Workaround W1: The flag is off (@ben, until" in await witness.timeline(team, channel)


async def test_a_workaround_is_added_and_removed_in_its_form(team: Team) -> None:
    channel = await team.declare()
    await witness.panel(team, "ada", channel)
    await witness.opens(team, "ada", "Workarounds", channel)
    await witness.fills(team, "ada", **{"What is in place": "Twice as many pods"})
    await team.says("ada", channel, "W1 Twice as many pods (@ada, until")
    await team.type("ada", "workaround", channel)
    view = await team.person("ada").wait_for_modal("Workarounds")
    assert "W1 Twice as many pods" in view.rendered
    assert (await team.person("ada").click("Remove", where="modal")).ok
    await witness.entry_once(team, channel, "Workaround W1 removed by @ada: Twice as many pods")


async def test_an_expired_workaround_is_asked_about_after_the_close_until_it_is_removed(team: Team) -> None:
    channel = await resolved(team)
    await team.type("ada", "workaround The flag is off @ben until 10 days", channel)
    await team.type("ada", "close because it was small", channel)
    await move_to(team, WORKAROUND_TIMER)
    first = await witness.told(
        team, "ben", "Workaround W1 of INC-1 (Checkout is down), “The flag is off”, was to stay until"
    )
    assert is_working_time(team, NEW_YORK)
    assert first.buttons == ["Remove workaround", "Keep it 2 more weeks"]
    assert (await team.person("ben").click("Keep it 2 more weeks", ts=first.ts)).ok
    await team.person("ben").wait_for_ephemeral("W1 may stay until")
    await move_to(team, WORKAROUND_TIMER)
    await move_to(team, WORKAROUND_TIMER)
    chased = await team.person("ben").messages("muster")
    assert sum("was to stay until" in each.rendered for each in chased) == 3
    assert (await team.person("ben").click("Remove workaround", ts=chased[-1].ts)).ok
    await witness.entry_once(team, channel, "Workaround W1 removed by @ben")
    assert WORKAROUND_TIMER not in due_timers(await witness.first_incident(team), team.bot.handler.policy)


async def test_a_stale_keep_changes_nothing(team: Team) -> None:
    channel = await resolved(team)
    await team.type("ada", "workaround The flag is off @ben until 10 days", channel)
    await move_to(team, WORKAROUND_TIMER)
    question = await witness.told(team, "ben", "was to stay until")
    await team.type("ada", "workaround keep 1 until 90 days", channel)
    assert (await team.person("ben").click("Keep it 2 more weeks", ts=question.ts)).ok
    await team.person("ben").wait_for_ephemeral("W1 has another day by now")


async def test_a_drill_is_closed_without_the_gate_and_nobody_is_asked(team: Team) -> None:
    channel = await team.declare(verb="drill")
    await team.type("ada", "workaround The flag is off @ben until 10 days", channel)
    await team.type("ada", "resolve", channel)
    assert due_timers(await witness.first_incident(team), team.bot.handler.policy) == {}
    assert "DRILL INC-1 is closed" in await team.type("ada", "close", channel)


async def test_of_a_private_incident_only_its_members_are_asked_and_own_workarounds(team: Team) -> None:
    channel = await declare_privately(team)
    await team.type("ada", "resolve It is over", channel)
    refused = await team.type("ada", "workaround Mail is off @cleo until 10 days", channel)
    assert "@cleo is not in the channel of this private incident" in refused
    await team.type("ada", "workaround Mail is off until 10 days", channel)
    await move_to(team, CLOSING_TIMER)
    await witness.told(team, "ada", NOT_CLOSED)
    await team.type("ada", "close because we are done", channel)
    await move_to(team, WORKAROUND_TIMER)
    await witness.told(team, "ada", "was to stay until")
    assert "INC-1" not in await seen_by(team, "cleo")
    assert await team.person("cleo").messages("incidents") == []
    assert (await team.type("cleo", "INC-1 workaround none", "general")).startswith("There is no INC-1")
    assert (await team.type("cleo", "INC-1 close because I say so", "general")).startswith("There is no INC-1")


async def test_policy_says_of_which_severity_a_review_is_asked(team: Team) -> None:
    channel = await resolved(team, "sev4 A typo")
    await witness.panel(team, "ada", channel)
    view = await witness.opens(team, "ada", "Close incident", channel)
    assert "Review" not in view.fields
    await witness.fills(team, "ada", **{"What shows that it is restored": "0 complaints", "Workarounds": ["yes"]})
    await team.says("ada", channel, "INC-1 is closed")


async def test_a_follow_up_that_nobody_owns_is_named_until_somebody_does(team: Team) -> None:
    channel = await resolved(team)
    await team.type("ada", "followup Alert on errors sooner", channel)
    assert "nobody owns F1: give it to somebody" in await team.type("ada", "close", channel)
    await witness.panel(team, "ada", channel)
    await witness.opens(team, "ada", "Close incident", channel)
    sent = await team.person("ada").submit({**WHOLE, "On": day(team, 1)})
    assert sent.errors == {"because": "Nobody owns F1: give it to somebody, or say why it will not be done."}
    assert (await team.person("ada").close_modal()).ok
    card = await team.says("ada", channel, "INC-1 F1", "Alert on errors sooner")
    assert (await team.person("ada").click("I own it", ts=card.ts)).ok
    await witness.edited_to(team, card, channel, "@ada")
    assert "nobody owns" not in await team.type("ada", "close", channel)


DIGEST = "#general"


async def listed_as_unclosed(team: Team) -> list[SeenMessage]:
    """Lets the next two Mondays come, at noon; answers with the digests that list what nobody closes."""
    for _ in range(2):
        now = team.clock.now()
        monday = (now + timedelta(days=7 - now.weekday())).replace(hour=12)
        await team.move_on(monday - now)
        for _ in range(2):
            await team.bot.look_at_followups()
        await team.settle()
    return await witness.posts(team, DIGEST.removeprefix("#"), "Resolved, and nobody closes them")


async def test_what_nobody_closes_after_being_asked_stands_in_the_weekly_digest(start_team: StartTeam) -> None:
    team = await start_team(digest_channel=DIGEST)
    channel = await resolved(team)
    await team.bot.look_at_followups()
    assert await witness.posts(team, "general", "Follow-ups this week") == []
    await move_to(team, CLOSING_TIMER)
    last = (await listed_as_unclosed(team))[-1]
    assert "1 incident is resolved and not closed." in last.rendered
    assert "INC-1 Checkout is down · SEV1 · resolved" in last.rendered
    assert last.pings == frozenset()
    await team.type("ada", "close because it was small", channel)
    before = len(await witness.posts(team, "general", "nobody closes them"))
    assert len(await listed_as_unclosed(team)) == before


async def test_a_private_incident_or_a_drill_that_nobody_closes_is_listed_nowhere(start_team: StartTeam) -> None:
    team = await start_team(digest_channel=DIGEST)
    private = await declare_privately(team, "Kestrel reads our mail")
    await team.type("ada", "resolve", private)
    await move_to(team, CLOSING_TIMER)
    practice = await team.declare("Practice", verb="drill")
    await team.type("ada", "resolve", practice)
    assert await listed_as_unclosed(team) == []
    assert "Kestrel" not in await seen_by(team, "cleo")


async def test_several_workarounds_of_one_owner_that_expired_are_one_message(team: Team) -> None:
    channel = await resolved(team)
    for what in ("The flag is off.", "The queue is paused."):
        await team.person("ada").slash("/incident", "workaround", channel=channel)
        await team.person("ada").wait_for_modal("Workarounds")
        owned = {"Its owner": "ben", "It may stay until": day(team, 3)}
        await witness.fills(team, "ada", **{"What is in place": what}, **owned)
    await move_to(team, WORKAROUND_TIMER)
    asked = await witness.told(team, "ben", "2 workarounds of INC-1 (Checkout is down) may stay no longer")
    assert len(await witness.posts(team, "muster", "may stay no longer", by="ben")) == 1
    assert asked.buttons.count("Remove workaround") == 2
    assert (await team.person("ben").click("remove_workaround:2", ts=asked.ts, channel="muster")).ok
    await team.person("ben").wait_for_ephemeral("W2 is removed: The queue is paused.")
    assert [each.number for each in (await witness.first_incident(team)).closure.standing] == [1]


async def test_what_an_older_version_resolved_is_asked_about_without_another_event(team: Team) -> None:
    await resolved(team)
    await team.settle()
    client, keys = team.bot.store.client, team.bot.store.keys
    await client.delete(keys.timers, keys.timers_of(IncidentId(1)))
    version = (await witness.first_incident(team)).version
    await move_to(team, CLOSING_TIMER)
    assert (await asked(team), (await witness.first_incident(team)).version) == ([], version)
    walk = CatchingUp(team.bot.handler, team.bot.store.progress, team.clock.now)
    for _ in range(3):
        await walk.look()
    await team.move_on(timedelta(seconds=2))
    assert len(await asked(team)) == 1
