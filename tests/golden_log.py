"""What each released version wrote, kept as bytes in tests/golden/<version>/; every later version must read it.

At a release: `python -m tests.golden_log 0.2.0` writes the folder of that version. An old folder never changes.
"""

import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from bot.incident import commands
from bot.incident.events import Event
from bot.incident.evolve import replay
from bot.incident.informing import SUMMARY_TIMER
from bot.incident.state import Incident
from bot.incident.terms import MUSTER_ITSELF, Rejected, Severity, Status
from bot.store.codec import decode_event, encode_effect, encode_event
from tests.incident.every_command import asked_by, reported
from tests.incident.given import ADA, BEN, Story, after, checkout, led, minutes
from tests.store.examples import EVERY_EFFECT, EVERY_EVENT

GOLDEN: Final = Path(__file__).parent / "golden"
EVENTS, EFFECTS, INCIDENTS = "events.jsonl", "effects.jsonl", "incidents.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeIncident:
    """`log`: (stored type, JSON) of each entry; `state`: what they made of an incident when they were written."""

    tells: str
    log: Sequence[tuple[str, str]]
    state: Any


def versions() -> list[str]:
    """Every version that has a folder, oldest first."""
    return sorted((folder.name for folder in GOLDEN.iterdir() if folder.is_dir()), key=_by_number)


def lines(version: str, file: str) -> list[Any]:
    return [json.loads(line) for line in (GOLDEN / version / file).read_text(encoding="utf-8").splitlines()]


def incidents(version: str) -> list[WholeIncident]:
    return [
        WholeIncident(tells=each["tells"], log=[tuple(entry) for entry in each["log"]], state=each["state"])
        for each in lines(version, INCIDENTS)
    ]


def replayed(log: Sequence[tuple[str, str]]) -> Any:
    return told(replay([decode_event(stored, data) for stored, data in log]))


def told(state: Incident | None) -> Any:
    """All of a state, as JSON; sets in the order of the alphabet."""
    assert state is not None
    content = json.loads(TypeAdapter(Incident).dump_json(state))
    return content | {name: sorted(content[name]) for name in ("members", "failed_steps")}


def holds(now: Any, then: Any) -> bool:
    """Whether `now` says all that `then` said; fields that came later are its own affair."""
    match then:
        case dict():
            return isinstance(now, dict) and all(key in now and holds(now[key], then[key]) for key in then)
        case list():
            return isinstance(now, list) and len(now) == len(then) and all(map(holds, now, then))
        case _:
            return bool(now == then)


def write(version: str) -> Path:
    """Writes what this version stores. Raises FileExistsError: what a release wrote is never written again."""
    folder = GOLDEN / version
    folder.mkdir()
    _write(folder / EVENTS, [_parsed(event) for event in EVERY_EVENT])
    _write(folder / EFFECTS, [json.loads(encode_effect(effect)) for effect in EVERY_EFFECT])
    write_incidents(folder)
    return folder


def write_incidents(folder: Path) -> None:
    stories = {"everything that can be asked for": _eventful(), "private": _private(), "cancelled": _cancelled()}
    _write(
        folder / INCIDENTS,
        [
            {"tells": tells, "log": [encode_event(event) for event in story.log], "state": told(story.state)}
            for tells, story in stories.items()
        ],
    )


def _eventful() -> Story:
    story = led(Severity.SEV2)
    last = (commands.ResolveIncident, commands.CancelIncident, commands.ReopenIncident, commands.CloseIncident)
    for number, command in enumerate([*asked_by(BEN), *reported()]):
        if not isinstance(command, last):
            with suppress(Rejected):  # some contradict each other
                story.do(command, after(number))
    story.do(commands.ResolveIncident(by=ADA, summary="Rolled back."), after(60))
    story.do(commands.ReopenIncident(by=ADA), after(61))
    story.do(commands.ResolveIncident(by=ADA, summary="Rolled back again."), after(62))
    story.do(commands.CloseIncident(by=ADA), after(63))
    return story


def _private() -> Story:
    story = led(Severity.SEV1, private=True)
    story.do(commands.PostUpdate(by=BEN, known="Keys were seen outside.", next_in=minutes(15)), after(5))
    story.fire(after(20))
    story.fire(after(25))
    return story


def _cancelled() -> Story:
    story = checkout(Severity.SEV3)
    story.fire(after(4 * 60), SUMMARY_TIMER)
    story.do(commands.ChangeStatus(by=ADA, status=Status.INVESTIGATING), after(4 * 60 + 1))
    story.do(commands.RecordFailure(by=MUSTER_ITSELF, step="bookmark", reason="missing_scope"), after(4 * 60 + 2))
    story.do(commands.CancelIncident(by=ADA), after(4 * 60 + 3))
    return story


def _parsed(event: Event) -> list[Any]:
    stored, data = encode_event(event)
    return [stored, json.loads(data)]


def _write(file: Path, content: Sequence[Any]) -> None:
    file.write_text("".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in content), encoding="utf-8")


def _by_number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


if __name__ == "__main__":
    sys.stdout.write(f"{write(sys.argv[1])}\n")
