"""Files that an app uploads, by the real Slack client library: asked for, brought, shared; and gone again."""

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.person import Person
from bot.workspace.server import Workspace
from tests.workspace.dialogue import answer_of, refusal

TEXT = b"# Postmortem\n"


@pytest.fixture
async def channel(slack: AsyncWebClient, workspace: Workspace) -> str:
    opened = await slack.conversations_create(name="inc-1")
    await slack.conversations_invite(channel=opened["channel"]["id"], users=workspace.user_id("ada"))
    return str(opened["channel"]["id"])


async def begun(slack: AsyncWebClient, content: bytes = TEXT) -> tuple[str, str]:
    given = await slack.files_getUploadURLExternal(filename="INC-1.md", length=len(content))
    return str(given["file_id"]), str(given["upload_url"])


async def brought(slack: AsyncWebClient, content: bytes = TEXT) -> str:
    file, address = await begun(slack, content)
    async with ClientSession() as session, session.post(address, data=content) as response:
        assert (response.status, await response.text()) == (200, f"OK - {len(content)}")
    return file


async def test_the_librarys_own_way_to_upload_works(slack: AsyncWebClient, channel: str, ada: Person) -> None:
    await slack.files_upload_v2(
        content=TEXT, filename="INC-1.md", title="Draft", channel=channel, initial_comment="New."
    )
    (seen,) = [each for each in await ada.messages("inc-1") if each.files]
    assert (seen.text, seen.files[0]["title"], seen.files[0]["name"]) == ("New.", "Draft", "INC-1.md")
    assert "[file: INC-1.md]" in seen.rendered


async def test_a_file_is_seen_by_nobody_before_it_is_shared_and_then_by_members_alone(
    slack: AsyncWebClient, channel: str, ada: Person, workspace: Workspace
) -> None:
    file = await brought(slack)
    assert not [each for each in await ada.messages("inc-1") if each.files]
    await slack.files_completeUploadExternal(files=[{"id": file}], channel_id=channel)
    assert [each.files[0]["id"] for each in await ada.messages("inc-1") if each.files] == [file]
    assert workspace.site.uploads.by_id[file].content == TEXT


async def test_a_picture_is_shown_with_its_description(slack: AsyncWebClient, channel: str, ada: Person) -> None:
    await slack.files_upload_v2(content=TEXT, filename="INC-1.png", channel=channel, alt_txt="Two bands.")
    (seen,) = [each for each in await ada.messages("inc-1") if each.files]
    assert [seen.files[0][name] for name in ("mimetype", "mode", "alt_txt")] == ["image/png", "hosted", "Two bands."]


async def test_a_description_without_end_is_refused(slack: AsyncWebClient) -> None:
    asked = slack.files_getUploadURLExternal(filename="INC-1.png", length=1, alt_txt="x" * 1001)
    assert await refusal(asked) == "alt_txt_too_large"


async def test_what_was_not_brought_or_was_shared_already_cannot_be_shared(slack: AsyncWebClient, channel: str) -> None:
    empty, _ = await begun(slack)
    file = await brought(slack)
    await slack.files_completeUploadExternal(files=[{"id": file}], channel_id=channel)
    for each in (empty, file, "F0UNKNOWN"):
        shared = slack.files_completeUploadExternal(files=[{"id": each}], channel_id=channel)
        assert await refusal(shared) == "file_not_found"


async def test_it_is_shared_only_where_the_app_is(slack: AsyncWebClient, channel: str) -> None:
    file = await brought(slack)
    await slack.conversations_leave(channel=channel)
    for wanted, error in ((channel, "not_in_channel"), ("C0UNKNOWN", "channel_not_found")):
        shared = slack.files_completeUploadExternal(files=[{"id": file}], channel_id=wanted)
        assert await refusal(shared) == error


async def test_an_address_takes_only_what_was_announced(slack: AsyncWebClient, workspace: Workspace) -> None:
    _, address = await begun(slack)
    async with ClientSession() as session:
        async with session.post(address, data=b"longer than announced") as response:
            assert response.status == 400
        async with session.post(f"{workspace.site.base_url}/upload/guess", data=TEXT) as response:
            assert response.status == 404


@pytest.mark.parametrize(("name", "length"), [("x" * 256, 1), ("a.md", 0), ("a.md", -1), ("a.md", "many")])
async def test_a_file_without_a_length_or_with_an_endless_name_is_refused(
    slack: AsyncWebClient, name: str, length: object
) -> None:
    asked = slack.api_call("files.getUploadURLExternal", params={"filename": name, "length": length})
    assert await refusal(asked) == "invalid_arguments"


async def test_a_file_that_was_deleted_is_a_tombstone(slack: AsyncWebClient, channel: str, ada: Person) -> None:
    file = await brought(slack)
    await slack.files_completeUploadExternal(files=[{"id": file}], channel_id=channel, initial_comment="New.")
    await slack.files_delete(file=file)
    (seen,) = [each for each in await ada.messages("inc-1") if each.text == "New."]
    assert [each["mode"] for each in seen.files] == ["tombstone"]
    assert await refusal(slack.files_delete(file=file)) == "file_not_found"


async def test_without_the_scope_nothing_is_asked_for() -> None:
    async with Workspace(scopes=("chat:write",)) as workspace:
        slack = AsyncWebClient(token=workspace.bot_token, base_url=workspace.api_url)
        answer = await answer_of(slack.files_getUploadURLExternal(filename="a.md", length=1))
        assert (answer["error"], answer["needed"]) == ("missing_scope", "files:write")
