"""What the programs are asked, as Slack's own payloads: Ada in her incident's channel. Made here, sent by bursts.py."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.benchmarks.stage import Stage

Payload = Mapping[str, Any]

PLAIN: Final = "declare sev2 Search is slow"
WITH_PLAYBOOK: Final = "declare sev1 Checkout is down"
EMOJI: Final = "pushpin"
_PLAYBOOK: Final = "checkout-outage"


class Asking:
    """Made for a stage on which one incident has been declared, with its playbook."""

    def __init__(self, people: Mapping[str, str], channel: str, step: str, flagged: Sequence[str]) -> None:
        self._people = people
        self.channel = channel
        self._step = step
        self._flagged = flagged
        self._views = 0

    def slash(self, text: str) -> Payload:
        return {"command": "/incident", "text": text, "user_id": self._people["ada"], "channel_id": self.channel}

    def declarations(self, count: int, text: str = PLAIN) -> list[Payload]:
        return [self.slash(text) for _ in range(count)]

    def notes(self, count: int) -> list[Payload]:
        return [self.slash(f"note Number {number}") for number in range(count)]

    def buttons(self, count: int) -> list[Payload]:
        """A step of the playbook is started and opened again; `count` is even, so that it can be repeated."""
        states = ("open", "started")
        return [self._press(states[number % 2], states[(number + 1) % 2]) for number in range(count)]

    def _press(self, seen: str, wanted: str) -> Payload:
        value = f"1|{self._step}|{wanted}|{seen}"
        action = {"type": "button", "action_id": "step:1", "block_id": "b", "value": value}
        return {"type": "block_actions", "actions": [action], "channel": {"id": self.channel, "name": "x"}, **self._ada}

    def modals(self, count: int) -> list[Payload]:
        """The form of a note is submitted, each time another one."""
        self._views += count
        return [self._submission(self._views + number) for number in range(count)]

    def _submission(self, number: int) -> Payload:
        text = {"type": "plain_text_input", "value": f"Typed {number}"}
        view = {
            "id": f"V{number:08d}",
            "type": "modal",
            "callback_id": "note_modal",
            "private_metadata": "1",
            "state": {"values": {"text": {"value": text}}},
        }
        return {"type": "view_submission", "view": view, **self._ada}

    @property
    def _ada(self) -> Payload:
        return {"user": {"id": self._people["ada"], "name": "ada"}}

    def reactions(self, count: int) -> list[Payload]:
        """Ben's pushpins on messages that Ada has flagged already, put on all and taken off all: each is recorded, and
        nothing else follows. `count` is a multiple of twice the messages."""
        kinds = ("reaction_added", "reaction_removed")
        turns = len(self._flagged)
        return [self._reaction(kinds[number // turns % 2], self._flagged[number % turns]) for number in range(count)]

    def _reaction(self, kind: str, ts: str) -> Payload:
        item = {"type": "message", "channel": self.channel, "ts": ts}
        who = {"user": self._people["ben"], "item_user": self._people["ada"]}
        return {"type": kind, "reaction": EMOJI, "item": item, **who}


async def asking(stage: Stage, messages: int = 20) -> Asking:
    """Declares the incident, says so many messages in its channel and flags each."""
    ada, ben = stage.client.person("ada"), stage.client.person("ben")
    await stage.mark_rooms()
    await ada.slash("/incident", WITH_PLAYBOOK)
    await stage.until_furnished(1)
    channel = (await stage.client.calls("conversations.create"))[0]["answer"]["channel"]
    await ben.join(channel["name"])
    await ben.slash("/incident", "note I am here", channel["name"])
    flagged = [await ada.say(channel["name"], f"Finding {number}") for number in range(messages)]
    for ts in flagged:
        await ada.react(channel["name"], ts, EMOJI)
    step = await _first_step(stage, channel["name"])
    people = (await stage.client.about())["people"]
    return Asking(people, channel["id"], step, flagged)


async def _first_step(stage: Stage, channel: str) -> str:
    """'playbook|step' as the first button of the checklist has it; the floor has no checklist, and takes any."""
    for message in await stage.client.person("ada").messages(channel):
        for block in message.blocks:
            for element in block.get("elements", ()):
                if str(element.get("action_id", "")).startswith("step"):
                    return "|".join(element["value"].split("|")[1:3])
    return f"{_PLAYBOOK}|any"
