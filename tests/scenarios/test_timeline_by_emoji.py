"""The timeline by emoji: what people say becomes the record, and the channel stays calm."""

import pytest

from bot.incident.terms import IncidentId
from bot.workspace.client import Refused
from tests.scenarios import witness
from tests.scenarios.team import Team

KINDS = {
    "scales": "Decision",
    "bulb": "Hypothesis",
    "no_entry_sign": "Hypothesis ruled out",
    "mag": "Evidence",
    "boom": "Customer impact",
    "memo": "Action item",
    "pushpin": "Entry",
}


async def _flagged(team: Team, channel: str, text: str, emoji: str = "pushpin") -> str:
    """Ada says it and flags it; answers with its ts once Muster's tick stands on it."""
    ada = team.person("ada")
    ts = await ada.say(channel, text)
    await ada.react(channel, ts, emoji)
    await witness.until(team, lambda: witness.ticked(team, channel, ts))
    return ts


async def test_each_emoji_of_the_policy_says_what_the_entry_is(team: Team) -> None:
    channel = await team.declare()
    ada = team.person("ada")
    for emoji, kind in KINDS.items():
        ts = await ada.say(channel, f"It was a {kind.lower()}.")
        await ada.react(channel, ts, emoji)
    for emoji, kind in KINDS.items():
        sign = kind if emoji == "pushpin" else f":{emoji}: {kind}"
        await witness.entry_once(team, channel, f"It was a {kind.lower()}.", sign)


async def test_an_entry_tells_author_time_files_link_and_who_flagged_it(team: Team) -> None:
    channel = await team.declare()
    ben, cleo = team.person("ben"), team.person("cleo")
    await team.person("ada").invite(channel, "ben", "cleo")
    ts = await cleo.say(channel, "52 % of checkouts fail.", files=["errors.png"])
    await ben.react(channel, ts, "boom")
    line = await witness.entry_once(team, channel, "52 % of checkouts fail.", "errors.png")
    assert "@cleo: “52 % of checkouts fail.”" in line
    assert "flagged by @ben" in line
    answer = await team.person("ada").slash("/incident", "timeline", channel=channel)
    assert answer.message is not None
    assert any(label == "↗" and ts.replace(".", "") in url for label, url in answer.message.links)


async def test_a_reply_in_a_thread_is_flagged_like_any_message(team: Team) -> None:
    channel = await team.declare()
    ada = team.person("ada")
    parent = await ada.say(channel, "What do we know?")
    reply = await ada.say(channel, "The certificate ran out.", thread_ts=parent)
    await ada.react(channel, reply, "mag")
    await witness.until(team, lambda: witness.ticked(team, channel, reply, thread=parent))
    line = await witness.entry_once(team, channel, "The certificate ran out.")
    assert "Evidence" in line


async def test_an_entry_stands_at_the_time_of_its_message(team: Team) -> None:
    channel = await team.declare()
    ada = team.person("ada")
    early = await ada.say(channel, "Rollback begins.")
    await team.type("ada", "note Rollback has ended.", channel)
    await ada.react(channel, early, "pushpin")
    await witness.until(team, lambda: witness.ticked(team, channel, early))
    text = await witness.timeline(team, channel)
    assert text.index("Rollback begins.") < text.index("Rollback has ended.")


async def test_a_message_flagged_twice_is_one_entry_of_both_kinds(team: Team) -> None:
    channel = await team.declare()
    ts = await _flagged(team, channel, "Perhaps the cache.", "bulb")
    await team.person("ada").invite(channel, "ben")
    await team.person("ben").react(channel, ts, "no_entry_sign")
    await witness.entry_once(team, channel, "Perhaps the cache.", ":bulb: Hypothesis", "Hypothesis ruled out")
    assert (await witness.timeline(team, channel)).count("Perhaps the cache.") == 1


async def test_taking_the_last_reaction_off_retracts_the_entry_and_its_tick(team: Team) -> None:
    channel = await team.declare()
    ts = await _flagged(team, channel, "It is the database.", "bulb")
    await team.person("ada").unreact(channel, ts, "bulb")

    async def gone() -> bool:
        return not await witness.ticked(team, channel, ts)

    await witness.until(team, gone)
    assert "It is the database." not in await witness.timeline(team, channel)


async def test_an_entry_stands_while_anybodys_reaction_is_left(team: Team) -> None:
    channel = await team.declare()
    ts = await _flagged(team, channel, "It is the database.", "bulb")
    await team.person("ada").invite(channel, "ben")
    await team.person("ben").react(channel, ts, "bulb")
    await witness.entry_once(team, channel, "It is the database.", "@ben")
    await team.person("ada").unreact(channel, ts, "bulb")
    await team.settle()
    assert "It is the database." in await witness.timeline(team, channel)
    assert await witness.ticked(team, channel, ts)


async def test_a_retracted_entry_comes_back_when_it_is_flagged_again(team: Team) -> None:
    channel = await team.declare()
    ts = await _flagged(team, channel, "It is the database.", "bulb")
    ada = team.person("ada")
    await ada.unreact(channel, ts, "bulb")
    await ada.react(channel, ts, "bulb")
    await witness.entry_once(team, channel, "It is the database.")
    await witness.until(team, lambda: witness.ticked(team, channel, ts))


async def test_an_edit_is_shown_and_both_versions_are_kept(team: Team) -> None:
    channel = await team.declare()
    ts = await _flagged(team, channel, "18 % fail.")
    await team.person("ada").edit(channel, ts, "81 % fail.")
    await witness.entry_once(team, channel, "“81 % fail.”", "(edited)")
    log = await team.bot.handler.history(IncidentId(1))
    kept = [getattr(event, "text", None) for event in log]
    assert {"18 % fail.", "81 % fail."} <= set(kept)


async def test_a_deleted_message_keeps_its_entry_which_says_so(team: Team) -> None:
    channel = await team.declare()
    ts = await _flagged(team, channel, "We pull the plug.", "scales")
    await team.person("ada").delete(channel, ts)
    await witness.entry_once(team, channel, "We pull the plug.", "(deleted in Slack)")


async def test_a_deleted_message_with_replies_keeps_its_own_text(team: Team) -> None:
    channel = await team.declare()
    ada = team.person("ada")
    ts = await _flagged(team, channel, "We pull the plug.", "scales")
    await ada.say(channel, "Sure?", thread_ts=ts)
    await ada.delete(channel, ts)
    await witness.entry_once(team, channel, "We pull the plug.", "(deleted in Slack)")


async def test_a_reaction_to_musters_own_posts_does_nothing(team: Team) -> None:
    channel = await team.declare()
    card = await team.says("ada", channel, "Impact")
    before = await witness.timeline(team, channel)
    await team.person("ada").react(channel, card.ts, "pushpin")
    await _flagged(team, channel, "Something of mine.")
    after = await witness.timeline(team, channel)
    assert len(after.splitlines()) == len(before.splitlines()) + 1
    assert not await witness.ticked(team, channel, card.ts)


async def test_a_skin_tone_makes_no_difference(team: Team) -> None:
    channel = await team.declare()
    body = {"type": "reaction_added", "reaction": "pushpin::skin-tone-3", "event_ts": "1.000001"}
    ts = await team.person("ada").say(channel, "Toned.")
    place = {"type": "message", "channel": team.workspace.channel_id(channel), "ts": ts}
    ada = team.workspace.user_id("ada")
    event = {**body, "user": ada, "item_user": ada, "item": place}
    await team.workspace.client.forge("event", event)
    await witness.entry_once(team, channel, "“Toned.”")


async def test_an_emoji_of_no_meaning_does_nothing(team: Team) -> None:
    channel = await team.declare()
    ada = team.person("ada")
    ts = await ada.say(channel, "Nice weather.")
    await ada.react(channel, ts, "tada")
    await _flagged(team, channel, "Something else.")
    assert "Nice weather." not in await witness.timeline(team, channel)


async def test_flagging_posts_nothing_into_the_channel(team: Team) -> None:
    channel = await team.declare()
    before = len(await team.person("ada").messages(channel))
    for number in range(3):
        await _flagged(team, channel, f"Fact {number}")
    assert len(await team.person("ada").messages(channel)) == before + 3


async def test_a_removal_that_overtakes_its_addition_wins(team: Team) -> None:
    channel = await team.declare()
    ada = team.workspace.user_id("ada")
    ts = await team.person("ada").say(channel, "Taken back at once.")
    place = {"type": "message", "channel": team.workspace.channel_id(channel), "ts": ts}
    about = {"user": ada, "item_user": ada, "item": place, "reaction": "bulb"}
    await team.workspace.client.forge("event", {**about, "type": "reaction_removed", "event_ts": "200.000002"})
    await team.workspace.client.forge("event", {**about, "type": "reaction_added", "event_ts": "200.000001"})
    await _flagged(team, channel, "Something else.")
    assert "Taken back at once." not in await witness.timeline(team, channel)
    assert not await witness.ticked(team, channel, ts)


async def test_a_reaction_delivered_four_times_is_one_entry(team: Team) -> None:
    channel = await team.declare()
    await team.workspace.client.delivery_fault("repeat", times=4)
    await _flagged(team, channel, "Only once.")
    assert (await witness.timeline(team, channel)).count("Only once.") == 1


async def test_who_is_not_in_the_channel_cannot_flag_its_messages(team: Team) -> None:
    channel = await team.declare()
    ts = await team.person("ada").say(channel, "Ours alone.")
    with pytest.raises(Refused):
        await team.person("cleo").react(channel, ts, "pushpin")
    assert "Ours alone." not in await witness.timeline(team, channel)


async def test_a_message_that_was_gone_before_it_was_read_says_so(team: Team) -> None:
    channel = await team.declare()
    await team.workspace.client.fault("*", "hold", seconds=0.1)
    ada = team.person("ada")
    ts = await ada.say(channel, "Gone at once.")
    await ada.react(channel, ts, "pushpin")
    await ada.delete(channel, ts)
    line = await witness.entry_once(team, channel, "Entry · @ada", "deleted in Slack before it could be read")
    assert "still being read" not in line
