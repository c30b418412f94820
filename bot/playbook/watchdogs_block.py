"""The block `watchdogs` of policy.yaml -> what must never fall silent. Pure."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, Field

from bot.incident.alert_policy import Action, AlertRule
from bot.incident.watchdog import CLIMBS_AFTER, Watchdog
from bot.playbook import fields
from bot.playbook.alerts_block import Label, Patterns


class WatchdogFields(fields.Fields):
    match: Annotated[dict[Label, Patterns], Field(min_length=1)]
    silent_after: fields.Span
    climbs_after: fields.Span = CLIMBS_AFTER
    service: Annotated[str, Field(max_length=75), BeforeValidator(fields.text)] = ""


WatchdogsField = Annotated[dict[fields.Slug, WatchdogFields], Field(max_length=50)]
WATCHDOG_BLOCKS: Final[tuple[type[BaseModel], ...]] = (WatchdogFields,)


def watchdogs(written: Mapping[str, WatchdogFields]) -> tuple[Watchdog, ...]:
    return tuple(_watchdog(name, each) for name, each in written.items())


def _watchdog(name: str, written: WatchdogFields) -> Watchdog:
    return Watchdog(
        name=name,
        rule=AlertRule(name=name, action=Action.RECORD, match=written.match),
        silent_after=written.silent_after,
        climbs_after=written.climbs_after,
        service=written.service,
    )
