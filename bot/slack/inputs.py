"""The values of a submitted modal, by field name. Nothing in them is trusted to be what the modal offered."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, TypeVar

from bot.incident.terms import Rejected, UserId
from bot.slack.blocks.modals import YES

Words = TypeVar("Words", bound=StrEnum)

_LATEST: Final = 4_102_444_800
"""The year 2100 as epoch seconds: beyond it a picker's value is no time that anybody chose."""


class Inputs:
    """`values`: block_id -> {"value": the input's state}, as Slack sends a view's state."""

    def __init__(self, values: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
        self._values = values

    def names(self) -> tuple[str, ...]:
        return tuple(self._values)

    def _state(self, name: str) -> Mapping[str, Any]:
        return self._values.get(name, {}).get("value", {})

    def text(self, name: str) -> str:
        """What was typed, or the value that was chosen where the field is a menu; empty if neither."""
        state = self._state(name)
        chosen = state.get("selected_option") or {}
        return str(state.get("value") or chosen.get("value") or "").strip()

    def user(self, name: str) -> UserId | None:
        chosen = self._state(name).get("selected_user")
        return UserId(str(chosen)) if chosen else None

    def users(self, name: str) -> tuple[UserId, ...]:
        return tuple(UserId(str(chosen)) for chosen in self._state(name).get("selected_users") or ())

    def moment(self, name: str) -> datetime | None:
        seconds = self._state(name).get("selected_date_time")
        if not isinstance(seconds, int) or not 0 < seconds < _LATEST:
            return None
        return datetime.fromtimestamp(seconds, tz=UTC)

    def day(self, name: str) -> date | None:
        try:
            return date.fromisoformat(str(self._state(name).get("selected_date") or ""))
        except ValueError:
            return None

    def ticked(self, name: str) -> bool:
        return any(option.get("value") == YES for option in self._state(name).get("selected_options") or ())

    def several(self, name: str) -> tuple[str, ...]:
        """The values that were chosen, in their order."""
        return tuple(str(option.get("value") or "") for option in self._state(name).get("selected_options") or ())

    def minutes(self, name: str) -> timedelta:
        """Raises Rejected for what is no number of minutes up to a week."""
        text = self.text(name)
        if not (text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) <= 7 * 24 * 60):
            raise Rejected("Choose one of the times in the list.", field=name)
        return timedelta(minutes=int(text))

    def one_of(self, name: str, words: type[Words]) -> Words:
        """Raises Rejected for a value that is none of those words."""
        try:
            return words(self.text(name))
        except ValueError:
            raise Rejected("Choose one of those in the list.", field=name) from None
