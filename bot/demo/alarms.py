"""The ready-made alerts that the demo's page offers, as Prometheus Alertmanager would send them. Pure.

Shape: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

_NEVER: Final = "0001-01-01T00:00:00Z"
"""What Alertmanager says of the end of what fires."""
_SITE: Final = "https://alerts.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """`about`: what Muster does with it, by the rules that come along. `members`: the values of `each`, a label, if it
    is more than one alert.
    """

    name: str
    title: str
    about: str
    alert: str
    summary: str
    labels: Mapping[str, str]
    each: str = ""
    members: tuple[str, ...] = ("",)
    notes: Mapping[str, str] = field(default_factory=dict)


ALARMS: Final = (
    Alarm(
        name="payments",
        title="Payments fail",
        about="Critical: opens an incident with its playbook and its links, or joins the one that it fits.",
        alert="PaymentsFail",
        summary="One in three payments fails in Europe",
        labels={"severity": "critical", "service": "payments", "region": "eu"},
        notes={"dashboard_url": "https://grafana.example/d/payments"},
    ),
    Alarm(
        name="retries",
        title="Checkout retries, no customer is touched",
        about="A note: joins an open incident that it fits (checkout needs payments), and opens none.",
        alert="CheckoutRetries",
        summary="Checkout retries every tenth request; no customer is touched",
        labels={"severity": "warning", "service": "checkout", "customer_impact": "none"},
    ),
    Alarm(
        name="pods",
        title="Forty pods crash",
        about="Forty critical alerts at once: one incident, and one line on its card.",
        alert="PodCrash",
        summary="Pods of search restart again and again",
        labels={"severity": "critical", "service": "search"},
        each="pod",
        members=tuple(f"search-{number:02}" for number in range(1, 41)),
    ),
    Alarm(
        name="budget",
        title="An error budget is exhausted",
        about="A proposal: #incidents is asked whether it is an incident, and to freeze deploys is suggested.",
        alert="ErrorBudgetExhausted",
        summary="The error budget of cart is exhausted",
        labels={"service": "cart", "budget_remaining": "-0.02"},
    ),
    Alarm(
        name="disk",
        title="A disk fills slowly",
        about="A warning, and no rule asks for it: it opens no incident.",
        alert="DiskFills",
        summary="A disk of the database is full in three days",
        labels={"severity": "warning", "service": "database"},
    ),
)


def delivery(alarm: Alarm, started_at: datetime, ended_at: datetime | None = None) -> dict[str, Any]:
    """One notification of its group. `ended_at`: all of it has resolved."""
    status = "resolved" if ended_at else "firing"
    common = {"alertname": alarm.alert, **alarm.labels}
    named = [{**common, alarm.each: member} if alarm.each else common for member in alarm.members]
    notes = {"summary": alarm.summary, **alarm.notes}
    times = {"startsAt": started_at.isoformat(), "endsAt": ended_at.isoformat() if ended_at else _NEVER}
    return {
        "version": "4",
        "groupKey": f'{{}}:{{alertname="{alarm.alert}"}}',
        "truncatedAlerts": 0,
        "status": status,
        "receiver": "muster",
        "groupLabels": {"alertname": alarm.alert},
        "commonLabels": common,
        "commonAnnotations": notes,
        "externalURL": _SITE,
        "alerts": [
            {
                "status": status,
                "labels": labels,
                "annotations": notes,
                **times,
                "generatorURL": f"https://prometheus.example/graph?g0.expr={alarm.alert}",
                "fingerprint": hashlib.sha256(json.dumps(labels, sort_keys=True).encode()).hexdigest()[:16],
            }
            for labels in named
        ],
    }


def smallest(summary: str) -> dict[str, Any]:
    """The least that a delivery may say: for whoever writes one by hand."""
    alert = {
        "status": "firing",
        "labels": {"alertname": "Mine", "severity": "critical", "service": "website"},
        "annotations": {"summary": summary},
    }
    return {"version": "4", "groupKey": "mine", "alerts": [alert]}
