"""Messages that only one person sees. Slack keeps none of them; the workspace does, so a test can look."""

from bot.workspace.cast import Account
from bot.workspace.changes import Changes, Touched
from bot.workspace.message_acts import stored
from bot.workspace.refusal import Json, Refusal
from bot.workspace.team import Team

KEPT_A_PERSON = 500


class Ephemerals:
    def __init__(self, team: Team, changes: Changes) -> None:
        self._team = team
        self._changes = changes
        self._by_user: dict[str, dict[str, Json]] = {}

    def show(self, user_id: str, channel_id: str, author: Account, fields: Json) -> Json:
        message = stored(self._team, author, fields) | {"is_ephemeral": True, "channel": channel_id}
        shown = self._by_user.setdefault(user_id, {})
        shown[message["ts"]] = message
        if len(shown) > KEPT_A_PERSON:
            del shown[next(iter(shown))]
        self._tell(user_id, message)
        return message

    def replace(self, user_id: str, ts: str, fields: Json) -> None:
        message = self.find(user_id, ts)
        for name in ("blocks", "attachments"):
            message.pop(name, None)
        message |= fields
        self._tell(user_id, message)

    def remove(self, user_id: str, ts: str) -> None:
        message = self.find(user_id, ts)
        del self._by_user[user_id][ts]
        self._tell(user_id, message)

    def find(self, user_id: str, ts: str) -> Json:
        found = self._by_user.get(user_id, {}).get(ts)
        if found is None:
            raise Refusal("message_not_found")
        return found

    def _tell(self, user_id: str, message: Json) -> None:
        self._changes.happened(Touched(channel=message["channel"], messages=(message["ts"],), only=user_id))

    def of(self, user_id: str, channel_id: str | None = None) -> list[Json]:
        shown = self._by_user.get(user_id, {}).values()
        return [each for each in shown if channel_id in {None, each["channel"]}]
