"""What the page knows of the app before anybody uses it: its commands, shortcuts and emoji, from its manifest."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from bot.workspace.refusal import Json

if TYPE_CHECKING:
    from bot.workspace.site import Site

Hints = Mapping[str, Iterable[tuple[str, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppCard:
    """`manifest`: Slack's, as JSON. `hints`: by command ("/incident"), (usage, what it does) of each verb. `reactions`:
    the emoji that mean something to the app, which are offered first.
    """

    manifest: Json = field(default_factory=dict)
    hints: Hints = field(default_factory=dict)
    reactions: tuple[str, ...] = ()

    def features(self, kind: str) -> list[Json]:
        found: list[Json] = self.manifest.get("features", {}).get(kind, [])
        return found

    @property
    def has_home(self) -> bool:
        if not self.manifest:
            return True
        home: Json = self.manifest.get("features", {}).get("app_home", {})
        return bool(home.get("home_tab_enabled"))

    def slash_commands(self) -> dict[str, bool] | None:
        """command -> does Slack escape its text; None where there is no manifest to say so."""
        if not self.manifest:
            return None
        return {each["command"]: bool(each.get("should_escape")) for each in self.features("slash_commands")}


def about_app(site: "Site") -> Json:
    card, me = site.card, site.team.account(site.install.bot_user_id)
    return {
        "name": me.real_name,
        "user_id": me.id,
        "team": {"name": site.team.name, "domain": site.team.domain},
        "commands": [about_command(card, each) for each in card.features("slash_commands")],
        "shortcuts": [
            {name: each.get(name, "") for name in ("callback_id", "name", "description", "type")}
            for each in card.features("shortcuts")
        ],
        "reactions": list(card.reactions),
        "can": asdict(site.host.powers),
    }


def about_command(card: AppCard, command: Json) -> Json:
    verbs = [{"usage": usage, "does": does} for usage, does in card.hints.get(command["command"], ())]
    return {"command": command["command"], "description": command.get("description", ""), "verbs": verbs}
