"""Ada takes notes, one after another, while things go wrong; afterwards the log must agree with what she was told."""

from collections import Counter
from dataclasses import dataclass, field

from bot.incident.events import NoteAdded
from bot.incident.terms import IncidentId, Version
from bot.store.redis_store import open_store
from bot.workspace.person import Person


@dataclass(slots=True, kw_only=True)
class Notes:
    """By what she was told: saved, not saved, or that nobody knows."""

    by: Person
    channel: str
    saved: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    asked: int = 0

    async def take(self) -> str:
        """One more, under a text of its own. What she was told."""
        self.asked += 1
        text = f"Note {self.asked}."
        answer = await self.by.slash("/incident", f"note {text}", channel=self.channel)
        self.told.append(answer.text or answer.error)
        if not answer.ok or "as far as we know" in answer.text:
            self.unknown.append(text)
        elif "Not saved" in answer.text:
            self.refused.append(text)
        else:
            self.saved.append(text)
        return self.told[-1]

    async def disagreements(self, url: str, team: str) -> list[str]:
        """Where the log of INC-1 says something else; an empty list is what tests ask for."""
        store = await open_store(url, team)
        events = await store.log.read(IncidentId(1), Version(0))
        await store.close()
        found = Counter(event.text for event in events if isinstance(event, NoteAdded))
        return [
            *(
                f"{text} was acknowledged, and is {found[text]} times in the log"
                for text in self.saved
                if found[text] != 1
            ),
            *(f"{text} was refused, and is in the log" for text in self.refused if found[text]),
            *(f"{text} is {count} times in the log" for text, count in found.items() if count > 1),
        ]


async def war_room(person: Person) -> str:
    """INC-1, declared by this person, who is in its channel when this returns: the channel's name."""
    answer = await person.slash("/incident", "declare sev1 Checkout is down", channel="general")
    assert "INC-1" in answer.text, answer

    async def joined() -> str:
        channel = await person.channel_named("inc-1")
        return channel.name if channel and person.name in channel.members else ""

    return str(await person.wait_until(joined))
