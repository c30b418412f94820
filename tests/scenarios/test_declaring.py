"""Declaring: the war room, who is told what, and in how few calls."""

from pathlib import Path
from typing import Any

from bot.workspace.cast import CAST
from tests.scenarios.conftest import StartTeam
from tests.scenarios.house_rules import playbooks
from tests.scenarios.team import Team

DEFAULT_SET = [
    "bookmarks.add",
    "chat.postMessage",  # the summary card
    "chat.postMessage",  # the announcement card
    "conversations.create",
    "conversations.invite",
    "conversations.setTopic",
    "pins.add",
]
OF_STARTING = {"auth.test", "apps.connections.open", "users.info", "users.conversations", "conversations.list"}
"""Who we are, who asks, and where the announcements go: asked once and remembered."""

ID = {account.name: account.id for account in CAST}

FINN_COMES = f"""\
default_severity: SEV1
severities:
  SEV1:
    rubric: Bad.
    invite: [{ID["finn"]}]
"""


async def calls_of_declaring(team: Team, text: str) -> list[dict[str, Any]]:
    """The calls of a second incident: the first has made Muster know the people and the announcement channel."""
    await team.declare("sev3 The first one")
    await team.settle()
    known = len(await team.calls())
    await team.declare(text)
    await team.settle()
    return (await team.calls())[known:]


async def test_declaring_opens_a_furnished_war_room(team: Team) -> None:
    channel = await team.declare("sev1 Checkout is down", by="cleo")
    await team.settle()
    card = await team.says("cleo", channel, "SEV1", "Checkout is down", "INC-1")
    assert card.pinned
    cleo = team.person("cleo")
    assert channel == "inc-1-checkout-is-down"
    assert "SEV1 · triage · cleo leads · next update by" in await cleo.topic(channel)
    assert len(await cleo.bookmarks(channel)) == 1
    await team.says("ada", "incidents", "INC-1", "Checkout is down")


async def test_the_default_war_room_costs_exactly_seven_calls(team: Team) -> None:
    calls = await calls_of_declaring(team, "sev1 Nothing that a playbook knows")
    assert sorted(each["method"] for each in calls) == DEFAULT_SET


async def test_a_playbook_costs_one_call_more(team: Team) -> None:
    calls = await calls_of_declaring(team, "sev1 Checkout is down")
    assert sorted(each["method"] for each in calls) == sorted([*DEFAULT_SET, "chat.postMessage"])


async def test_what_is_known_around_it_costs_one_call_more_however_much_it_is(team: Team) -> None:
    await team.type("ada", "resolve Drained", await team.declare("sev2 Orders are lost"))
    calls = await calls_of_declaring(team, "sev1 Checkout is down, and orders are lost")
    assert sorted(each["method"] for each in calls) == sorted([*DEFAULT_SET, *["chat.postMessage"] * 2])


async def test_the_first_declaration_calls_nothing_beyond_what_it_needs_to_know(team: Team) -> None:
    await team.declare("sev1 Nothing that a playbook knows")
    await team.settle()
    methods = [each["method"] for each in await team.calls()]
    assert sorted(each for each in methods if each not in OF_STARTING) == DEFAULT_SET
    assert sum(method in {"users.info", "conversations.list"} for method in methods) <= 2


async def test_the_war_room_is_complete_in_three_rounds(team: Team) -> None:
    """With each answer held back, a call that waited for no other begins before the first of its round is answered."""
    await team.declare("sev3 The first one")
    await team.settle()
    known = len(await team.calls())
    await team.workspace.client.fault("*", "hold", seconds=0.4)
    await team.declare("sev1 Nothing that a playbook knows")
    await team.settle()
    begun = sorted(each["time"] for each in (await team.calls())[known:])
    assert begun[-1] - begun[0] < 0.4 * 3


async def test_the_summary_card_is_edited_and_never_posted_again(team: Team) -> None:
    channel = await team.declare("sev2 Search is slow")
    await team.type("ada", "severity sev1 it is worse", channel)
    await team.type("ada", "status mitigated", channel)
    await team.says("ada", channel, "SEV1 · Mitigated · INC-1")
    cards = [each for each in await team.person("ada").messages(channel) if "Search is slow" in each.rendered]
    pinned = await team.person("ada").pins(channel)
    assert [each.ts for each in pinned] == [cards[0].ts]
    assert "SEV1 · Mitigated · INC-1" in pinned[0].rendered
    assert sum("Post update" in each.buttons for each in cards) == 1


async def test_the_announcement_card_is_kept_current(team: Team) -> None:
    channel = await team.declare("sev2 Search is slow")
    await team.type("ada", "severity sev1", channel)
    await team.says("cleo", "incidents", "SEV1", "INC-1")
    announced = [each for each in await team.person("cleo").messages("incidents") if "INC-1" in each.rendered]
    assert len(announced) == 1
    assert "SEV1" in announced[0].rendered
    assert announced[0].buttons == ["Join"]


async def test_the_reporter_is_told_where_by_the_response_url(team: Team) -> None:
    await team.declare("sev1 Nothing that a playbook knows", by="cleo")
    told = await team.person("cleo").wait_for_ephemeral("is open in", channel="general")
    assert "INC-1 is open in #inc-1-nothing-that-a-playbook-knows" in told.rendered
    assert "You have command until someone else takes it." in told.rendered
    assert "chat.postEphemeral" not in [each["method"] for each in await team.calls()]


async def test_the_reporter_commands_until_somebody_else_does(team: Team) -> None:
    channel = await team.declare(by="ben")
    await team.settle()
    await team.says("ben", channel, "Commander @ben")
    await team.type("ben", "assign commander @ada", channel)
    await team.says("ben", channel, "Commander @ada")
    await team.says("ada", channel, "Commander @ada")  # as she is in the channel now


async def test_the_policys_people_are_invited(start_team: StartTeam, tmp_path: Path) -> None:
    team = await start_team(playbooks_dir=playbooks(tmp_path, FINN_COMES))
    channel = await team.declare(by="ada")
    await team.settle()
    assert set(await team.person("ada").members(channel)) == {"ada", "finn", "muster"}


async def test_policy_may_leave_command_to_whoever_takes_it(start_team: StartTeam, tmp_path: Path) -> None:
    team = await start_team(playbooks_dir=playbooks(tmp_path, "reporter_commands: false\n"))
    channel = await team.declare(by="ada")
    await team.settle()
    assert "nobody leads yet" in await team.person("ada").topic(channel)


async def test_the_matching_playbook_is_posted_as_a_checklist(team: Team) -> None:
    channel = await team.declare("sev1 Checkout is down")
    await team.settle()
    checklist = await team.says("ada", channel, "Checkout outage", "Measure how many checkouts fail")
    assert "Start" in checklist.buttons
    await team.says("ada", channel, "Playbook: Checkout outage, step 1 of")


async def test_a_name_that_is_taken_gets_a_suffix(team: Team) -> None:
    await team.person("ben").create_channel("inc-1-search-is-slow")
    await team.person("ada").slash("/incident", "declare sev2 Search is slow", channel="general")
    assert await team.person("ada").wait_until(lambda: team.person("ada").channel_named("inc-1-search-is-slow-2"))


async def test_a_long_title_makes_a_legal_name_and_is_kept_whole(team: Team) -> None:
    title = ("Payments of every customer in every country " * 7)[:300].strip()
    channel = await team.declare(f"sev1 {title}")
    await team.settle()
    assert len(channel) <= 80
    await team.says("ada", channel, title)


async def test_many_incidents_are_numbered_in_order(team: Team) -> None:
    opened = [await team.declare(f"sev3 Number {number}") for number in (1, 2, 3)]
    assert opened == ["inc-1-number-1", "inc-2-number-2", "inc-3-number-3"]
