"""The control API over plain HTTP, as a command line or a page uses it, and what people see and may do."""

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.client import Refused
from bot.workspace.person import Person
from bot.workspace.server import Workspace


async def test_a_person_speaks_and_reads_over_plain_http(workspace: Workspace) -> None:
    async with ClientSession() as session:
        said = {"as": "ada", "do": "say", "channel": "general", "text": "hello @ben"}
        async with session.post(f"{workspace.control_url}/act", json=said) as response:
            ts = (await response.json())["ts"]
        asked = {"as": "ben", "what": "messages", "channel": "general"}
        async with session.get(f"{workspace.control_url}/see", params=asked) as response:
            seen = (await response.json())[0]
    assert (seen["ts"], seen["rendered"], seen["pings"]) == (ts, "hello @ben", ["ben"])


async def test_an_unknown_verb_is_answered_with_those_that_exist(workspace: Workspace) -> None:
    with pytest.raises(Refused) as refused:
        await workspace.client.post("act", **{"as": "ada", "do": "shout"})
    assert refused.value.error == "unknown_verb"
    assert "say" in refused.value.answer["known"]


async def test_a_missing_argument_is_named(workspace: Workspace) -> None:
    with pytest.raises(Refused) as refused:
        await workspace.client.post("act", **{"as": "ada", "do": "edit", "channel": "general"})
    assert refused.value.answer["argument"] == "text"


async def test_a_private_channel_is_found_by_members_only(ada: Person, ben: Person) -> None:
    await ada.create_channel("secret", private=True)
    assert await ada.channel_named("secret")
    assert await ben.channel_named("secret") is None
    with pytest.raises(Refused, match="channel_not_found"):
        await ben.messages("secret")


async def test_a_guest_sees_only_where_they_are(workspace: Workspace, ada: Person) -> None:
    dee = workspace.person("dee")
    assert await dee.channels() == []
    await ada.invite("incidents", "dee")
    assert [each.name for each in await dee.channels()] == ["incidents"]


async def test_markup_that_people_type_is_escaped(ada: Person) -> None:
    await ada.say("general", "<!channel> <https://evil.example|bank> & @here")
    seen = (await ada.messages("general"))[0]
    assert seen.text.startswith("&lt;!channel&gt;")
    assert seen.pings == {"here"}
    assert ("bank", "https://evil.example") not in seen.links


async def test_the_app_sees_no_direct_message_between_people(workspace: Workspace, ada: Person) -> None:
    await ada.say("ben", "between us")
    assert await workspace.client.deliveries("message") == []


async def test_a_usergroup_and_a_changed_person_are_what_they_were_made(
    workspace: Workspace, slack: AsyncWebClient
) -> None:
    await workspace.client.add_usergroup("S0ONCALL01", "ada", "ben")
    await workspace.client.change_person("finn", is_restricted=True)
    found = await slack.usergroups_users_list(usergroup="S0ONCALL01")
    finn = await slack.users_info(user=workspace.user_id("finn"))
    assert found["users"] == [workspace.user_id("ada"), workspace.user_id("ben")]
    assert finn["user"]["is_restricted"]


async def test_what_never_happens_ends_in_a_timeout(ada: Person) -> None:
    with pytest.raises(TimeoutError):
        await ada.wait_for_message("general", "never", timeout=0.15)
