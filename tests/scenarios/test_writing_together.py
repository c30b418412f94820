"""Writing a postmortem together, from `/incident postmortem`: versions, two at once, hints, and who may."""

from datetime import timedelta
from typing import Any

from bot.incident.review_sections import ReviewSection
from bot.incident.terms import MUSTER, Status
from bot.workspace.seen import SeenView
from tests.scenarios import witness
from tests.scenarios.team import Team

TEXT = "What is to stand there"
PROCESS = ReviewSection.PROCESS


async def resolved(team: Team, verb: str = "declare") -> str:
    channel = await team.declare(verb=verb)
    await team.person("ada").invite(channel, "ben")
    await team.type("ada", "resolve Rolled back.", channel)
    await team.settle()
    return channel


async def opens(team: Team, name: str, section: str, channel: str) -> SeenView:
    answer = await team.person(name).slash("/incident", f"postmortem {section}", channel=channel)
    assert answer.ok, answer
    return await team.person(name).wait_for_modal("Postmortem")


async def written(team: Team, section: ReviewSection = PROCESS) -> tuple[int, str]:
    stands = (await witness.first_incident(team)).section(section)
    return stands.number, stands.text


async def test_a_section_is_written_from_its_panel_and_the_panel_shows_it(team: Team) -> None:
    channel = await resolved(team)
    panel = await team.type("ben", "postmortem", channel)
    assert "Postmortem of INC-1: 0 of 11 sections are written" in panel
    assert "Still empty: Impact, Factors: people, Factors: process," in panel
    form = await witness.opens(team, "ben", "Factors: process", channel)
    assert "Which step, review, hand-over or rule let this through" in str(form)
    assert "What the log knows:" in str(form)
    await witness.fills(team, "ben", **{TEXT: "- Flags are *not* reviewed.\n- Limits are not tested."})
    assert await written(team) == (1, "- Flags are *not* reviewed.\n- Limits are not tested.")
    shown = await team.person("ben").wait_for_ephemeral("1 of 11 sections are written", channel)
    assert "*Factors: process* · @ben" in shown.rendered
    assert "version 1" in shown.rendered


async def test_two_who_write_one_section_both_see_both_texts_and_neither_is_lost(team: Team) -> None:
    channel = await resolved(team)
    await opens(team, "ada", "process", channel)
    await opens(team, "ben", "process", channel)
    await witness.fills(team, "ben", **{TEXT: "Flags are not reviewed."})
    sent = await team.person("ada").submit({TEXT: "Limits <are> not tested."})
    assert not sent.errors
    form = await team.person("ada").modal()
    assert form is not None
    for part in ("@ben saved this section while you wrote", "Flags are not reviewed.", "Limits <are> not tested."):
        assert part in str(form), part
    assert await written(team) == (1, "Flags are not reviewed.")
    await witness.fills(team, "ada", **{TEXT: "Flags are not reviewed.\nLimits <are> not tested."})
    assert await written(team) == (2, "Flags are not reviewed.\nLimits <are> not tested.")
    assert await team.person("ada").modal() is None


async def test_whoever_only_sends_the_form_again_saves_their_own_text_and_the_other_is_in_the_log(team: Team) -> None:
    channel = await resolved(team)
    await opens(team, "ada", "process", channel)
    await opens(team, "ben", "process", channel)
    await witness.fills(team, "ben", **{TEXT: "Ben's."})
    await team.person("ada").submit({TEXT: "Ada's."})
    await witness.fills(team, "ada")
    assert await written(team) == (2, "Ada's.")
    history: list[Any] = list(await team.bot.handler.history((await witness.first_incident(team)).id))
    assert [event.text for event in history if type(event).__name__ == "SectionWritten"] == ["Ben's.", "Ada's."]


async def test_it_is_written_after_the_close_and_long_afterwards(team: Team) -> None:
    channel = await resolved(team)
    await team.type("ada", "close because It was small.", channel)
    assert (await witness.first_incident(team)).status is Status.CLOSED
    await team.move_on(timedelta(days=30))
    await opens(team, "ben", "lucky", channel)
    await witness.fills(team, "ben", **{TEXT: "Cleo was awake."})
    assert await written(team, ReviewSection.LUCKY) == (1, "Cleo was awake.")


async def test_the_form_opens_with_what_stands_and_says_who_wrote_it(team: Team) -> None:
    channel = await resolved(team)
    await opens(team, "ben", "went well", channel)
    await witness.fills(team, "ben", **{TEXT: "The rollback."})
    form = await opens(team, "ada", "went well", channel)
    assert "Version 1 by @ben" in str(form)
    assert "The rollback." in str(form)
    assert "Nobody was communications lead." not in str(form)


async def test_the_gentle_check_asks_and_never_refuses(team: Team) -> None:
    channel = await resolved(team)
    await opens(team, "ben", "people", channel)
    await witness.fills(team, "ben", **{TEXT: "Human error: Cleo should have looked."})
    panel = await team.type("ada", "postmortem", channel)
    assert "“Human error” judges a person" in panel
    assert "“should have” judges by what is known today" in panel
    assert "There is only one contributing factor yet." in panel


async def test_an_outsider_neither_reads_nor_writes_a_private_one_and_learns_nothing(team: Team) -> None:
    await team.person("ada").slash("/incident", "declare", channel="general")
    await team.person("ada").wait_for_modal()
    await witness.fills(team, "ada", Title="Leak", Severity="SEV1", Private=["yes"])
    await team.settle()
    unknown = await team.type("cleo", "INC-9 postmortem", "general")
    assert (await team.type("cleo", "INC-1 postmortem", "general")).replace("INC-1", "INC-9") == unknown
    unknown = await team.type("cleo", "INC-9 postmortem process", "general")
    assert (await team.type("cleo", "INC-1 postmortem process", "general")).replace("INC-1", "INC-9") == unknown
    assert await team.person("cleo").modal() is None


async def test_somebody_outside_of_the_channel_reads_a_public_one_and_joins_to_write(team: Team) -> None:
    channel = await resolved(team)
    await opens(team, "ada", "process", channel)
    await witness.fills(team, "ada", **{TEXT: "Flags are not reviewed."})
    cleo = team.person("cleo")
    await cleo.slash("/incident", "INC-1 postmortem process", channel="general")
    read = await cleo.wait_for_modal("Postmortem")
    assert (read.fields, "Flags are not reviewed." in read.rendered) == ([], True)
    assert f"People in #{channel} write here." in read.rendered
    assert (await cleo.click("Join", where="modal")).ok
    await witness.until(team, lambda: is_in(team, "cleo", channel))
    await cleo.close_modal()
    await opens(team, "cleo", "process", channel)
    await witness.fills(team, "cleo", **{TEXT: "Flags are reviewed by nobody."})
    assert await written(team) == (2, "Flags are reviewed by nobody.")


async def is_in(team: Team, name: str, channel: str) -> bool:
    return name in await team.person("ada").members(channel)


async def test_what_stood_there_before_can_be_read_again(team: Team) -> None:
    channel = await resolved(team)
    for text in ("Flags are not reviewed.", "Limits are not tested."):
        await opens(team, "ada", "process", channel)
        await witness.fills(team, "ada", **{TEXT: text})
    await opens(team, "ben", "process", channel)
    assert (await team.person("ben").click("All versions", where="modal")).ok
    versions = await team.person("ben").wait_for_modal("Versions")
    for part in ("2 versions", "Version 2 by @ada", "Limits are not tested.", "Version 1 by @ada", "Flags are not"):
        assert part in versions.rendered, part


async def test_in_a_drill_panel_and_form_say_so(team: Team) -> None:
    channel = await resolved(team, "drill")
    assert "DRILL INC-1" in await team.type("ada", "postmortem", channel)
    assert "DRILL" in str(await opens(team, "ada", "process", channel))


async def test_a_section_that_there_is_none_of_is_answered_with_those_there_are(team: Team) -> None:
    channel = await resolved(team)
    answer = await team.type("ada", "postmortem weather", channel)
    assert "“weather” is no section here: use impact, people, process" in answer.lower()
    assert MUSTER not in answer


async def test_whoever_opens_a_section_sees_who_else_has_it_open(team: Team) -> None:
    channel = await resolved(team)
    assert "Also open" not in (await opens(team, "ada", "process", channel)).rendered
    assert "Also open: @ada since" in (await opens(team, "ben", "process", channel)).rendered
    await team.person("ben").close_modal()
    await witness.fills(team, "ada", **{TEXT: "Flags are not reviewed."})
    assert "@ada" not in (await opens(team, "ben", "process", channel)).rendered.partition("Version")[0]
    await team.person("ben").close_modal()
    team.clock.move_on(timedelta(minutes=21))
    assert "Also open" not in (await opens(team, "ada", "process", channel)).rendered
