"""Which sources there are: those with a file of their own, and those of plain JSON that the policy names."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.alerts import alertmanager, cloudevents, datadog, grafana, pagerduty, plain_json
from bot.incident.alert import Alert
from bot.incident.alert_policy import AlertPolicy

Reader = Callable[[str, bytes, Mapping[str, str]], tuple[Alert, ...]]
"""The source's name, body and headers (names in small letters) -> its alerts. Raises Malformed."""

READERS: Final[Mapping[str, Reader]] = {
    "alertmanager": alertmanager.read,
    "grafana": grafana.read,
    "pagerduty": pagerduty.read,
    "datadog": datadog.read,
    "cloudevents": cloudevents.read,
}


def reader_of(source: str, policy: AlertPolicy) -> Reader | None:
    """None: there is no source of that name."""
    if source in READERS:
        return READERS[source]
    mapped = policy.sources.get(source)
    if mapped is None:
        return None
    return lambda name, body, _headers: plain_json.read(name, mapped, body)
