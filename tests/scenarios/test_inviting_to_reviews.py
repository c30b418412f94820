"""Who leads a review and who comes by function: the rota, user groups with and without the scope to read them."""

from pathlib import Path

from bot.slack.scopes import NEEDED_SCOPES
from tests.scenarios import witness
from tests.scenarios.conftest import StartTeam
from tests.scenarios.house_rules import playbooks
from tests.scenarios.team import Team
from tests.scenarios.test_private_incidents import declare_privately
from tests.scenarios.test_review import A_DAY, moment, resolved

ADA, BEN, FINN, GROUP = "U0ADA00001", "U0BEN00001", "U0FINN0001", "S0RELIABLE1"
POLICY = f"""
severities:
  SEV1: {{rubric: Down, review: required, review_invites: [reliability]}}
default_severity: SEV1
review:
  facilitators: [{ADA}, {BEN}, {FINN}]
  functions:
    reliability: {GROUP}
    product: [U0CLEO0001]
"""


async def started(start_team: StartTeam, folder: Path) -> Team:
    team = await start_team(playbooks_dir=playbooks(folder, POLICY))
    await team.workspace.client.add_usergroup(GROUP, "grace", "finn", "dee")
    return team


async def book(team: Team, channel: str, **values: object) -> None:
    await team.type("ada", "review book", channel)
    await team.person("ada").wait_for_modal("Book review")
    await witness.fills(team, "ada", **values)
    await team.settle()


async def test_the_next_facilitator_is_named_by_turns_and_never_who_commanded(
    start_team: StartTeam, tmp_path: Path
) -> None:
    team = await started(start_team, tmp_path)
    channel = await resolved(team)
    await book(team, channel)
    await team.says("ada", channel, "led by @ben (by rotation, for the first time).")
    assert "Led by: by rotation, for the first time" in await team.type("ada", "review", channel)
    second = await team.declare("sev1 Search is down")
    await team.type("ada", "resolve", second)
    await book(team, second)
    await team.says("ada", second, "led by @finn (by rotation, for the first time).")
    third = await team.declare("sev1 Mail is down", by="finn")
    await team.type("finn", "resolve", third)
    await team.type("finn", "review book", third)
    view = await team.person("finn").wait_for_modal("Book review")
    assert "By rotation, for the first time." in view.rendered
    await witness.fills(team, "finn")
    await team.says("finn", third, "led by @ada (by rotation, for the first time).")
    fourth = await team.declare("sev1 Pay is down")
    await team.type("ada", "resolve", fourth)
    await book(team, fourth)
    await team.says("ada", fourth, "led by @ben (by rotation, last on")


async def test_somebody_else_can_lead_it_and_then_no_rotation_is_claimed(start_team: StartTeam, tmp_path: Path) -> None:
    team = await started(start_team, tmp_path)
    channel = await resolved(team)
    await book(team, channel, **{"Led by": "grace"})
    said = await team.says("ada", channel, "led by @grace")
    assert "rotation" not in said.rendered


async def test_the_functions_of_a_severity_are_invited_each_member_by_name(
    start_team: StartTeam, tmp_path: Path
) -> None:
    team = await started(start_team, tmp_path)
    channel = await resolved(team)
    await book(team, channel)
    await team.says("ada", channel, "Invited:", "reliability")
    await witness.told(team, "grace", "The review of INC-1 (Checkout is down) is booked for")
    meeting = (await witness.first_incident(team)).review.booked
    assert meeting is not None
    (function,) = meeting.plan.functions
    assert set(function.people) == {"U0GRACE001", FINN}
    assert await witness.posts(team, "muster", "The review", by="dee") == []


async def test_without_the_scope_that_is_said_and_the_group_is_mentioned_in_the_channel(
    start_team: StartTeam, tmp_path: Path
) -> None:
    team = await started(start_team, tmp_path)
    team.workspace.site.install.scopes = tuple(sorted(NEEDED_SCOPES - {"usergroups:read"}))
    channel = await resolved(team)
    await book(team, channel, **{"Which functions are invited": ["reliability", "product"]})
    await team.says("ada", channel, f"Who is in @{GROUP} could not be read, so all of you are asked here: please come.")
    await witness.told(team, "cleo", "The review of INC-1 (Checkout is down) is booked for")


async def test_to_the_review_of_a_private_incident_no_function_is_invited(
    start_team: StartTeam, tmp_path: Path
) -> None:
    team = await started(start_team, tmp_path)
    channel = await declare_privately(team)
    await team.type("ada", "resolve It is over", channel)
    await team.type("ada", "review book", channel)
    view = await team.person("ada").wait_for_modal("Book review")
    assert "Which functions are invited" not in view.fields
    await witness.fills(team, "ada", **{"Led by": "ada", "Or at another time": moment(team, A_DAY)})
    await team.says("ada", channel, "The review of INC-1 is booked for")
