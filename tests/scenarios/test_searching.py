"""Earlier incidents: found by what was said in them, offered when a new one is like them, and told to no outsider."""

from functools import partial
from pathlib import Path

from bot.workspace.cast import CAST
from tests.scenarios import forged, witness
from tests.scenarios.conftest import StartTeam
from tests.scenarios.house_rules import playbooks
from tests.scenarios.team import Team
from tests.scenarios.test_private_incidents import SECRET, declare_privately, seen_by

ID = {account.name: account.id for account in CAST}
NO_PLAYBOOK = "severities: {SEV1: {rubric: Down., update_every: 30m}, SEV2: {rubric: Degraded., update_every: 60m}}\n"


async def over(team: Team, title: str, summary: str, *notes: str, verb: str = "declare") -> str:
    """Declared by Ada, talked about and resolved; answers with its channel's name."""
    channel = await team.declare(f"sev1 {title}", verb=verb)
    for note in notes:
        await team.type("ada", f"note {note}", channel)
    await team.type("ada", f"resolve {summary}", channel)
    await team.settle()
    return channel


async def search(team: Team, text: str, by: str = "cleo") -> str:
    """What this person is answered, with the lines on the screen."""
    answer = await team.person(by).slash("/incident", f"search {text}", channel="general")
    assert answer.ok, answer
    ephemerals = await team.person(by).ephemerals()
    return f"{answer.text}\n{ephemerals[-1].rendered if ephemerals else ''}"


async def test_whoever_searches_finds_what_was_said_how_it_ended_and_where(team: Team) -> None:
    channel = await over(team, "Orders are lost", "Failed over to the replica", "The kestrel queue was full")
    await over(team, "Search is slow", "Cache warmed")
    found = await search(team, "kestrels")
    for part in (
        "1 incident with",
        "INC-1",
        "Orders are lost",
        f"#{channel}",
        "Failed over to the replica",
        "said: kestrels",
    ):
        assert part in found, part
    assert "INC-2" not in found


async def test_what_was_deleted_or_edited_in_slack_is_found_no_more(team: Team) -> None:
    channel = await team.declare("sev1 Orders are lost")
    ada = team.person("ada")
    said = [await ada.say(channel, text) for text in ("the password is kestrel", "the merlin is off")]
    for ts in said:
        await ada.react(channel, ts, "pushpin")
        await ada.wait_until(partial(witness.ticked, team, channel, ts))
    await team.type("ada", "resolve Back", channel)
    await team.settle()
    assert "INC-1" in await search(team, "kestrel")
    await ada.delete(channel, said[0])
    await ada.edit(channel, said[1], "the hobby is off")

    async def gone() -> bool:
        await team.settle()
        return "INC-1" not in await search(team, "kestrel merlin") and "INC-1" in await search(team, "hobby")

    await ada.wait_until(gone)


async def test_a_new_incident_hears_of_earlier_ones_like_it_once_and_why(start_team: StartTeam, tmp_path: Path) -> None:
    team = await start_team(playbooks_dir=playbooks(tmp_path, NO_PLAYBOOK))
    earlier = await over(team, "Orders lost in the kestrel queue", "Drained the queue")
    channel = await team.declare("sev1 Kestrel queue is full")
    told = await team.says("ada", channel, "Like this one")
    for part in ("INC-1", "Orders lost in the kestrel queue", f"#{earlier}", "Drained the queue", "kestrel, queue"):
        assert part in told.rendered, part
    await team.settle()
    assert len(await witness.posts(team, channel, "Like this one")) == 1


async def test_one_like_no_other_hears_nothing(team: Team) -> None:
    await over(team, "Orders are lost", "Drained")
    channel = await team.declare("sev1 Kestrel on the roof")
    await team.settle()
    assert await witness.posts(team, channel, "Like this one") == []


async def test_drills_are_found_when_asked_for_and_offered_to_nobody(start_team: StartTeam, tmp_path: Path) -> None:
    team = await start_team(playbooks_dir=playbooks(tmp_path, NO_PLAYBOOK))
    await over(team, "Kestrel queue is full", "Well done", verb="drill")
    real = await over(team, "Kestrel queue is full", "Drained")
    drill = await team.declare("sev1 Kestrel queue is full", verb="drill")
    await team.settle()
    for channel in (real, drill):
        assert await witness.posts(team, channel, "Like this one") == []
    found, drills = await search(team, "kestrel"), await search(team, "drills kestrel")
    assert ("INC-2" in found, "INC-1" in found, "INC-3" in found) == (True, False, False)
    assert ("INC-2" in drills, "DRILL · SEV1 · Resolved · INC-1" in drills, "INC-3" in drills) == (False, True, True)


async def test_the_form_finds_pages_are_turned_and_the_button_stands_at_the_front_door(
    start_team: StartTeam, tmp_path: Path
) -> None:
    team = await start_team(playbooks_dir=playbooks(tmp_path, NO_PLAYBOOK))
    for number in range(6):
        await over(team, f"Kestrel {number} is full", "Drained")
    cleo = team.person("cleo")
    await team.type("cleo", "", "general")
    assert (await cleo.click("Search")).ok
    await cleo.wait_for_modal("Search incidents")
    assert (await cleo.submit({"Words": "the"})).errors
    await cleo.submit({"Words": "kestrel"})

    async def first() -> bool:
        view = await cleo.modal()
        return bool(view and "6 incidents with" in view.rendered and "page 1 of 2" in view.rendered)

    await cleo.wait_until(first)
    assert (await cleo.click("Next")).ok

    async def second() -> bool:
        view = await cleo.modal()
        return bool(view and "page 2 of 2" in view.rendered and "Kestrel 0 is full" in view.rendered)

    await cleo.wait_until(second)


async def test_a_private_incident_is_found_by_its_members_and_is_nothing_to_others(
    start_team: StartTeam, tmp_path: Path
) -> None:
    """By command, by page, and when others declare one just like it; in its own channel it hears of public ones."""
    team = await start_team(playbooks_dir=playbooks(tmp_path, NO_PLAYBOOK))
    await over(team, "Osprey reads our mail", "Keys rolled")
    await declare_privately(team, f"Osprey {SECRET} reads our mail")
    private = "inc-2"
    await team.says("ada", private, "Like this one", "INC-1")
    await team.type("ada", f"resolve {SECRET} is out", private)
    await team.settle()
    assert SECRET in await search(team, SECRET, by="ada")
    unknown = await search(team, "Merlin")
    outside = await search(team, SECRET)
    assert outside.replace(SECRET.lower(), "merlin").splitlines()[0] == unknown.splitlines()[0]
    assert "1 incident with" in await search(team, "osprey mail")
    page = await forged.pressed(team, "cleo", "search_page", f"0|1|incidents|{SECRET} mail")
    assert "INC-2" not in page
    channel = await team.declare("sev1 Osprey Kestrel reads our mail", by="cleo")
    told = await team.says("cleo", channel, "Like this one")
    assert ("INC-1" in told.rendered, "INC-2" in told.rendered) == (True, False)
    assert "INC-2" not in await seen_by(team, "cleo")


async def test_whom_the_policy_lets_see_private_incidents_finds_them(start_team: StartTeam, tmp_path: Path) -> None:
    rules = f"{NO_PLAYBOOK}rights: {{see_private: [{ID['cleo']}]}}\n"
    team = await start_team(playbooks_dir=playbooks(tmp_path, rules))
    await declare_privately(team)
    assert ("INC-1" in await search(team, SECRET), "INC-1" in await search(team, SECRET, by="ben")) == (True, False)
