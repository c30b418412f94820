"""What it means that nothing leaked: no marker word, no channel's id, in what reaches anybody outside."""

import json

from tests.scenarios.leaks.marking import MARK
from tests.scenarios.team import Team


def assert_silent(where: str, text: str, channel: str) -> None:
    """The number may stand there, since an outsider can name it; that it says no more is what tests compare."""
    assert MARK not in text.lower(), f"{where}: {text[:2000]}"
    assert channel not in text, f"{where}: {text[:2000]}"


async def assert_nothing_was_sent_outside(team: Team, channel: str, *others: str) -> None:
    """No call of Muster's that reaches a channel or a person but Ada and Ben, of all that the workspace recorded.

    `others`: channels that may hear of it, too.
    """
    insiders = {channel, *others, *(team.workspace.user_id(name) for name in ("ada", "ben"))}
    channels = team.workspace.site.team.channels.values()
    insiders |= {each.id for each in channels if each.is_im and insiders & {*each.members}}
    for call in await team.calls():
        place = str(call["args"].get("channel") or call["args"].get("channel_id") or call["args"].get("user_id") or "")
        if place and place not in insiders and not call["method"].startswith("conversations."):
            assert_silent(call["method"], json.dumps(call["args"]), channel)
