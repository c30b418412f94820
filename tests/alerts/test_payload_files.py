"""Each delivery of tests/payloads reads into just the alerts that it tells of."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import pytest
import yaml

from bot.alerts.sources import READERS
from bot.incident.alert import Alert, AlertState, LinkKind
from bot.playbook.alerts_block import AlertFields, alert_policy
from tests.alerts.payload_files import PAYLOADS, PINGS_BLOCK, POLICY, names, read, source_of

FIRING, RESOLVED = AlertState.FIRING, AlertState.RESOLVED
RUNBOOKS: Final = "https://runbooks.harbour.example/"


def at(time: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-02T{time}").replace(tzinfo=UTC)


def login(state: AlertState, **times: datetime) -> dict[str, Any]:
    labels = {"alertname": "LoginsFail", "severity": "critical", "service": "login", "zone": "north"}
    group = '{}/{team="accounts"}:{alertname="LoginsFail"}'
    named = {"group": group, "fingerprint": "90ab1c3d5e7f2244", "name": "LoginsFail", "state": state}
    return {**named, "summary": "Every fifth login fails", "labels": labels, "started_at": at("12:00:00.25"), **times}


def payments(region: str, state: AlertState, **told: Any) -> dict[str, Any]:
    labels = {"alertname": "PaymentsFail", "severity": "critical", "service": "payments", "region": region}
    return {
        "group": '{}/{severity="critical"}:{alertname="PaymentsFail"}',
        "state": state,
        "name": "PaymentsFail",
        "labels": labels,
        **told,
    }


def queue(state: AlertState, **told: Any) -> dict[str, Any]:
    group = '{}/{service="orders"}:{alertname="Queue grows"}'
    labels = {"alertname": "Queue grows", "grafana_folder": "Orders", "service": "orders", "severity": "critical"}
    named = {"group": group, "fingerprint": "d41f0c77ab90e312", "name": "Queue grows", "state": state}
    return {**named, "labels": labels, "started_at": at("12:00:10.2"), **told}


def search(state: AlertState, priority: str = "P1", **told: Any) -> dict[str, Any]:
    labels = {"service": "search", "priority": priority, "urgency": "high"}
    named = {"group": "Q0SEARCH1", "fingerprint": "Q0SEARCH1", "name": "Search answers in 9 seconds"}
    return {**named, "state": state, "labels": labels, "summary": "", "started_at": at("12:00"), **told}


def disk(state: AlertState, kind: str, measured: str, **times: datetime | None) -> dict[str, Any]:
    labels = {
        "env": "prod",
        "host": "db-3",
        "monitor": "yes",
        "runbook": "https://runbooks.harbour.example:8443/disk",
        "service": "orders",
        "severity": "critical",
        "priority": "P2",
        "alert_type": kind,
        "scope": "host:db-3",
        "status": f"system.disk.in_use over host:db-3 was {measured} during the last 5m",
    }
    named = {"group": "4711", "fingerprint": "4711 host:db-3", "name": "Disk of the orders database is full"}
    unset: dict[str, Any] = {"started_at": None, "ended_at": None, "cycle": "8812006733914420001"}
    return {**named, **unset, "state": state, "labels": labels, **times}


def backup(state: AlertState, whose: str, named: str, kind: str = "failed", **told: Any) -> dict[str, Any]:
    group = f"/backups/{whose} example.harbour.backup.{kind}"
    return {"group": group, "fingerprint": f"{group} {whose}-db", "state": state, "name": named, **told}


FULL: Final = "> 0.97 at least once"
READ: Final[Mapping[str, list[dict[str, Any]]]] = {
    "alertmanager-firing.json": [login(FIRING)],
    "alertmanager-resolved.json": [login(RESOLVED, ended_at=at("12:18:30.25"))],
    "alertmanager-storm.json": [
        payments("eu", FIRING, fingerprint="5b1f6a8c0d2e4471", started_at=at("12:00:04.512"), ended_at=None),
        payments("us", RESOLVED, fingerprint="71c2d9e04fa35b86", ended_at=at("12:01:34.512")),
    ],
    "grafana-firing.json": [queue(FIRING, summary="4,200 orders wait to be shipped", ended_at=None)],
    "grafana-resolved.json": [
        queue(
            RESOLVED,
            summary="4,200 orders wait to be shipped (resolved because of MissingSeries)",
            ended_at=at("12:40:10.2"),
        )
    ],
    "grafana-nodata.json": [
        {
            "state": FIRING,
            "name": "DatasourceNoData",
            "summary": "Grafana gets no data for “Queue grows”",
            "fingerprint": "7be0c4419a2f6d58",
            "started_at": at("12:00:10.2"),
        }
    ],
    "pagerduty-triggered.json": [search(FIRING, ended_at=None)],
    "pagerduty-raised.json": [search(FIRING, "P0", ended_at=None)],
    "pagerduty-resolved.json": [search(RESOLVED, ended_at=at("12:20"))],
    "pagerduty-reopened.json": [search(FIRING, started_at=at("12:45"), ended_at=None)],
    "pagerduty-ping.json": [],
    "datadog-triggered.json": [disk(FIRING, "error", FULL, started_at=at("12:00"))],
    "datadog-renotify.json": [disk(FIRING, "error", FULL)],
    "datadog-recovered.json": [disk(RESOLVED, "success", "<= 0.97", ended_at=at("13:30"))],
    "datadog-test.json": [],
    "cloudevents-structured.json": [
        backup(FIRING, "orders", "The nightly backup of orders failed", started_at=at("12:00"), ended_at=None)
    ],
    "cloudevents-binary.http": [
        backup(RESOLVED, "orders", "The nightly backup of orders failed", started_at=None, ended_at=at("12:40"))
    ],
    "cloudevents-batched.http": [
        backup(
            FIRING,
            "users",
            "example.harbour.backup.late",
            "late",
            summary="The backup of users began two hours late",
        ),
        backup(FIRING, "mail", "The backup of mail failed", summary=""),
    ],
    "cloudevents-opaque.http": [
        {
            "group": "/backups/kühlhaus example.harbour.backup.failed",
            "fingerprint": '/backups/kühlhaus example.harbour.backup.failed cold "storage"',
            "state": FIRING,
            "name": "example.harbour.backup.failed",
            "summary": "",
        }
    ],
    "pings-firing.json": [
        {
            "fingerprint": "17",
            "state": FIRING,
            "name": "Front page",
            "summary": "No answer within 10 s",
            "labels": {"severity": "critical", "service": "web", "region": "eu"},
            "links": {LinkKind.GENERATOR: "https://pings.harbour.example/17"},
            "started_at": at("12:00"),
        },
        {"fingerprint": "18", "state": FIRING, "name": "Sign-up page", "labels": {"service": "web"}, "links": {}},
    ],
    "pings-resolved.json": [{"fingerprint": "17", "state": RESOLVED, "name": "Front page"}],
}


@pytest.mark.parametrize("name", names())
def test_a_payload_reads_into_just_the_alerts_that_it_tells_of(name: str) -> None:
    told = read(name)
    for alert, wanted in zip(told, READ[name], strict=True):
        assert {field: getattr(alert, field) for field in wanted} == wanted
        assert alert.source == source_of(name)


@pytest.mark.parametrize("name", names())
def test_every_payload_is_labelled_with_where_its_shape_is_documented(name: str) -> None:
    assert f"| `{source_of(name)}-*` |" in (PAYLOADS / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("source", [*READERS, *POLICY.sources])
def test_every_source_has_a_payload_that_fires_and_one_that_resolves_the_same(source: str) -> None:
    alerts = [alert for name in names() if source_of(name) == source for alert in read(name)]
    fired, resolved = (_keys(alerts, state) for state in (FIRING, RESOLVED))
    assert fired & resolved


def _keys(alerts: list[Alert], state: AlertState) -> set[str]:
    return {alert.key for alert in alerts if alert.state is state}


def test_links_lead_to_panel_runbook_source_and_silence() -> None:
    (alert,) = read("grafana-firing.json")
    assert alert.links == {
        LinkKind.DASHBOARD: "https://graphs.harbour.example/d/orders?viewPanel=3",
        LinkKind.RUNBOOK: f"{RUNBOOKS}orders",
        LinkKind.GENERATOR: "https://graphs.harbour.example/alerting/grafana/q7/view",
        LinkKind.SILENCE: "https://graphs.harbour.example/alerting/silence/new?matcher=alertname%3DQueue+grows",
    }


def test_the_block_of_policy_yaml_says_the_same() -> None:
    written = yaml.safe_load(PINGS_BLOCK)["alerts"]
    assert alert_policy(AlertFields.model_validate(written)).sources == POLICY.sources
