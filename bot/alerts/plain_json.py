"""Any JSON whose fields policy.yaml names (`alerts: sources:`) -> alerts. Pure."""

from collections.abc import Iterator
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from bot.alerts.reading import MOST_ALERTS, Malformed, Moment, Text, labels, links, loaded
from bot.incident.alert import Alert, AlertState, digest
from bot.incident.alert_policy import Mapped

_TEXT: Final[TypeAdapter[str]] = TypeAdapter(Text)
_MOMENT: Final[TypeAdapter[Any]] = TypeAdapter(Moment)


def read(source: str, mapped: Mapped, body: bytes) -> tuple[Alert, ...]:
    """Raises Malformed."""
    return tuple(_alert(source, mapped, each) for each in _each(loaded(body), mapped))


def _each(told: Any, mapped: Mapped) -> Iterator[Any]:
    found = _at(told, mapped.alerts) if mapped.alerts else told
    listed = found if isinstance(found, list) else [found]
    if len(listed) > MOST_ALERTS:
        raise Malformed(f"The payload holds more than {MOST_ALERTS} alerts.")
    for each in listed:
        if not isinstance(each, dict):
            where = mapped.alerts or "it"
            raise Malformed(f"The payload does not read: {where} should be an object or a list of them.")
        yield each


def _alert(source: str, mapped: Mapped, told: dict[str, Any]) -> Alert:
    name, fingerprint = _text(told, mapped.name), _text(told, mapped.fingerprint)
    if not name or not fingerprint:
        missing = mapped.name if not name else mapped.fingerprint
        raise Malformed(f"The payload does not read: {missing} is missing or empty.")
    state = _text(told, mapped.state).casefold() if mapped.state else ""
    found = {label: _text(told, path) for label, path in mapped.labels.items()}
    resolved = state in {each.casefold() for each in mapped.resolved}
    return Alert(
        source=source,
        group=(_text(told, mapped.group) if mapped.group else "") or digest(fingerprint),
        fingerprint=fingerprint,
        state=AlertState.RESOLVED if resolved else AlertState.FIRING,
        name=name,
        summary=_text(told, mapped.summary) if mapped.summary else "",
        labels=labels({label: value for label, value in found.items() if value}),
        links=links(generator=_text(told, mapped.link)) if mapped.link else {},
        started_at=_moment(told, mapped.started_at) if mapped.started_at else None,
    )


def _at(told: Any, path: str) -> Any:
    """'check.name', 'items.0.id'; None where there is nothing."""
    for part in path.split("."):
        if isinstance(told, dict):
            told = told.get(part)
        elif isinstance(told, list) and part.isdecimal() and int(part) < len(told):
            told = told[int(part)]
        else:
            return None
    return told


def _text(told: Any, path: str) -> str:
    try:
        return _TEXT.validate_python(_at(told, path))
    except ValidationError:
        raise Malformed(f"The payload does not read: {path} should be text.") from None


def _moment(told: Any, path: str) -> Any:
    """A time that does not read is no time: it only tells what came first."""
    try:
        return _MOMENT.validate_python(_at(told, path))
    except ValidationError:
        return None
