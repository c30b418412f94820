"""What the running Muster is made from, and how fast it may go."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.alerts.desk import BREATH
from bot.clock import Clock
from bot.effect_runner import Pauses
from bot.issue_ports import Tracker
from bot.playbook.library import Library
from bot.ports import Mail
from bot.settings import Settings
from bot.slack.announcements import WhereAnnounced
from bot.slack.limiter import A_MINUTE, POSTS_A_SECOND
from bot.slack.slack_socket import LOST_AFTER, PING_EVERY
from bot.slack.web_client import BotIdentity, WebClient
from bot.store.redis_store import RedisStore
from bot.telemetry import Metrics


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How Slack is spared, and how patient we are with its socket (seconds from ping to ping; how long it may be lost).

    The defaults are Slack's own wishes; a local workspace, whose people wait, has none. `between_looks`: how long
    alerts are gathered. `issue_settles_in`: how long a
    tracker may hide what it was just given, where another time than its own holds.
    """

    pauses: Pauses = field(default_factory=Pauses)
    between_looks: timedelta = BREATH
    posts_a_second: float = POSTS_A_SECOND
    calls_a_minute: Mapping[int, float] = field(default_factory=lambda: A_MINUTE)
    ping: float = PING_EVERY
    lost_after: timedelta = LOST_AFTER
    issue_settles_in: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the rest is made from."""

    settings: Settings
    clock: Clock
    metrics: Metrics
    library: Library
    client: WebClient
    identity: BotIdentity
    store: RedisStore
    announced: WhereAnnounced
    mail: Mail | None
    tracker: Tracker | None
    pace: Pace
    drills_only: Callable[[], bool]
