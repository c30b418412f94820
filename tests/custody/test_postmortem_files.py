"""`muster postmortem`: four files of what the store holds; kind refusals; and no edited file is written over."""

import json
import stat
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.checkup.the_record import Record
from bot.custody.postmortem_files import NotWritten, asked, filled, number_of, read_log, write
from bot.document.documents import documents
from bot.document.wording import Wording
from bot.incident.postmortem import Postmortem, postmortem
from bot.incident.review_sections import ReviewSection
from bot.incident.terms import IncidentId
from bot.incident.writing_commands import WriteSection
from bot.playbook.problems import LibraryProblems
from bot.playbook.templates import TemplateText, read_template
from bot.ports import Unavailable
from bot.store.connection import ask
from bot.store.keys import Keys
from bot.store.redis_log import RedisLog
from tests.custody.site import Site
from tests.incident.given import BEN, Story, after, led, resolved
from tests.muster_process import ROOT
from tests.scenarios.test_private_incidents import declare_privately
from tests.store.appends import an_append, declared, note

TEMPLATE = read_template(ROOT / "playbooks")
NAMES = ["INC-42.html", "INC-42.json", "INC-42.md", "INC-42.svg"]


def draft(story: Story) -> Postmortem:
    return postmortem(story.log, story.policy)


def written(folder: Path, story: Story) -> None:
    files = documents(draft(story), TEMPLATE.text, Wording())
    write(folder, files, private=story.state.private)


async def test_an_incident_of_the_store_becomes_four_files_with_the_names_that_slack_says(site: Site) -> None:
    async with site.host("data").muster() as team:
        channel = await team.declare()
        await team.type("ada", "update Release 1.84 is rolled back. next 30m", channel)
        await team.type("ada", "resolve All is well.", channel)
        await team.settle()
        status, said = await site.muster("data", "postmortem", "INC-1", "--to", "reviews")
    assert (status, "reviews/INC-1.md" in said) == (0, True), said
    markdown = (site.folder / "reviews" / "INC-1.md").read_text(encoding="utf-8")
    assert "**Update 1** by ada: Release 1.84 is rolled back." in markdown
    assert "U0ADA00001" not in markdown
    assert "At its end was written: “All is well.”" in markdown
    told = json.loads((site.folder / "reviews" / "INC-1.json").read_bytes())
    assert told["timeline"][0]["link"].startswith("https://harbour.slack.com/archives/")


async def test_a_number_that_was_never_given_is_refused_kindly(site: Site) -> None:
    async with site.host("data").muster() as team:
        await team.declare()
        status, said = await site.muster("data", "postmortem", "7")
    assert (status, said) == (1, "There is no INC-7 in this store. The last one is INC-1.\n")
    assert not list(site.folder.glob("INC-*"))


async def test_a_private_incident_is_called_so_in_its_files_and_its_title_is_not_printed(site: Site) -> None:
    async with site.host("data").muster() as team:
        await declare_privately(team, "Merger keys leaked")
        status, said = await site.muster("data", "postmortem", "1")
    assert (status, "private incident" in said, "Merger" in said) == (0, True, False), said
    written_files = list(site.folder.glob("INC-1.*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in written_files} == {0o600}
    assert "> **Private incident.**" in (site.folder / "INC-1.md").read_text(encoding="utf-8")


async def test_what_people_wrote_stands_in_the_document_and_the_gentle_check_asks_about_it(site: Site) -> None:
    async with site.host("data").muster() as team:
        channel = await team.declare()
        await team.person("ada").slash("/incident", "postmortem people", channel=channel)
        await team.person("ada").wait_for_modal("Postmortem")
        await team.person("ada").submit({"What is to stand there": "- *Human error* <b>"})
        status, said = await site.muster("data", "postmortem", "1")
    assert status == 0, said
    assert "Still empty: Impact, Factors: process, " in said
    assert "  Factors: people: “Human error” judges a person." in said
    markdown = (site.folder / "INC-1.md").read_text(encoding="utf-8")
    assert r"- **Human error** \<b\>" in markdown
    assert "What did people know and not know" not in markdown
    assert "Written by people afterwards: Factors: people." in markdown
    (people, *_) = [each for each in json.loads((site.folder / "INC-1.json").read_bytes())["sections"] if each["text"]]
    assert (people["section"], people["version"], people["text"]) == ("people", 1, "- *Human error* <b>")


def test_of_a_private_incident_the_terminal_shows_no_word_that_people_wrote() -> None:
    story = led(private=True)
    story.do(WriteSection(by=BEN, section=ReviewSection.PEOPLE, text="Human error.", seen=0), after(60))
    told = "\n".join(asked(draft(story)))
    assert "Worth another look: 2." in told
    assert "Human" not in told


async def test_without_slack_the_documents_are_written_all_the_same(site: Site) -> None:
    async with site.host("data").muster() as team:
        await team.declare()
        await team.settle()
    await site.workspace.client.fault("auth.test", "refuse", error="invalid_auth")
    status, said = await site.muster("data", "postmortem", "1")
    assert status == 0, said
    assert "Slack could not be asked for names" in said
    assert "by ada on" in (site.folder / "INC-1.md").read_text(encoding="utf-8")


async def test_a_damaged_log_makes_no_document(client: Redis, keys: Keys, log: RedisLog) -> None:
    record = Record(client=client, keys=keys, seals=None)
    await log.append(an_append(1, events=[declared(1), note("a"), note("b")]))
    assert len(await read_log(record, IncidentId(1))) == 3
    await ask(client, "XDEL", keys.incident(IncidentId(1)), "2-0")
    with pytest.raises(Unavailable, match="the log of INC-1 is damaged: entry 2 is missing"):
        await read_log(record, IncidentId(1))


async def test_a_log_of_a_newer_version_is_told_as_such(client: Redis, keys: Keys) -> None:
    await ask(client, "XADD", keys.incident(IncidentId(1)), "1-0", "type", "Foreseen", "data", "{}")
    with pytest.raises(Unavailable, match="'Foreseen', which this version of Muster does not know"):
        await read_log(Record(client=client, keys=keys, seals=None), IncidentId(1))


@pytest.mark.parametrize("text", ["42", "INC-42", "inc-42", " 42 "])
def test_a_number_may_be_written_either_way(text: str) -> None:
    assert number_of(text) == IncidentId(42)


@pytest.mark.parametrize("text", ["0", "42b", "", "-1", "../42", "9999999999", "DRILL"])
def test_what_is_no_number_is_refused_with_what_would_be_one(text: str) -> None:
    with pytest.raises(NotWritten, match="write 42 or INC-42"):
        number_of(text)


def test_files_that_nobody_touched_are_written_anew(tmp_path: Path) -> None:
    written(tmp_path, led())
    written(tmp_path, resolved())
    assert sorted(path.name for path in tmp_path.iterdir()) == NAMES
    assert "Status: resolved" in (tmp_path / "INC-42.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["INC-42.md", "INC-42.html", "INC-42.svg"])
def test_a_file_that_somebody_edited_is_never_written_over(tmp_path: Path, name: str) -> None:
    written(tmp_path, led())
    (tmp_path / name).write_text("What we learnt.", encoding="utf-8")
    with pytest.raises(NotWritten, match="was edited"):
        written(tmp_path, resolved())
    assert (tmp_path / name).read_text(encoding="utf-8") == "What we learnt."
    assert "goes on" in (tmp_path / "INC-42.md").read_text(encoding="utf-8") or name == "INC-42.md"


def test_a_file_of_somebody_else_under_that_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "INC-42.md").write_bytes(b"\xff mine")
    (tmp_path / "INC-42.json").write_text("[]", encoding="utf-8")
    with pytest.raises(NotWritten, match="nothing was written"):
        written(tmp_path, led())


def test_of_a_private_incident_only_their_owner_may_read_the_files(tmp_path: Path) -> None:
    written(tmp_path, led(private=True))
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotWritten, match="--to"):
        written(tmp_path / "file", led())


def test_a_mistake_in_the_organisation_s_template_is_named_with_its_file_and_line() -> None:
    own = TemplateText(source="ours/templates/postmortem.md", text="{{ head }}\n{{ sumary }}", own=True)
    with pytest.raises(LibraryProblems) as raised:
        filled(draft(led()), own, Wording())
    assert str(raised.value).startswith("ours/templates/postmortem.md:2: `sumary` is not known here")


def test_the_organisation_s_own_template_is_used_where_there_is_one(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "postmortem.md").write_text("{{ head }}", encoding="utf-8")
    assert (read_template(tmp_path).text, read_template(tmp_path).own) == ("{{ head }}", True)
    assert read_template(tmp_path / "elsewhere") == read_template(ROOT / "nowhere")


def test_a_template_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "postmortem.md").write_bytes(b"\xff\xfe")
    with pytest.raises(LibraryProblems, match="UTF-8"):
        read_template(tmp_path)
