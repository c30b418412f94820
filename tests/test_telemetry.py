"""Logs hold no secret and metrics no private word."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
import structlog

from bot.telemetry import Metrics, configure_logs, redacted

SECRETS = [
    "xoxb-1234-5678-AbCdEf",
    "xoxp-1234-AbCdEf",
    "xoxe.xoxp-1-AbCdEf",
    "xapp-1-A0123-4567-abcdef0123",
    "Authorization: Bearer s3cr3t-AbCdEf",
    "Authorization: Basic bXVzdGVyOkFUQVRUM3g6AbCdEf==",
    "ghp_0123456789AbCdEf",
    "github_pat_11AAAA_AbCdEf",
    "ATATT3xFfGF0AbCdEf-_=4D",
    "github_token='AbCdEf'",
    "https://hooks.slack.com/commands/T012/34567/AbCdEf",
    "https://hooks.slack.com/services/T012/B345/AbCdEf",
    "redis://muster:AbCdEf@cache.internal:6379/0",
    "rediss://:AbC@AbCdEf@cache.internal",
    "smtp://muster:AbCdEf@mail.internal:587",
    "smtp+plain://muster:AbCdEf@mail.internal",
    "unix:///run/redis.sock?db=1&password=AbCdEf",
    "wss://wss-primary.slack.com/link/?ticket=AbCdEf&app_id=1",
    "response_url=http://127.0.0.1:8080/AbCdEf",
    '{"response_url": "http://127.0.0.1:8080/AbCdEf"}',
    r"{\"response_url\": \"http://127.0.0.1:8080/AbCdEf\"}",
    "signing_secret='AbCdEf'",
    "audit_key='AbCdEf'",
]


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged from here on, as JSON lines; the logging of before comes back afterwards."""
    root, ours, stream = logging.getLogger(), logging.getLogger("bot"), io.StringIO()
    before = root.handlers[:], root.level, ours.level
    configure_logs(level="info", console=False, stream=stream)
    yield stream
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    ours.setLevel(before[2])


def logged(lines: io.StringIO) -> dict[str, object]:
    line: dict[str, object] = json.loads(lines.getvalue())
    return line


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_taken_out_of_any_text(secret: str) -> None:
    assert "AbCdEf" not in redacted(f"before {secret} after")
    assert redacted(f"before {secret} after").startswith("before ")
    assert redacted(f"before {secret} after").endswith(" after")


@pytest.mark.parametrize(
    "harmless",
    [
        "unix:///run/muster/redis.sock",
        "redis://localhost:6379/0",
        "ada@example.com",
        "xapp",
        "Box-2",
        "Basic Information",
    ],
)
def test_what_is_no_secret_stays(harmless: str) -> None:
    assert redacted(harmless) == harmless


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_in_a_nested_field_is_not_logged(lines: io.StringIO, secret: str) -> None:
    structlog.get_logger("bot.slack").warning("odd_answer", answer={"body": [secret]})
    assert "AbCdEf" not in lines.getvalue()
    assert logged(lines)["event"] == "odd_answer"


def test_a_secret_in_a_traceback_is_not_logged(lines: io.StringIO) -> None:
    try:
        int(SECRETS[0])
    except ValueError:
        structlog.get_logger("bot.slack").exception("failed")
    assert "ValueError" in str(logged(lines)["exception"])
    assert "AbCdEf" not in lines.getvalue()


def test_a_secret_in_a_librarys_arguments_is_not_logged(lines: io.StringIO) -> None:
    logging.getLogger("slack_sdk").warning("calling with %s", SECRETS[0])
    assert logged(lines)["event"] == "calling with xoxb-[redacted]"


def test_a_line_is_json_with_level_logger_and_utc_time(lines: io.StringIO) -> None:
    structlog.get_logger("bot.store").info("append", version=3)
    line = logged(lines)
    assert (line["event"], line["version"], line["level"], line["logger"]) == ("append", 3, "info", "bot.store")
    assert str(line["timestamp"]).endswith("Z")


def test_ids_bound_at_the_edge_are_on_every_line_even_those_of_libraries(lines: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(incident=42, request="slash:1"):
        logging.getLogger("redis").warning("slow")
    assert (logged(lines)["incident"], logged(lines)["request"]) == (42, "slash:1")


def test_libraries_are_heard_from_warning_up_and_muster_from_its_own_level(lines: io.StringIO) -> None:
    logging.getLogger("aiohttp").info("chatter")
    structlog.get_logger("bot.web").debug("detail")
    structlog.get_logger("bot.web").info("listening")
    assert logged(lines)["event"] == "listening"


def test_the_console_shows_no_local_variables_and_no_secret() -> None:
    stream = io.StringIO()
    before = logging.getLogger().handlers[:]
    configure_logs(level="info", console=True, stream=stream)
    try:
        title = "Globex is to be bought"  # noqa: F841 - a traceback with local variables would show it
        int("no")
    except ValueError:
        structlog.get_logger("bot.slack").exception("failed", password="AbCdEf")
    logging.getLogger().handlers[:] = before
    assert "ValueError: invalid literal" in stream.getvalue()
    assert "Globex" not in stream.getvalue()
    assert "AbCdEf" not in stream.getvalue()


def test_metrics_count_by_type_and_outcome() -> None:
    metrics = Metrics()
    metrics.command_handled(timedelta(), "appended", timedelta(milliseconds=2))
    text = metrics.exposition()[0].decode()
    assert 'muster_commands_seconds_count{outcome="appended",type="timedelta"} 1.0' in text


def test_effects_are_counted_by_name_and_verdict() -> None:
    metrics = Metrics()
    metrics.effect_attempted("PinMessage", "buried: Slack refuses", timedelta(seconds=0.1))
    assert b'outcome="buried: Slack refuses",type="PinMessage"} 1.0' in metrics.exposition()[0]


def test_drills_are_counted_apart() -> None:
    metrics, none = Metrics(), timedelta()
    metrics.command_handled(timedelta(), "appended", none, drill=True)
    metrics.effect_attempted("PinMessage", "done", none, drill=True)
    metrics.open_incidents(2, drills=1)
    text = metrics.exposition()[0].decode()
    assert 'muster_drill_commands_seconds_count{outcome="appended",type="timedelta"} 1.0' in text
    assert 'muster_drill_effects_seconds_count{outcome="done",type="PinMessage"} 1.0' in text
    assert "muster_commands_seconds_count{" not in text
    assert "muster_effects_seconds_count{" not in text
    assert {"muster_open_incidents 2.0", "muster_open_drills 1.0"} <= set(text.splitlines())


def test_two_bots_in_one_process_count_apart() -> None:
    first, second = Metrics(), Metrics()
    first.slack_called("chat.postMessage", "ok", timedelta(seconds=0.1))
    assert b'method="chat.postMessage"' not in second.exposition()[0]


def test_a_timer_that_fires_early_by_another_clock_is_not_late() -> None:
    metrics = Metrics()
    metrics.timer_fired("fired", timedelta(seconds=-1))
    assert b'muster_timers_seconds_sum{outcome="fired"} 0.0' in metrics.exposition()[0]


def test_no_label_is_made_for_a_word_of_an_incident() -> None:
    metrics, none = Metrics(), timedelta()
    metrics.command_handled("a", "appended", none)
    metrics.appended("appended", none)
    metrics.effect_attempted("PinMessage", "done", none)
    metrics.slack_called("pins.add", "ok", none)
    metrics.timer_fired("fired", none)
    metrics.bug_met("web")
    labels = {name for metric in metrics.registry.collect() for sample in metric.samples for name in sample.labels}
    assert labels == {"type", "outcome", "method", "where", "le"}


def test_a_failure_nobody_expected_is_counted_for_its_room(lines: io.StringIO) -> None:
    rooms: list[str] = []
    configure_logs(level="info", console=False, stream=lines, on_bug=rooms.append)
    log = structlog.get_logger("bot.slack.replies")
    try:
        int("a bug")
    except ValueError:
        log.exception("listener_failed")
    log.error("effect_buried")
    assert rooms == ["slack"]
