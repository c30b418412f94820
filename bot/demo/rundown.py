"""How far a drill has come: which line is due, which waits and for what, which is left out. Pure: it reads no clock."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.playbook.drill import Drill
from bot.playbook.drill_script import Commander, Line, Moment, React, Reply, Say, Start, WarRoom


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something was said, so that it can be answered."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What the script needs to know of the drill's incident. `channel` "": it is being opened. Ids are Slack's.

    `moments`: those that it has reached; `over`: nothing is to be done any more.
    """

    channel: str
    name: str
    private: bool
    over: bool
    commander: str | None = None
    members: frozenset[str] = frozenset()
    moments: frozenset[Moment] = frozenset()


@dataclass(slots=True, kw_only=True)
class Rundown:
    """`started`: epoch seconds, as all times here. `users`: the ids of the people, by name."""

    drill: Drill
    started: float
    users: dict[str, str]
    reached: dict[Moment, float] = field(default_factory=dict)
    done: dict[int, float] = field(default_factory=dict)
    left_out: set[int] = field(default_factory=set)
    places: dict[int, Place] = field(default_factory=dict)
    room: Room | None = None

    def learn(self, room: Room | None, now: float) -> None:
        """Of the incident as it is now."""
        self.room = room
        for moment in room.moments if room else ():
            self.reached.setdefault(moment, now)

    def next_line(self, now: float) -> Line | None:
        """The one to be said now; what is to be left out is noted on the way."""
        for line in self._due(now):
            if self._is_pointless(line):
                self.leave_out(line, now)
                return self.next_line(now)
            if self.hindrance(line) == "":
                return line
        return None

    def note(self, line: Line, now: float, place: Place) -> None:
        """It was said or shown there."""
        self.done[line.number] = now
        self.places[line.number] = place

    def leave_out(self, line: Line, now: float) -> None:
        self.done[line.number] = now
        self.left_out.add(line.number)

    def next_at(self, now: float) -> float | None:
        """When the next line falls due of which that is known."""
        times = (self._due_at(line) for line in self._open())
        return min((at for at in times if at is not None and at > now), default=None)

    def hindrance(self, line: Line) -> str:
        """What a line waits for although its time has come; "" when it can be said."""
        match line.deed:
            case Say(place=WarRoom() | Commander()) if self.room is None or not self.room.channel:
                return _UNDECLARED
            case Say(place=WarRoom()) if self.room and self.room.private and not self._is_inside(line.who):
                who = line.who.capitalize()
                return f"{who}, who is not in #{self.room.name} yet (give them a role, or invite them)"
            case Say(place=Commander()) if self.room and self.room.commander not in self.users.values():
                return "an incident commander, for whom somebody has a word"
            case _:
                return ""

    def waits_for(self, now: float) -> str:
        """What the players must do for the drill to go on; "" while it goes on by itself."""
        hindered = [why for line in self._due(now) if (why := self.hindrance(line))]
        if hindered:
            return hindered[0]
        if self.next_at(now) is not None or self._due(now):
            return ""
        moments = [line.when.since for line in self._open() if isinstance(line.when.since, Moment)]
        return _WAITS.get(moments[0], _UNDECLARED) if moments else _UNDECLARED if self.room is None else _TO_THE_END

    def _open(self) -> Iterable[Line]:
        return (line for line in self.drill.lines if line.number not in self.done)

    def _due(self, now: float) -> list[Line]:
        timed = [(at, line) for line in self._open() if (at := self._due_at(line)) is not None and at <= now]
        return [line for _, line in sorted(timed, key=lambda pair: (pair[0], pair[1].number))]

    def _due_at(self, line: Line) -> float | None:
        """None: it hangs on something that has not happened yet."""
        match line.when.since:
            case Start():
                since: float | None = self.started
            case Moment() as moment:
                since = self.reached.get(moment)
            case _:
                since = self.done.get(line.number - 1)
        if isinstance(line.deed, Reply | React) and line.deed.to not in self.done:
            return None
        return None if since is None else since + line.when.after.total_seconds()

    def _is_pointless(self, line: Line) -> bool:
        reached = self.reached.keys()
        if line.when.unless & reached or line.when.only_if - reached:
            return True
        match line.deed:
            case Reply(to=to) | React(to=to):
                return to in self.left_out
            case Say(place=Commander()):
                return self.room is not None and self.room.commander == self.users[line.who]
            case _:
                return False

    def _is_inside(self, who: str) -> bool:
        return self.room is not None and self.users[who] in self.room.members


_UNDECLARED = "an incident to be declared (/incident declare, in any channel)"
_TO_THE_END = "the incident to be resolved; all has been said"
_WAITS = {
    Moment.DECLARED: _UNDECLARED,
    Moment.PRIVATE: "a private incident",
    Moment.UPDATED: "a first status update",
    Moment.IDENTIFIED: "the incident to be identified (change its status once you know the cause)",
    Moment.MITIGATED: "the incident to be mitigated (change its status once the harm has stopped)",
}
