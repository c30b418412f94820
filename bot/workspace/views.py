"""Modals and App Homes: what each person has open. It stores and stacks views, and checks them as
Slack does.
"""

import copy
import hashlib
import json

from bot.workspace.block_rules import check_view
from bot.workspace.changes import Touched
from bot.workspace.field_values import carry_over, initial_values
from bot.workspace.install import Install
from bot.workspace.refusal import Json, Refusal
from bot.workspace.team import Team

VIEW_BYTES = 250_000
STACKED = 3


def with_block_ids(blocks: list[Json], team: Team) -> list[Json]:
    """Slack gives an id to every block and action that has none."""
    named = copy.deepcopy(blocks)
    for block in named:
        block.setdefault("block_id", team.next_id("b"))
        elements = [*block.get("elements", ())] if block["type"] in {"actions", "context_actions"} else []
        elements += [block[name] for name in ("accessory", "element") if name in block]
        for element in elements:
            if element["type"] != "image":
                element.setdefault("action_id", team.next_id("a"))
    return named


class Views:
    """`stacks` by user: the open modals, the visible one last. `homes` by user. `by_id` holds all of them."""

    def __init__(self, team: Team, install: Install) -> None:
        self._team = team
        self._install = install
        self._versions = 0
        self.stacks: dict[str, list[Json]] = {}
        self.homes: dict[str, Json] = {}
        self.by_id: dict[str, Json] = {}
        self.owners: dict[str, str] = {}

    def check(self, view: object, *kinds: str) -> Json:
        check_view(view, *kinds)
        if not isinstance(view, dict):
            raise Refusal("invalid_arguments")
        if len(json.dumps(view)) > VIEW_BYTES:
            raise Refusal("view_too_large")
        if view.get("external_id") and any(
            each.get("external_id") == view["external_id"] for each in self.by_id.values()
        ):
            raise Refusal("duplicate_external_id")
        return view

    def open(self, user_id: str, view: Json) -> Json:
        made = self._make(user_id, view)
        for old in self.stacks.get(user_id, ()):
            self.forget(old)
        self.stacks[user_id] = [made]
        self._tell(user_id)
        return made

    def push(self, user_id: str, view: Json) -> Json:
        stack = self.stacks.get(user_id)
        if not stack:
            raise Refusal("not_found")
        if len(stack) >= STACKED:
            raise Refusal("push_limit_reached")
        made = self._make(user_id, view)
        made |= {"previous_view_id": stack[-1]["id"], "root_view_id": stack[0]["id"]}
        stack.append(made)
        self._tell(user_id)
        return made

    def update(self, view_id: str, view: Json, expected_hash: str = "") -> Json:
        old = self.by_id.get(view_id)
        if old is None:
            raise Refusal("not_found")
        if expected_hash and expected_hash != old["hash"]:
            raise Refusal("hash_conflict")
        keep = {name: old[name] for name in ("id", "root_view_id", "previous_view_id")}
        typed = old["state"]["values"]
        old.clear()
        old |= self._whole(view) | keep
        carry_over(typed, old["state"]["values"])
        self._tell(self.owners[view_id])
        return old

    def publish(self, user_id: str, view: Json, expected_hash: str = "") -> Json:
        self._team.account(user_id)
        if home := self.homes.get(user_id):
            return self.update(home["id"], view, expected_hash)
        self.homes[user_id] = self._make(user_id, view)
        self._tell(user_id)
        return self.homes[user_id]

    def _tell(self, user_id: str) -> None:
        self._team.touch(Touched(front=True, only=user_id))

    def close(self, user_id: str, view_id: str) -> None:
        """Take one modal off the stack; the one below shows again."""
        stack = self.stacks.get(user_id, [])
        for view in [each for each in stack if each["id"] == view_id]:
            stack.remove(view)
            self.forget(view)
        self._tell(user_id)

    def clear(self, user_id: str) -> None:
        for view in self.stacks.pop(user_id, []):
            self.forget(view)
        self._tell(user_id)

    def forget(self, view: Json) -> None:
        self.by_id.pop(view["id"], None)
        self.owners.pop(view["id"], None)

    def visible(self, user_id: str) -> Json | None:
        stack = self.stacks.get(user_id)
        return stack[-1] if stack else None

    def find(self, view_id: str, external_id: str) -> str:
        """The id of the view that the app means, which may name it by its own external_id."""
        if view_id in self.by_id:
            return view_id
        for each in self.by_id.values():
            if external_id and each.get("external_id") == external_id:
                return str(each["id"])
        raise Refusal("not_found")

    def _make(self, user_id: str, view: Json) -> Json:
        made = self._whole(view)
        view_id = self._team.next_id("V")
        made |= {"id": view_id, "root_view_id": view_id, "previous_view_id": None}
        self.by_id[view_id] = made
        self.owners[view_id] = user_id
        return made

    def _whole(self, view: Json) -> Json:
        """The view as Slack hands it back, without its ids."""
        self._versions += 1
        digest = hashlib.sha256(f"{self._versions}".encode()).hexdigest()[:8]
        blocks = with_block_ids(view["blocks"], self._team)
        optional = ("title", "submit", "close", "submit_disabled")
        return {
            "team_id": self._team.id,
            "app_id": self._install.app_id,
            "app_installed_team_id": self._team.id,
            "bot_id": self._install.bot_id,
            "type": view["type"],
            "callback_id": view.get("callback_id", ""),
            "external_id": view.get("external_id", ""),
            "private_metadata": view.get("private_metadata", ""),
            "clear_on_close": view.get("clear_on_close", False),
            "notify_on_close": view.get("notify_on_close", False),
            **{name: view.get(name) for name in optional},
            "blocks": blocks,
            "state": {"values": initial_values(blocks)},
            "hash": f"{int(self._team.clock.now())}.{digest}",
        }
