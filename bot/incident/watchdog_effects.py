"""What must happen outside because of watchdogs; see effects.py. It is about no incident."""

from dataclasses import dataclass
from datetime import datetime

from bot.incident.effects import Effect
from bot.incident.watchdog import Stage, Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class TellBlind(Effect):
    """Tells that a watchdog has fallen silent: into the triage channel, and where incidents are announced once it has
    `climbed`. `incident`: NO_INCIDENT. `last_at`: its last signal, None: it was never heard.
    """

    watchdog: str
    last_at: datetime | None
    raised_at: datetime
    climbed: bool

    @property
    def lane(self) -> str:
        return "watchdogs:posts"


@dataclass(frozen=True, slots=True, kw_only=True)
class TellSeeing(Effect):
    """Tells that a watchdog is heard again, where its silence was told of. Fields as above; `back_at`: when that was
    noticed, None: as of versions that did not write it.
    """

    watchdog: str
    last_at: datetime | None
    heard_at: datetime
    climbed: bool
    back_at: datetime | None = None

    @property
    def lane(self) -> str:
        return "watchdogs:posts"


def is_overtaken(effect: TellBlind | TellSeeing, watch: Watch | None) -> bool:
    """Whether it waited, as it does while Slack is away, until it was so no more: however often silence and signals
    took turns meanwhile, the last of them is told.
    """
    if isinstance(effect, TellBlind):
        return watch is None or watch.stage is Stage.HEARD or watch.last_at != effect.last_at
    if watch is None:
        return False
    return watch.stage is not Stage.HEARD or effect.back_at not in {None, watch.stage_at}
