"""What whoever runs the workspace can do for the people at its page, and the workspace itself cannot."""

from dataclasses import dataclass
from typing import Protocol

from bot.workspace.refusal import Json, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Powers:
    """What a host offers; the page shows nothing of what it does not."""

    reset: bool = False
    drills: bool = False
    move_clock: bool = False
    alerts: bool = False


class Host(Protocol):
    """Each act may raise Refusal(word); the page says why. Drills are plain JSON, as /control/drills hands it out."""

    @property
    def powers(self) -> Powers: ...

    async def move_clock(self, seconds: float) -> None:
        """Move the clock that the workspace's own reads from, and whatever else must wake."""

    async def reset(self) -> None:
        """See to it that the workspace is stopped and begun anew on the same port, and return before: whoever asked is
        still to be answered.
        """

    def drills(self) -> list[Json]:
        """{name, title, minutes, brief} of each."""

    def playing(self) -> Json | None:
        """{name, title, started, by, next_at, said, of, ended, waits_for, debrief}. Workspace.drill_changed() says that
        it moved. `debrief`: what to talk about, once it has ended.
        """

    async def start_drill(self, name: str, by: str) -> None:
        """`by` is the name of whom it is for, as in `Workspace.person`."""

    async def stop_drill(self) -> None: ...

    def alerts(self) -> Json:
        """{alerts: [{name, title, about}], firing: [names], own}: those of a monitoring system that can be sent.

        `own`: a line for a shell that sends one of whoever reads it.
        """

    async def send_alert(self, name: str) -> Json:
        """{said, channel, name}: in a sentence what became of it; id and name of the channel it led to, else empty."""


class NoHost:
    """A workspace that runs alone: nothing but its own clock can be moved."""

    powers = Powers()

    async def move_clock(self, seconds: float) -> None:
        raise Refusal("not_offered", seconds=seconds)

    async def reset(self) -> None:
        raise Refusal("not_offered")

    def drills(self) -> list[Json]:
        return []

    def playing(self) -> Json | None:
        return None

    async def start_drill(self, name: str, by: str) -> None:
        raise Refusal("not_offered", name=name, by=by)

    async def stop_drill(self) -> None:
        raise Refusal("not_offered")

    def alerts(self) -> Json:
        return {"alerts": [], "firing": [], "own": ""}

    async def send_alert(self, name: str) -> Json:
        raise Refusal("not_offered", name=name)
