"""What Slack remembers of numbers that were given."""

import pytest

from bot.slack.numbering import highest_number
from bot.slack.web_client import WebClient
from tests.slack.scripted_slack import ScriptedSlack, ok, refuse
from tests.slack.war_room import CLEO, US


def ours(name: str, *before: str) -> dict[str, object]:
    return {"id": f"C{name}", "name": name, "creator": US.user, "previous_names": list(before)}


@pytest.mark.parametrize(
    ("channels", "highest"),
    [
        ([], 0),
        ([ours("inc-7-checkout"), ours("inc-42"), ours("inc-9-2")], 42),
        ([ours("checkout-war-stories", "inc-12-checkout")], 12),
        ([ours("inc-x"), ours("incident-5"), ours("not-inc-6"), ours("inc-007"), ours("inc-99999999999")], 0),
        ([{**ours("inc-50-theirs"), "creator": CLEO}], 0),
    ],
)
async def test_the_highest_number_of_our_own_channels_counts(
    slack: ScriptedSlack, client: WebClient, channels: list[dict[str, object]], highest: int
) -> None:
    slack.says("users.conversations", ok(channels=channels))
    assert await highest_number(client, US) == highest


async def test_archived_and_private_channels_count_and_every_page_is_read(
    slack: ScriptedSlack, client: WebClient
) -> None:
    more = {"next_cursor": "more"}
    slack.says(
        "users.conversations", ok(channels=[ours("inc-3")], response_metadata=more), ok(channels=[ours("inc-2")])
    )
    assert await highest_number(client, US) == 3
    first, second = slack.asked("users.conversations")
    assert (first["types"], first["exclude_archived"]) == ("public_channel,private_channel", "false")
    assert second["cursor"] == "more"


async def test_an_app_that_may_not_look_is_not_kept_from_starting(slack: ScriptedSlack, client: WebClient) -> None:
    slack.says("users.conversations", refuse("missing_scope", needed="groups:read"))
    assert await highest_number(client, US) == 0
