"""`muster postmortem 42 --read FILE`: an edited file becomes versions of its sections, and nothing is lost."""

import stat
from pathlib import Path
from typing import Any

import pytest

from bot.incident.review_sections import PROMPTS, ReviewSection
from bot.incident.terms import MUSTER, IncidentId
from bot.incident.writing_events import SectionWritten
from tests.custody.site import Site
from tests.scenarios import witness
from tests.scenarios.team import Team

PROCESS, LUCKY = ReviewSection.PROCESS, ReviewSection.LUCKY
PROMPT = f"> {PROMPTS[PROCESS]}"


def edit(site: Site, *changes: tuple[str, str]) -> Path:
    file = site.folder / "INC-1.md"
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
    return file


async def read(site: Site) -> tuple[int, str]:
    return await site.muster("data", "postmortem", "1", "--read", "INC-1.md")


async def versions(team: Team) -> list[tuple[str, int, str, str]]:
    history: list[Any] = list(await team.bot.handler.history(IncidentId(1)))
    return [(e.section, e.number, e.by, e.text) for e in history if isinstance(e, SectionWritten)]


async def writes(team: Team, channel: str, section: str, text: str) -> None:
    await team.person("ada").slash("/incident", f"postmortem {section}", channel=channel)
    await team.person("ada").wait_for_modal("Postmortem")
    await witness.fills(team, "ada", **{"What is to stand there": text})


async def test_what_was_edited_is_a_new_version_and_the_same_file_can_be_edited_and_read_again(site: Site) -> None:
    async with site.host("data").muster() as team:
        await team.declare()
        assert (await site.muster("data", "postmortem", "1"))[0] == 0
        assert await read(site) == (0, "Nothing was edited in it since it was written.\n")
        edit(site, (PROMPT, "- Flags & limits are *not* reviewed."), ("## Summary", "## What I changed elsewhere"))
        assert await read(site) == (0, "Factors: process: version 1.\n")
        assert await read(site) == (0, "Nothing was edited in it since it was written.\n")
        edit(site, ("are *not* reviewed", "are never reviewed"))
        assert await read(site) == (0, "Factors: process: version 2.\n")
        assert await versions(team) == [
            (PROCESS, 1, MUSTER, "- Flags & limits are *not* reviewed."),
            (PROCESS, 2, MUSTER, "- Flags & limits are never reviewed."),
        ]
        assert "What I changed elsewhere" in (site.folder / "INC-1.md").read_text(encoding="utf-8")
        assert (await site.muster("data", "audit"))[0] == 0


async def test_what_was_written_in_slack_goes_out_is_edited_and_comes_back_into_the_form(site: Site) -> None:
    async with site.host("data").muster() as team:
        channel = await team.declare()
        await writes(team, channel, "process", "Limits < load.\nNo review.")
        await site.muster("data", "postmortem", "1")
        edit(site, ("No review.", "No review, no test."))
        assert await read(site) == (0, "Factors: process: version 2.\n")
        await team.person("ada").slash("/incident", "postmortem process", channel=channel)
        form = await team.person("ada").wait_for_modal("Postmortem")
        assert "Limits < load.\\nNo review, no test." in str(form) or "Limits < load.\nNo review, no test." in str(form)
        assert "Version 2 by Muster" in str(form)


async def test_a_section_that_somebody_saved_meanwhile_is_told_and_the_others_are_taken_up(site: Site) -> None:
    async with site.host("data").muster() as team:
        channel = await team.declare()
        await site.muster("data", "postmortem", "1")
        await writes(team, channel, "process", "In Slack.")
        file = edit(site, (PROMPT, "In the file."), (f"> {PROMPTS[LUCKY]}", "It was noon."))
        status, said = await read(site)
        assert status == 1
        assert "Factors: process: not read. ada saved version 1 on " in said
        assert "Where we were lucky: version 1." in said
        assert [text for _, _, _, text in await versions(team)] == ["In Slack.", "It was noon."]
        assert "In the file." in file.read_text(encoding="utf-8")
        edit(site, ("In the file.", "In Slack.\n\nIn the file."), ("process, version 0", "process, version 1"))
        assert await read(site) == (0, "Factors: process: version 2.\n")
        assert (await versions(team))[-1][3] == "In Slack.\n\nIn the file."


async def test_one_that_is_too_long_is_left_and_named(site: Site) -> None:
    async with site.host("data").muster() as team:
        await team.declare()
        await site.muster("data", "postmortem", "1")
        edit(site, (PROMPT, "x" * 3001))
        status, said = await read(site)
        assert (status, "“Factors: process” has 3001 characters and at most 3000 fit." in said) == (1, True)
        assert await versions(team) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("INC-1 people", "INC-7 people"), "this is a section of INC-7, not of INC-1"),
        (('[muster]: # "end of people"', ""), "has lost the mark of its end"),
        (("[muster]: ", "muster "), "There is no section in it"),
    ],
)
async def test_a_file_whose_marks_are_broken_is_refused_whole(
    site: Site, change: tuple[str, str], sentence: str
) -> None:
    async with site.host("data").muster() as team:
        await team.declare()
        await site.muster("data", "postmortem", "1")
        edit(site, (PROMPT, "One."), change)
        status, said = await read(site)
        assert (status, sentence in said, "Nothing was read." in said) == (1, True, True), said
        assert await versions(team) == []


async def test_a_file_that_is_none_or_an_incident_that_is_none_is_refused_kindly(site: Site) -> None:
    async with site.host("data").muster() as team:
        await team.declare()
        assert "cannot be read" in (await read(site))[1]
        (site.folder / "INC-1.md").write_bytes(b"\xff\xfe")
        assert "not UTF-8 text" in (await read(site))[1]
        (site.folder / "INC-1.md").write_text('[muster]: # "INC-9 people, version 0"\n[muster]: # "end of people"\n')
        status, said = await site.muster("data", "postmortem", "9", "--read", "INC-1.md")
        assert (status, "There is no INC-9 in this store." in said) == (1, True)


async def test_a_file_that_only_its_owner_may_read_stays_so(site: Site) -> None:
    async with site.host("data").muster() as team:
        await team.declare()
        await site.muster("data", "postmortem", "1")
        file = edit(site, (PROMPT, "One."))
        file.chmod(0o600)
        assert (await read(site))[0] == 0
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert '"INC-1 process, version 1"' in file.read_text(encoding="utf-8")


async def test_it_is_read_while_muster_is_down_too_and_muster_finds_it(site: Site) -> None:
    async with site.host("data").muster() as team:
        await team.declare()
        await team.settle()
        await site.muster("data", "postmortem", "1")
    edit(site, (PROMPT, "While it was down."))
    assert await read(site) == (0, "Factors: process: version 1.\n")
    async with site.host("data").muster() as team:
        assert [text for _, _, _, text in await versions(team)] == ["While it was down."]


async def test_where_the_log_is_sealed_and_the_key_is_not_known_nothing_is_written(site: Site) -> None:
    async with site.host("data").muster() as team:
        await team.declare()
        await site.muster("data", "postmortem", "1")
        edit(site, (PROMPT, "One."))
        key = site.folder / "data" / "audit.key"
        kept = key.read_bytes()
        key.unlink()
        status, said = await read(site)
        assert (status, "set AUDIT_KEY as for muster run" in said) == (1, True), said
        key.write_bytes(kept)
        assert (await read(site))[0] == 0
