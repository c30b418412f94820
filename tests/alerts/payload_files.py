"""The deliveries of tests/payloads, as an HTTP server would hand them over, and as what they read into."""

from pathlib import Path
from typing import Final

from bot.alerts.sources import reader_of
from bot.incident.alert import Alert
from bot.incident.alert_policy import AlertPolicy, Mapped

PAYLOADS: Final = Path(__file__).parents[1] / "payloads"
POLICY: Final = AlertPolicy(
    sources={
        "pings": Mapped(
            alerts="checks",
            fingerprint="check.id",
            name="check.name",
            state="state",
            resolved=("up",),
            summary="seen.message",
            labels={"severity": "check.level", "service": "check.team", "region": "regions.0"},
            link="url",
            started_at="seen.since",
        )
    }
)
PINGS_BLOCK: Final = """
alerts:
  sources:
    pings:
      alerts: checks
      fingerprint: check.id
      name: check.name
      state: state
      resolved: [up]
      summary: seen.message
      labels: {severity: check.level, service: check.team, region: regions.0}
      link: url
      started_at: seen.since
"""
"""The same in policy.yaml."""


def names() -> list[str]:
    return sorted(path.name for path in PAYLOADS.iterdir() if path.suffix != ".md")


def source_of(name: str) -> str:
    return name.partition("-")[0]


def delivered(name: str) -> tuple[dict[str, str], bytes]:
    """Headers and body."""
    text = (PAYLOADS / name).read_text(encoding="utf-8")
    if not name.endswith(".http"):
        kind = "application/cloudevents+json" if name.startswith("cloudevents") else "application/json"
        return {"content-type": kind}, text.encode()
    head, _, body = text.partition("\n\n")
    return dict(line.split(": ", 1) for line in head.splitlines()), body.encode()


def read(name: str) -> tuple[Alert, ...]:
    headers, body = delivered(name)
    reader = reader_of(source_of(name), POLICY)
    assert reader is not None
    return reader(source_of(name), body, headers)
