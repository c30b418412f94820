"""Logs (structlog) and metrics (Prometheus): made once at start, and passed.

No log line may hold a token, and no label may hold a title, a person, a channel or anything else of an incident.
"""

import logging
import re
import sys
from collections.abc import Callable, MutableMapping
from datetime import timedelta
from typing import Final, TextIO

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

_VALUE: Final = r"""[^\s"'\\,;<>}\]]+"""
_QUOTES: Final = r"""\\*["']?\s*[:=]\s*\\*["']?"""

# Each pattern keeps group 1 and loses the rest; none ever matches a quote, so JSON stays JSON.
_SECRETS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(\b(?:xox[a-z]|xapp|xwfp)[-.])[\w.%-]+",
        rf"(\bBearer\s+){_VALUE}",
        r"(\bBasic\s+)[\w+/=]{16,}",
        r"(\b(?:gh[pousr]|github_pat)_)\w+",
        r"(\bATATT3)[\w=-]+",
        rf"(\bhttps?://hooks\.){_VALUE}",
        r"""(\b(?:rediss?|valkeys?|unix|smtps?(?:\+plain)?)://)[^\s"'\\]*@""",
        r"""([?&](?:password|ticket|token|secret)=)[^&\s"'\\]+""",
        rf"(\b(?:response_url|signing_secret|client_secret|audit_key|password|github_token|jira_token|webhook_secret){_QUOTES}){_VALUE}",
    )
)

_NOISY: Final = ("apscheduler",)
"""Libraries whose warnings describe normal work here, such as a tick that is still running at the next one."""


def redacted(text: str) -> str:
    """The text without tokens, response URLs, and passwords in URLs."""
    for secret in _SECRETS:
        text = secret.sub(r"\1[redacted]", text)
    return text


def redact(_logger: object, _method: str, line: str) -> str:
    """The last processor: it sees the finished line, so a secret in a field, a key or a traceback is found alike."""
    return redacted(line)


def configure_logs(
    *, level: str, console: bool, stream: TextIO | None = None, on_bug: Callable[[str], None] | None = None
) -> None:
    """Sends all logs to `stream` (standard error): ours from `level` up, those of libraries from WARNING up.

    `level`: 'debug', 'info', 'warning' or 'error'. A second call replaces the first. `on_bug` is told the room of
    each failure that nobody expected: these, and nothing else, are logged by `exception`.
    """
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            *([_bug_counter(on_bug)] if on_bug else []),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_formatter(console=console))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("bot").setLevel(level.upper())
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.ERROR)


def _shared() -> list[structlog.typing.Processor]:
    """What every line gets, whether we or a library wrote it; ids are bound once, at the edge, as context."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _bug_counter(on_bug: Callable[[str], None]) -> structlog.typing.Processor:
    def count(_logger: object, method: str, event: MutableMapping[str, object]) -> MutableMapping[str, object]:
        if method == "exception":
            on_bug(str(event.get("logger", "")).removeprefix("bot.").partition(".")[0])
        return event

    return count


def _formatter(*, console: bool) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *(_console() if console else _json()),
            redact,  # type: ignore[list-item]  # after the renderer the event is a string
        ],
    )


def _console() -> list[structlog.typing.Processor]:
    # Colour codes would stand between a key and its secret; rich tracebacks would print local variables.
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)]


def _json() -> list[structlog.typing.Processor]:
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str, ensure_ascii=False)]


_QUICK: Final = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
_SLOW: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """What Muster counts, in a registry of its own.

    Labels are class names, Slack method names and outcomes: a closed set, and nothing that a private incident could
    be known by. `outcome` is a word of the caller's, such as 'appended', 'rejected', 'unavailable'.

    What counts incidents, or what was done in them, leaves drills out; they have metrics of their own.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._commands = self._histogram("commands", "Commands handled, and how long each took.", "type", "outcome")
        self._appends = self._histogram("appends", "Appends to the log, and how long each took.", "outcome")
        self._effects = self._histogram("effects", "Effects attempted.", "type", "outcome", buckets=_SLOW)
        self._drill_commands = self._histogram("drill_commands", "The same as commands, in drills.", "type", "outcome")
        self._drill_effects = self._histogram(
            "drill_effects", "The same as effects, in drills.", "type", "outcome", buckets=_SLOW
        )
        self._slack_calls = self._histogram("slack_calls", "Web API calls.", "method", "outcome", buckets=_SLOW)
        self._timers = self._histogram("timers", "Timers fired, and how late each was.", "outcome", buckets=_SLOW)
        self._deliveries = self._histogram(
            "alert_deliveries", "Deliveries of alerts, and how long each waited for its answer.", "source", "outcome"
        )
        self._alerts = Counter(
            "muster_alerts", "What was decided about alerts.", ["source", "reason"], registry=self.registry
        )
        self._delivered = Counter("muster_alerts_delivered", "Alerts taken in.", ["source"], registry=self.registry)
        self._alerts_waiting = self._gauge("alerts_waiting", "Alerts about which nothing is decided yet.")
        self._alerts_age = self._gauge(
            "alerts_oldest_waiting_seconds", "How long the first of them has waited; 0 where none does."
        )
        self._proposals_open = self._gauge("proposals_open", "Proposals that wait for somebody's answer.")
        self._lag = self._histogram("loop_lag", "How long the event loop was held up, looked at twice a second.")
        self._bugs = Counter(
            "muster_bugs", "Failures nobody expected; the log has each.", ["where"], registry=self.registry
        )
        self._lanes = self._gauge("lanes_waiting", "Lanes of the outbox that hold effects.")
        self._dead_letters = self._gauge("dead_letters", "Effects given up after too many attempts, or refused.")
        self._open_incidents = self._gauge("open_incidents", "Incidents not yet resolved, private ones included.")
        self._open_followups = self._gauge("open_followups", "Follow-ups not yet settled, of public incidents.")
        self._overdue_followups = self._gauge("overdue_followups", "Those of them whose deadline has passed.")
        self._open_drills = self._gauge("open_drills", "Drills not yet resolved.")

    def _histogram(self, name: str, says: str, *labels: str, buckets: tuple[float, ...] = _QUICK) -> Histogram:
        return Histogram(f"muster_{name}_seconds", says, labels, buckets=buckets, registry=self.registry)

    def _gauge(self, name: str, says: str) -> Gauge:
        return Gauge(f"muster_{name}", says, registry=self.registry)

    def command_handled(self, command: object, outcome: str, took: timedelta, *, drill: bool = False) -> None:
        counted = self._drill_commands if drill else self._commands
        counted.labels(type(command).__name__, outcome).observe(took.total_seconds())

    def appended(self, outcome: str, took: timedelta) -> None:
        self._appends.labels(outcome).observe(took.total_seconds())

    def effect_attempted(self, effect: str, outcome: str, took: timedelta, *, drill: bool = False) -> None:
        """`effect`: the name of its class; `outcome`: the effect runner's verdict on this attempt."""
        counted = self._drill_effects if drill else self._effects
        counted.labels(effect, outcome).observe(took.total_seconds())

    def slack_called(self, method: str, outcome: str, took: timedelta) -> None:
        """`outcome`: 'ok' or Slack's error code, which is from a closed set too."""
        self._slack_calls.labels(method, outcome).observe(took.total_seconds())

    def timer_fired(self, outcome: str, late: timedelta) -> None:
        self._timers.labels(outcome).observe(max(late, timedelta()).total_seconds())

    def loop_lagged(self, lag: timedelta) -> None:
        self._lag.observe(lag.total_seconds())

    def bug_met(self, where: str) -> None:
        """`where`: the entry point, such as 'slack' or 'schedule'."""
        self._bugs.labels(where).inc()

    def alerts_delivered(self, source: str, outcome: str, alerts: int, took: timedelta) -> None:
        """`source`: a name that ALERT_SECRETS has."""
        self._deliveries.labels(source, outcome).observe(took.total_seconds())
        self._delivered.labels(source).inc(alerts)

    def alert_decided(self, source: str, reason: str) -> None:
        self._alerts.labels(source, reason).inc()

    def open_proposals(self, count: int) -> None:
        self._proposals_open.set(count)

    def alerts_waiting(self, count: int, oldest: timedelta) -> None:
        """`oldest`: how long the first of them has waited."""
        self._alerts_waiting.set(count)
        self._alerts_age.set(max(oldest, timedelta()).total_seconds())

    def lanes_waiting(self, count: int) -> None:
        self._lanes.set(count)

    def dead_letters(self, count: int) -> None:
        self._dead_letters.set(count)

    def open_incidents(self, count: int, *, drills: int = 0) -> None:
        """`drills`: how many are open besides."""
        self._open_incidents.set(count)
        self._open_drills.set(drills)

    def open_followups(self, count: int, *, overdue: int) -> None:
        """`overdue`: how many of them are. Private incidents and drills are left out by whoever counts."""
        self._open_followups.set(count)
        self._overdue_followups.set(overdue)

    def exposition(self) -> tuple[bytes, str]:
        """The text that Prometheus reads, and its content type."""
        return generate_latest(self.registry), CONTENT_TYPE_LATEST
