"""Do the tokens work, may the app do what it needs, is the announcement channel there? Asks Slack, changes nothing."""

from collections.abc import Awaitable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from aiohttp import ClientError, ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.checkup.finding import Finding, Level, bad, ok, warn
from bot.checkup.people_check import check_people
from bot.incident.policy import Policy
from bot.settings import Settings, Transport
from bot.slack.scopes import OPTIONAL_SCOPES
from bot.telemetry import redacted

IDENTITY: Final = "bot token"
PATIENCE_SECONDS: Final = 10
MOST_PAGES: Final = 20
"""Of 1,000 channels each: looking a channel up by its name is the one thing that needs a list."""

_REINSTALL: Final = "Reinstall the app (OAuth & Permissions), then copy the new bot token into SLACK_BOT_TOKEN."
_ADVICE: Final[Mapping[str, str]] = {
    "invalid_auth": "Copy the token again from the app's page; it may be of another app or cut short.",
    "not_authed": "Copy the token again from the app's page.",
    "account_inactive": _REINSTALL,
    "token_revoked": _REINSTALL,
    "token_expired": _REINSTALL,
    "not_allowed_token_type": "Exchange the tokens: SLACK_BOT_TOKEN takes xoxb-…, SLACK_APP_TOKEN takes xapp-….",
    "missing_scope": "Add the scope on the app's page and reinstall the app.",
    "ratelimited": "Wait a minute and check again.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelUse:
    """A channel that a setting names. `works`: what is said of one that can be used."""

    part: str
    setting: str
    works: str


ANNOUNCEMENTS: Final = ChannelUse(
    part="announcements", setting="ANNOUNCEMENT_CHANNEL", works="Incidents are announced in {name}."
)
DRILLS: Final = ChannelUse(part="drills", setting="DRILL_CHANNEL", works="Drills are announced in {name}.")
AUDIT: Final = ChannelUse(
    part="audit", setting="AUDIT_CHANNEL", works="The head of the log is posted in {name} once a day."
)

DIGEST: Final = ChannelUse(
    part="digest", setting="DIGEST_CHANNEL", works="The digest of follow-ups is posted in {name} once a week."
)


TRIAGE: Final = ChannelUse(
    part="triage",
    setting="TRIAGE_CHANNEL",
    works="Proposals, silent watchdogs and what to fix in the monitoring are told in {name}.",
)


class NotSlack(Exception):  # noqa: N818 - what answered instead
    """Something answers at SLACK_API_URL that does not speak as Slack does."""


async def check_slack(
    settings: Settings, needed_scopes: Collection[str], policy: Policy | None = None
) -> list[Finding]:
    """`policy`: whose people and channels are looked for; None where it cannot be read, which is told elsewhere."""
    async with ClientSession() as session:
        token = settings.slack_bot_token.get_secret_value()
        slack = AsyncWebClient(
            token, base_url=settings.slack_api_url, session=session, timeout=PATIENCE_SECONDS, retry_handlers=[]
        )
        try:
            return await _ask(slack, settings, needed_scopes, policy)
        except NotSlack as failure:
            sentence = f"{settings.slack_api_url} answers, but not as Slack does: {failure}."
            return [bad("slack", sentence, "Correct SLACK_API_URL, or look whether a proxy answers in its place.")]
        except (ClientError, TimeoutError, OSError) as failure:
            sentence = f"{settings.slack_api_url} cannot be reached: {redacted(str(failure)) or 'no answer'}."
            return [bad("slack", sentence, "Check this machine's network and proxy, or correct SLACK_API_URL.")]


async def team_of(settings: Settings) -> str:
    """Slack's id of the workspace; empty when Slack does not say it, which check_slack tells."""
    token = settings.slack_bot_token.get_secret_value()
    slack = AsyncWebClient(token, base_url=settings.slack_api_url, timeout=PATIENCE_SECONDS, retry_handlers=[])
    try:
        return str((await _answer(slack.auth_test())).get("team_id", ""))
    except (SlackApiError, NotSlack, ClientError, TimeoutError, OSError):
        return ""


async def _ask(
    slack: AsyncWebClient, settings: Settings, needed_scopes: Collection[str], policy: Policy | None
) -> list[Finding]:
    app = await _app_token(slack, settings)
    identity = await _bot_token(slack, needed_scopes)
    if any(finding.part == IDENTITY and finding.level is Level.BAD for finding in identity):
        return [*identity, app]  # the channel would only be refused for the same reason
    optional = [await ask(slack, settings) for ask in (_drills, _audit_heads, _digest, _triage)]
    found = [*identity, app, await _announcements(slack, settings), *(found for found in optional if found)]
    return [*found, *(await _people(slack, policy) if policy else [])]


async def _people(slack: AsyncWebClient, policy: Policy) -> list[Finding]:
    """Whoever and whatever policy.yaml and services.yaml name."""

    async def ask(method: str, arguments: Mapping[str, str]) -> Mapping[str, Any]:
        answer: Any = (await _answer(slack.api_call(method, params=dict(arguments)))).data
        return cast("Mapping[str, Any]", answer)

    try:
        return await check_people(policy, ask, lambda wanted: _look_up(slack, wanted))
    except SlackApiError as error:
        return [_refused("people", "Slack does not show whom policy.yaml and services.yaml name", error)]


async def _bot_token(slack: AsyncWebClient, needed_scopes: Collection[str]) -> list[Finding]:
    try:
        answer = await _answer(slack.auth_test())
    except SlackApiError as error:
        return [_refused(IDENTITY, "SLACK_BOT_TOKEN is refused", error)]
    if not answer.get("bot_id"):
        return [bad(IDENTITY, "SLACK_BOT_TOKEN is a person's token.", "Copy the Bot User OAuth Token instead.")]
    works = ok(IDENTITY, f"Muster is @{answer['user']} in {answer['team']}.")
    return [works, judge_scopes(answer.headers.get("x-oauth-scopes"), needed_scopes)]


def judge_scopes(held: str | None, needed: Collection[str]) -> Finding:
    """`held`: the header in which Slack names the token's scopes, joined by commas."""
    if held is None:
        return warn("scopes", "Slack did not say which scopes the app has.", "Compare with: muster manifest")
    missing = sorted(set(needed) - {scope.strip() for scope in held.split(",")})
    if not missing:
        return ok("scopes", f"All {len(needed)} scopes that Muster needs are granted.")
    advice = "Paste the output of `muster manifest` into the app's manifest, then reinstall the app."
    if set(missing) <= set(OPTIONAL_SCOPES):
        uses = "; ".join(f"{scope}, {OPTIONAL_SCOPES[scope]}" for scope in missing)
        return warn("scopes", f"The app lacks {uses}. All else works.", advice)
    return bad("scopes", f"The app lacks {', '.join(missing)}.", advice)


async def _app_token(slack: AsyncWebClient, settings: Settings) -> Finding:
    if settings.transport is Transport.HTTP or settings.slack_app_token is None:
        return ok("transport", f"Slack delivers over HTTP to /slack/events on port {settings.port}.")
    try:
        # Only hands out an address to connect to; nothing is connected, and no running Muster is disturbed.
        await _answer(slack.apps_connections_open(app_token=settings.slack_app_token.get_secret_value()))
    except SlackApiError as error:
        return _refused("app token", "SLACK_APP_TOKEN opens no socket (it needs connections:write)", error)
    return ok("app token", "Socket Mode can be opened.")


async def _announcements(slack: AsyncWebClient, settings: Settings) -> Finding:
    wanted = settings.announcement_channel
    if wanted is None:
        advice = "Set ANNOUNCEMENT_CHANNEL to have incidents announced."
        return ok("announcements", "Nothing is announced: no channel is set.", advice)
    return await _channel(slack, ANNOUNCEMENTS, wanted)


async def _audit_heads(slack: AsyncWebClient, settings: Settings) -> Finding | None:
    return await _channel(slack, AUDIT, settings.audit_channel) if settings.audit_channel else None


async def _digest(slack: AsyncWebClient, settings: Settings) -> Finding | None:
    return await _channel(slack, DIGEST, settings.digest_channel) if settings.digest_channel else None


async def _triage(slack: AsyncWebClient, settings: Settings) -> Finding | None:
    return await _channel(slack, TRIAGE, settings.triage_channel) if settings.triage_channel else None


async def _drills(slack: AsyncWebClient, settings: Settings) -> Finding | None:
    """That it is the announcement channel is only known to Slack where one setting is a name and the other an id."""
    drills, incidents = settings.drill_channel, settings.announcement_channel
    if drills is None:
        return None
    found = await _channel(slack, DRILLS, drills)
    if found.level is not Level.OK or incidents is None or not await _is_one(slack, drills, incidents):
        return found
    sentence = "DRILL_CHANNEL is the announcement channel, so drills are announced nowhere."
    return bad(DRILLS.part, sentence, "Set DRILL_CHANNEL to another channel, or leave it empty.")


async def _is_one(slack: AsyncWebClient, *wanted: str) -> bool:
    try:
        ids = [(await _look_up(slack, each) or {}).get("id") for each in wanted]
    except SlackApiError:
        return False  # told of the channel itself
    return None not in ids and len(set(ids)) == 1


async def _look_up(slack: AsyncWebClient, wanted: str) -> Mapping[str, Any] | None:
    return await (_by_name(slack, wanted) if wanted.startswith("#") else _by_id(slack, wanted))


async def _channel(slack: AsyncWebClient, use: ChannelUse, wanted: str) -> Finding:
    try:
        channel = await _look_up(slack, wanted)
    except SlackApiError as error:
        return _refused(use.part, f"Slack does not show {wanted}", error)
    return judge_channel(wanted, channel, use)


def judge_channel(wanted: str, channel: Mapping[str, Any] | None, use: ChannelUse = ANNOUNCEMENTS) -> Finding:
    """`channel`: Slack's conversation object, None when the bot cannot see one."""
    if channel is None:
        advice = f"Create it, or correct {use.setting}; a private one must first invite the bot."
        return bad(use.part, f"There is no channel {wanted} that Muster can see.", advice)
    name = f"#{channel.get('name', wanted)}"
    if channel.get("is_archived"):
        return bad(use.part, f"{name} is archived.", f"Unarchive it, or set {use.setting} to another.")
    if not channel.get("is_member"):
        return bad(use.part, f"Muster is not in {name}.", f"Type /invite and Muster's name in {name}.")
    return ok(use.part, use.works.format(name=name))


async def _by_id(slack: AsyncWebClient, wanted: str) -> Mapping[str, Any] | None:
    try:
        answer = await _answer(slack.conversations_info(channel=wanted))
    except SlackApiError as error:
        if _code(error) == "channel_not_found":
            return None
        raise
    channel: Mapping[str, Any] = answer["channel"]
    return channel


async def _by_name(slack: AsyncWebClient, wanted: str) -> Mapping[str, Any] | None:
    cursor = ""
    for _ in range(MOST_PAGES):
        answer = await _answer(
            slack.conversations_list(types="public_channel,private_channel", limit=1000, cursor=cursor)
        )
        for channel in answer["channels"]:
            if channel["name"] == wanted.removeprefix("#"):
                found: Mapping[str, Any] = channel
                return found
        cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            break
    return None


async def _answer(call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """Raises SlackApiError, and NotSlack where slack_sdk trips over a body that is no JSON object."""
    try:
        return await call
    except (AttributeError, ValueError) as error:
        raise NotSlack("its answer is no JSON object") from error


def _refused(part: str, sentence: str, error: SlackApiError) -> Finding:
    code = _code(error)
    needed = f", needs {error.response['needed']}" if code == "missing_scope" and error.response.get("needed") else ""
    return bad(part, f"{sentence}: {code}{needed}.", _ADVICE.get(code, f"Slack's page on the error {code} says more."))


def _code(error: SlackApiError) -> str:
    """Slack's error code. Raises NotSlack for an answer that has none, such as a proxy's page."""
    data = getattr(error.response, "data", error.response)
    if not isinstance(data, dict) or "error" not in data:
        raise NotSlack(f"status {getattr(error.response, 'status_code', 'unknown')}") from error
    return str(data["error"])
