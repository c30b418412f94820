"""The draft of a postmortem as a file: into its own channel, once, never doubled; without the scope all goes on."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.incident.afterwards_effects import UploadDraft
from bot.incident.policy import Policy
from bot.incident.state import Incident, PostedDraft
from bot.incident.terms import DRAFT, MUSTER_ITSELF, FileId, Person, Status, UserId, Version
from bot.incident.writing_commands import RecordDraft
from bot.playbook.problems import LibraryProblems, Problem
from bot.ports import Unavailable
from bot.slack.chat import SlackChat
from bot.slack.drafts import Drafts
from bot.slack.shared_files import SharedFiles
from bot.slack.still_pictures import StillPictures
from bot.slack.web_client import WebClient
from bot.slack_ports import Refused
from bot.verdict import Verdict, after_refusal
from tests.slack.conftest import papers_by, shipped_rules
from tests.slack.scripted_slack import Say, ScriptedSlack, ok, refuse
from tests.slack.war_room import FORTY_TWO, NOON, ROOM, US, Names, incident, lease

UPLOAD = UploadDraft(incident=FORTY_TWO, channel=ROOM, wanted_at=Version(9))
NAME = "INC-42-postmortem-9.md"
DONE = RecordDraft(by=MUSTER_ITSELF, wanted_at=Version(9), file=FileId("F1"))


def ended(**changes: object) -> Incident:
    return replace(incident(), status=Status.RESOLVED, **changes)  # type: ignore[arg-type]


def stands(*files: str, user: str = US.user, name: str = NAME) -> Say:
    messages = [
        {"ts": f"{NOON.timestamp() + at:.6f}", "user": user, "files": [{"id": file, "name": name}]}
        for at, file in enumerate(files)
    ]
    return ok(messages=messages)


async def test_it_is_brought_and_then_shared_in_its_own_channel(chat: SlackChat, slack: ScriptedSlack) -> None:
    assert await chat.perform(UPLOAD, ended(), lease(UPLOAD)) == DONE
    asked, (shared,) = slack.asked("files.getUploadURLExternal"), slack.asked("files.completeUploadExternal")
    assert [each["filename"].rpartition(".")[2] for each in asked] == ["md", "png", "html", "json"]
    assert [int(each["length"]) for each in asked] == [len(content) for content in slack.files]
    assert [each["id"] for each in json.loads(shared["files"])] == ["F1", "F2", "F3", "F4"]
    assert (asked[0]["filename"], shared["channel_id"]) == (NAME, ROOM)
    assert "The draft of the postmortem of INC-42, from its log." in shared["initial_comment"]
    assert "U0ADA" not in slack.files[0].decode()


async def test_the_document_names_the_picture_beside_it_and_the_json_all_of_them(
    chat: SlackChat, slack: ScriptedSlack
) -> None:
    await chat.perform(UPLOAD, ended(), lease(UPLOAD))
    text, picture, page, form = slack.files
    assert text.decode().startswith("# Postmortem of INC-42")
    assert "![Picture of INC-42](INC-42-postmortem-9.png)" in text.decode()
    assert (picture, page[:15], b"<svg" in page) == (b"PIXELS", b"<!DOCTYPE html>", True)
    assert json.loads(form)["files"] == {
        f"INC-42-postmortem-9.{kind}": hashlib.sha256(content).hexdigest()
        for kind, content in (("md", text), ("html", page), ("png", picture))
    }


async def test_the_picture_says_in_words_what_it_shows(chat: SlackChat, slack: ScriptedSlack) -> None:
    await chat.perform(UPLOAD, ended(), lease(UPLOAD))
    (picture,) = [each for each in slack.asked("files.getUploadURLExternal") if each.get("alt_txt")]
    assert picture["filename"].endswith(".png")
    assert "Status: " in picture["alt_txt"]


async def test_a_machine_that_cannot_draw_uploads_the_drawing_itself(
    client: WebClient, slack: ScriptedSlack, tmp_path: Path
) -> None:
    papers = papers_by(StillPictures(tmp_path / "missing.py"), Names())
    assert await Drafts(SharedFiles(client, US), papers).upload(UPLOAD, ended(), lease(UPLOAD)) == DONE
    names = [each["filename"].rpartition(".")[2] for each in slack.asked("files.getUploadURLExternal")]
    assert names == ["md", "svg", "html", "json"]
    assert "(INC-42-postmortem-9.svg)" in slack.files[0].decode()


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
async def test_where_only_some_kinds_of_file_are_allowed_the_document_goes_alone(
    chat: SlackChat, slack: ScriptedSlack, slack_url: str, method: str
) -> None:
    if method == "files.getUploadURLExternal":
        slack.says(method, ok(file_id="F1", upload_url=f"{slack_url}/upload"))
    slack.says(method, refuse("file_type_not_allowed"), ok())
    assert await chat.perform(UPLOAD, ended(), lease(UPLOAD)) == DONE
    shared = slack.asked("files.completeUploadExternal")[-1]
    assert [each["id"] for each in json.loads(shared["files"])] == ["F1"]


class NobodyIsKnown(Names):
    async def person(self, user: UserId) -> Person:
        raise Unavailable("Slack", "users.info: no answer")


async def test_whom_slack_cannot_name_goes_by_their_id(
    client: WebClient, slack: ScriptedSlack, pictures: StillPictures
) -> None:
    drafts = Drafts(SharedFiles(client, US), papers_by(pictures, NobodyIsKnown()))
    assert await drafts.upload(UPLOAD, ended(), lease(UPLOAD)) == DONE
    assert "U0ADA" in slack.files[0].decode()


async def test_what_is_recorded_is_not_done_again(chat: SlackChat, slack: ScriptedSlack) -> None:
    uploaded = ended(drafts={Version(9): PostedDraft(file=FileId("F7"), at=NOON)})
    assert await chat.perform(UPLOAD, uploaded, lease(UPLOAD)) is None
    assert slack.calls == []


async def test_one_that_may_stand_there_is_found_by_its_name_and_not_repeated(
    chat: SlackChat, slack: ScriptedSlack
) -> None:
    slack.says("conversations.history", stands("F7"))
    assert await chat.perform(UPLOAD, ended(), lease(UPLOAD, uncertain=True)) == replace(DONE, file=FileId("F7"))
    assert slack.files == []


@pytest.mark.parametrize("other", [stands(), stands("F7", user="UADA"), stands("F7", name="INC-42-postmortem-8.md")])
async def test_a_file_of_somebody_else_or_of_another_upload_is_not_taken_for_it(
    chat: SlackChat, slack: ScriptedSlack, other: Say
) -> None:
    slack.says("conversations.history", other)
    assert await chat.perform(UPLOAD, ended(), lease(UPLOAD, uncertain=True)) == DONE
    assert len(slack.asked("files.completeUploadExternal")) == 1


async def test_where_nobody_can_look_it_is_given_up_and_not_doubled(chat: SlackChat, slack: ScriptedSlack) -> None:
    slack.says("conversations.history", refuse("missing_scope", needed="channels:history"))
    with pytest.raises(Unavailable) as failure:
        await chat.perform(UPLOAD, ended(), lease(UPLOAD, uncertain=True))
    assert not failure.value.retryable
    assert slack.files == []


async def test_an_upload_that_fails_on_the_way_leaves_nothing_to_look_for(
    chat: SlackChat, slack: ScriptedSlack
) -> None:
    slack.says("upload", Say(status=500))
    with pytest.raises(Unavailable) as failure:
        await chat.perform(UPLOAD, ended(), lease(UPLOAD))
    assert (failure.value.retryable, failure.value.unknown) == (True, False)
    assert slack.asked("files.completeUploadExternal") == []


async def test_a_share_whose_answer_is_lost_leaves_it_open_whether_it_stands(
    chat: SlackChat, slack: ScriptedSlack
) -> None:
    slack.says("files.completeUploadExternal", Say(drop=True))
    with pytest.raises(Unavailable) as failure:
        await chat.perform(UPLOAD, ended(), lease(UPLOAD))
    assert failure.value.unknown


async def test_without_the_scope_it_is_refused_as_a_step_that_is_told_and_not_kept(
    chat: SlackChat, slack: ScriptedSlack
) -> None:
    slack.says("files.getUploadURLExternal", refuse("missing_scope", needed="files:write"))
    with pytest.raises(Refused) as refusal:
        await chat.perform(UPLOAD, ended(), lease(UPLOAD))
    assert (refusal.value.step, "files:write" in refusal.value.reason) == (DRAFT, True)
    assert after_refusal(UPLOAD) is Verdict.RECORD_FAILURE


async def test_a_template_that_is_broken_is_a_refusal_and_no_bug(client: WebClient, pictures: StillPictures) -> None:
    def broken() -> tuple[Policy, str]:
        return shipped_rules()[0], "{{ head }} {{ nonsense }}"

    def unreadable() -> tuple[Policy, str]:
        raise LibraryProblems([Problem(file="t.md", line=None, field="", sentence="cannot be read")])

    for rules in (broken, unreadable):
        drafts = Drafts(SharedFiles(client, US), papers_by(pictures, Names(), rules))
        with pytest.raises(Refused, match="the template of postmortems has mistakes"):
            await drafts.upload(UPLOAD, ended(), lease(UPLOAD))


@pytest.fixture
def doubled(slack: ScriptedSlack) -> ScriptedSlack:
    slack.says("conversations.history", stands("F1", "F2"))
    return slack


async def test_a_second_file_is_taken_back_and_the_one_on_record_stays(chat: SlackChat, doubled: ScriptedSlack) -> None:
    uploaded = ended(drafts={Version(9): PostedDraft(file=FileId("F1"), at=NOON)})
    await chat.withdraw(UPLOAD, uploaded, lease(UPLOAD), replace(DONE, file=FileId("F2")))
    assert [args["file"] for args in doubled.asked("files.delete")] == ["F2"]
    assert len(doubled.asked("chat.delete")) == 1


async def test_all_files_of_a_second_message_go_with_it(chat: SlackChat, slack: ScriptedSlack) -> None:
    files = [{"id": "F5", "name": NAME}, {"id": "F6", "name": "INC-42-postmortem-9.png"}]
    slack.says("conversations.history", ok(messages=[{"ts": "2.0", "user": US.user, "files": files}]))
    uploaded = ended(drafts={Version(9): PostedDraft(file=FileId("F1"), at=NOON)})
    await chat.withdraw(UPLOAD, uploaded, lease(UPLOAD), None)
    assert [args["file"] for args in slack.asked("files.delete")] == ["F5", "F6"]


async def test_while_none_is_on_record_none_is_taken_back(chat: SlackChat, doubled: ScriptedSlack) -> None:
    await chat.withdraw(UPLOAD, ended(), lease(UPLOAD), None)
    assert doubled.calls == []
