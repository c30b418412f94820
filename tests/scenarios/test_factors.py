"""Contributing factors: from a line or the form into the timeline, the panel and the documents; and away again."""

from datetime import timedelta

from tests.scenarios import forged, witness
from tests.scenarios.team import Team
from tests.scenarios.test_private_incidents import declare_privately, seen_by

WHAT = "What made it possible, worse or longer"


async def resolved(team: Team) -> str:
    channel = await team.declare()
    await team.person("ada").invite(channel, "ben")
    await team.type("ada", "resolve Rolled back.", channel)
    await team.settle()
    return channel


async def test_several_are_added_in_a_line_each_and_stand_in_panel_list_and_timeline(team: Team) -> None:
    channel = await team.declare()
    said = await team.type("ada", "factor process: Nobody reviews flags", channel)
    assert said.startswith("One of the factors, CF1 (process): Nobody reviews flags.")
    await team.type("ada", "resolve Rolled back.", channel)
    await team.move_on(timedelta(days=3))
    assert "CF2 (environment: recent changes)" in await team.type("ada", "factor recent changes: Two at once", channel)
    listed = await team.type("ada", "factors", channel)
    assert "Contributing factors of INC-1: 2" in listed
    panel = await team.type("ada", "postmortem", channel)
    assert "CF1 · Process · Nobody reviews flags" in panel
    assert "Worth another look: There is only one" not in panel
    timeline = await witness.timeline(team, channel)
    assert "Contributing factor CF1 (process) by @ada: Nobody reviews flags" in timeline
    before = len(await team.person("ada").messages(channel))
    await team.settle()
    assert len(await team.person("ada").messages(channel)) == before


async def test_the_root_cause_is_met_with_the_other_factors(team: Team) -> None:
    channel = await resolved(team)
    said = await team.type("ada", "root cause: technology: the root cause was the pool", channel)
    assert "One of the factors, CF1 (technology)" in said
    assert "There are always several: what else made it possible, worse or longer?" in said


async def test_the_form_asks_for_what_shows_it_and_what_addresses_it(team: Team) -> None:
    channel = await resolved(team)
    await team.type("ada", "note The pool was full at 14:02", channel)
    await team.type("ada", "followup Alert on the pool @ben", channel)
    await team.settle()
    ben = team.person("ben")
    assert (await ben.slash("/incident", "factor The pool was small", channel=channel)).ok
    form = await ben.wait_for_modal("Contributing factor")
    assert "The pool was small" in str(form)
    entry = next(part for part in entry_options(str(form)) if "The pool was full" in part)
    chosen = {"Class": "Technology", "Entry of the timeline that shows it": entry}
    sent = await ben.submit({**chosen, "Follow-ups that address it": ["F1 Alert on the pool"]})
    assert sent.closed, sent.errors
    await ben.wait_for_ephemeral("One of the factors, CF1 (technology): The pool was small.", channel)
    shown = await team.type("cleo", "INC-1 factor CF1", "general")
    assert "INC-1 CF1 · The pool was small" in shown
    await team.person("cleo").wait_for_ephemeral("Addressed by F1 open", "general")


def entry_options(form: str) -> list[str]:
    """What stands in the menus of a form, as far as it is a time and words."""
    return [part for part in form.replace("'", '"').split('"') if part[2:3] == ":" and len(part) > 6]


async def test_it_is_edited_and_removed_with_a_reason_by_its_buttons(team: Team) -> None:
    channel = await resolved(team)
    await team.type("ada", "factor process: Nobody reviews flags", channel)
    await team.type("ada", "factor CF1", channel)
    form = await witness.opens(team, "ada", "Edit", channel)
    assert "Nobody reviews flags" in str(form)
    await team.type("ben", "factor CF1", channel)
    await witness.opens(team, "ben", "Edit", channel)
    await witness.fills(team, "ada", **{WHAT: "Nobody tests flags"})
    late = await team.person("ben").submit({WHAT: "Flags are not tested"})
    assert "was changed while you wrote" in late.errors["text"]
    await team.type("ada", "factor CF1", channel)
    await witness.opens(team, "ada", "Remove", channel)
    await witness.fills(team, "ada", **{"Why it is no factor after all": "It was another flag."})
    assert "Contributing factors of INC-1: 0" in await team.type("ada", "factors", channel)
    timeline = await witness.timeline(team, channel)
    assert "CF1 changed by @ada: Nobody tests flags (process)" in timeline
    assert "CF1 removed by @ada: Nobody tests flags (why: It was another flag.)" in timeline
    assert "was removed already" in await team.type("ada", "factor remove CF1 twice", channel)


async def test_search_finds_their_words_once_it_is_over(team: Team) -> None:
    channel = await resolved(team)
    await team.type("ada", "factor process: Nobody counts kestrels", channel)
    await team.settle()

    async def found() -> bool:
        return "1 incident with" in await team.type("cleo", "search kestrels", "general")

    await team.person("ada").wait_until(found)


async def test_a_private_incidents_factors_are_its_members_alone(team: Team) -> None:
    channel = await declare_privately(team)
    await team.type("ada", "factor process: Nobody rolls kestrel keys", channel)
    await team.type("ada", "resolve Contained.", channel)
    await team.settle()
    for text in ("INC-{n} factors", "INC-{n} factor CF1", "INC-{n} factor process: mine", "INC-{n} factor"):
        answers = [await team.type("cleo", text.format(n=number), "general") for number in (1, 77)]
        assert answers[0] == answers[1].replace("INC-77", "INC-1"), text
    for action in ("show_factor", "edit_factor", "drop_factor", "show_factors", "add_factor"):
        pressed = [await forged.pressed(team, "cleo", action, f"{number}|1") for number in (1, 77)]
        assert pressed[0] == pressed[1].replace("INC-77", "INC-1"), action
    assert "kestrel" not in await seen_by(team, "cleo")
