"""Every place where somebody can ask or look: verbs, buttons, forms and shortcuts from the tables that register them.

What a person is shown comes back as text. Nothing here judges it.
"""

import asyncio
import gc
import json
import re
import secrets
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import aiohttp
from aiohttp import web

from bot.assemble import assembled
from bot.clock import Clock
from bot.settings import Settings
from bot.slack.buttons import BUTTONS
from bot.slack.event_table import subscriptions
from bot.slack.limiter import A_MINUTE
from bot.slack.scopes import NEEDED_SCOPES
from bot.slack.submissions import SUBMISSIONS
from bot.slack.verb import Verb
from bot.slack.verbs import VERBS
from bot.workspace.client import Refused
from bot.workspace.seen import SeenView
from bot.workspace.server import Workspace
from bot.workspace.timepiece import Clock as WorkspaceClock
from tests.faults.redis_topologies import flush_all
from tests.scenarios import forged
from tests.scenarios.conftest import settings_for
from tests.scenarios.host import BRISK
from tests.scenarios.team import Team

Json = dict[str, Any]

_PASSING: Final = re.compile(
    r"\b\d{1,2}:\d{2}\b|\b\d+ (?:s|min|h|days?)\b|\(ref \w+\)|http://127\S+|\b[CDGFV]0[A-Z0-9]{6,}\b|\bp?\d{10,}(?:\.\d+)?\b"
)
"""What differs from one run to the next: times, references of bugs, the workspace's own addresses and ids."""
_TOUCHED: Final = re.compile(r"INC-(\d+)|inc-(\d+)")


EXAMPLE: Final = 42
"""The incident that help and refusals name; here there are never so many."""
UNLIMITED: Final = replace(BRISK, posts_a_second=10_000, calls_a_minute=dict.fromkeys(A_MINUTE, 1e6))
"""Here more is asked in a minute than Slack would take in an hour."""
_SOME_FIELDS: Final = {name: {"value": "I was never here 7"} for name in ("text", "words", "title")}


@asynccontextmanager
async def a_world(redis_url: str, folder: Path, transport: str, **settings: Any) -> AsyncIterator[Team]:
    """A workspace with Muster in it and nothing else."""
    await flush_all(redis_url)
    clock = Clock()
    async with Workspace(
        clock=WorkspaceClock(now=lambda: clock.now().timestamp()),
        scopes=tuple(sorted(NEEDED_SCOPES)),
        events=tuple(subscriptions()),
    ) as workspace:
        wanted = Settings(**{**settings_for(workspace, transport, redis_url, folder), **settings})
        async with assembled(wanted, clock=clock, pace=UNLIMITED) as bot:
            if transport == "http":
                await workspace.deliver_over_http(f"http://127.0.0.1:{bot.port}/slack/events")
            yield Team(workspace=workspace, bot=bot, clock=clock)


async def does_everything(team: Team, name: str, channel: str) -> Mapping[str, str]:
    """Types all that can be typed, in #general and in a channel of their own incident; what was answered, by it."""
    answers: dict[str, str] = {}
    for place in ("general", channel):
        for verb in VERBS:
            for text in typed(verb):
                answers[f"{place}: {text}"] = await asks(team, name, text, place)
    return answers


def typed(verb: Verb, number: int | None = None) -> Iterator[str]:
    """The verb alone, and with what its line of help promises; each of an incident by number, or of wherever it is."""
    for arguments in ("", *(part.strip() for part in re.sub(r"[\[\]]", "", verb.arguments).split("|"))):
        plain = re.sub(r"INC-\d+", "", arguments).strip()
        if number is None:
            yield f"{verb.name} {plain}".strip()
        else:
            yield f"INC-{number} {verb.name} {plain}".strip()
            if not verb.text:
                yield f"{verb.name} INC-{number} {plain}".strip()


async def asks(team: Team, name: str, text: str, channel: str) -> str:
    """Types it, and reads whatever is answered: at once, to them alone, or as a form, which is closed again."""
    person, before = team.person(name), _moment(team)
    answer = await person.slash("/incident", text, channel=channel)
    await _settled(team)
    await team.bot.tick()  # what is due now comes now, and not sometime between two of these
    await _settled(team)
    return "\n".join([str(answer.text), *await _shown(team, name, before)])


async def presses(team: Team, name: str, payload: Json) -> str:
    """Sends what Slack's own client would not, and reads whatever is answered."""
    before = _moment(team)
    answer = await team.workspace.client.forge("interactive", payload)
    await _settled(team)
    return "\n".join([json.dumps(answer.raw.get("answer"), sort_keys=True), *await _shown(team, name, before)])


async def _settled(team: Team) -> None:
    """As team.settle, for what is asked a thousand times."""
    async with asyncio.timeout(10):
        while not await team.bot.is_idle():  # noqa: ASYNC110 - the store has no event to wait for
            await asyncio.sleep(0.002)


def _moment(team: Team) -> str:
    """As the ts of a message that is written later is greater."""
    return f"{team.clock.now().timestamp():.6f}"


async def _shown(team: Team, name: str, after: str) -> list[str]:
    person = team.person(name)
    shown = [each.rendered for each in await person.ephemerals(after=after)]
    if view := await person.modal():
        shown.append(f"{view.title}\n{view.rendered}\n{view.private_metadata}")
        await person.close_modal()
    return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What stands where a member looks. `buttons`: action -> the values that it was seen with."""

    buttons: Mapping[str, frozenset[str]]
    forms: Mapping[str, SeenView]


async def found_by(team: Team, name: str, channel: str) -> Found:
    """Every button and form that a member of the channel comes across by typing each verb and pressing each button."""
    person, buttons, forms = team.person(name), dict[str, set[str]](), dict[str, SeenView]()

    async def look(form: SeenView | None) -> None:
        if form:
            forms.setdefault(form.callback_id, form)
            await person.close_modal()
        shown = [*await person.ephemerals(), *await person.messages(channel), *await person.messages("muster")]
        for blocks in (*(each.blocks for each in shown), form.blocks if form else []):
            for action, value in _pressable(blocks):
                buttons.setdefault(action, set()).add(value)

    for verb in VERBS:
        await person.slash("/incident", verb.name, channel=channel)
        await look(await person.modal())
    for action in sorted(buttons):
        try:
            await person.click(action, channel=channel)
        except Refused:
            continue
        await look(await person.modal())
    return Found(buttons={action: frozenset(values) for action, values in buttons.items()}, forms=forms)


def _pressable(blocks: Any) -> Iterator[tuple[str, str]]:
    """Every action id with a value that comes back, wherever it stands in the blocks."""
    if isinstance(blocks, list):
        for each in blocks:
            yield from _pressable(each)
    elif isinstance(blocks, dict):
        for option in blocks.get("options") or ():
            if "action_id" in blocks and isinstance(option, dict):
                yield str(blocks["action_id"]), str(option.get("value", ""))
        if "action_id" in blocks and "value" in blocks:
            yield str(blocks["action_id"]), str(blocks["value"])
        for each in blocks.values():
            yield from _pressable(each)


def forged_presses(team: Team, name: str, found: Found, seen: int, number: int) -> Iterator[Json]:
    """Every button there is, of this incident; with the values that members see, and with none but the number."""
    for action in sorted({*BUTTONS, *(each.partition(":")[0] for each in found.buttons)}):
        shapes = {""}
        for full, values in found.buttons.items():
            if full.partition(":")[0] == action:
                shapes |= {value.partition("|")[2] for value in values if value.partition("|")[0] == str(seen)}
        for rest in sorted(shapes):
            yield forged.press(team, name, action, f"{number}|{rest}" if rest else str(number))


def forged_submissions(team: Team, name: str, found: Found, number: int) -> Iterator[Json]:
    """Every form there is, of this incident; filled in as members see it, else with a field or two."""
    for callback in sorted({*SUBMISSIONS, *found.forms}):
        form = found.forms.get(callback)
        rest = form.private_metadata.partition("|")[2] if form else ""
        metadata = f"{number}|{rest}" if rest else str(number)
        payload = forged.submission(team, name, callback, metadata, _SOME_FIELDS)
        payload["view"]["id"] = f"V{secrets.token_hex(6)}"
        if form:
            payload["view"] |= {"blocks": form.blocks, "state": {"values": dict(_filled_in(form))}}
        yield payload


def _filled_in(form: SeenView) -> Iterator[tuple[str, Json]]:
    for block in form.blocks:
        if block.get("type") == "input":
            element = block["element"]
            yield block["block_id"], {element["action_id"]: _state(element)}


def _state(element: Json) -> Json:
    state: Json = {"type": element["type"]}
    options = [each for group in element.get("option_groups") or () for each in group["options"]]
    options += element.get("options") or ()
    match element["type"]:
        case "plain_text_input" | "number_input" | "url_text_input" | "email_text_input":
            state["value"] = element.get("initial_value") or "1"
        case "static_select" | "radio_buttons":
            state["selected_option"] = element.get("initial_option") or (options[0] if options else None)
        case "checkboxes" | "multi_static_select":
            state["selected_options"] = element.get("initial_options") or []
        case "datepicker":
            state["selected_date"] = element.get("initial_date") or "2030-01-01"
        case "users_select":
            state["selected_user"] = element.get("initial_user")
        case "multi_users_select":
            state["selected_users"] = element.get("initial_users") or []
    return state


async def all_that_stands(team: Team, name: str) -> Mapping[str, str]:
    """Everything that this person can read anywhere, by where it stands."""
    person, found = team.person(name), dict[str, str]()
    await person.open_home()
    await team.settle()
    for channel in await person.channels():
        found[f"about #{channel.name}"] = f"{channel.name} {channel.topic} {channel.purpose}"
        found[f"in #{channel.name}"] = await _read(team, name, channel.name)
        found[f"pinned in #{channel.name}"] = "\n".join(each.rendered for each in await person.pins(channel.name))
        found[f"bookmarked in #{channel.name}"] = "\n".join(
            str(each["title"]) for each in await person.bookmarks(channel.name)
        )
        canvas = await person.canvas(channel.name)
        found[f"canvas of #{channel.name}"] = str(canvas["text"]) if canvas else ""
    found["direct messages"] = await _read(team, name, "muster")
    found["ephemeral"] = "\n".join(each.rendered for each in await person.ephemerals())
    home = await person.home()
    found["Home"] = home.rendered if home else ""
    return found


async def _read(team: Team, name: str, channel: str) -> str:
    """A channel with its threads."""
    person, lines = team.person(name), list[str]()
    for message in await person.messages(channel):
        thread = await person.thread(channel, message.ts) if message.reply_count else [message]
        lines += [each.rendered for each in thread]
    return "\n".join(lines)


async def files_for(team: Team, name: str) -> Mapping[str, str]:
    """What the files hold that this person sees, by name."""
    found: dict[str, str] = {}
    for channel in [*(each.name for each in await team.person(name).channels()), "muster"]:
        for message in await team.person(name).messages(channel):
            kept = [team.workspace.site.uploads.by_id.get(str(file["id"])) for file in message.files]
            found |= {each.name: (each.content or b"").decode(errors="replace") for each in kept if each}
    return found


async def served(team: Team, number: int, token: str = "") -> Mapping[str, str]:
    """What each address of Muster's own server answers, asked for that number where it takes one."""
    answers: dict[str, str] = {}
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession(f"http://127.0.0.1:{team.bot.port}", headers=headers) as session:
        for method, path in sorted(_addresses()):
            async with session.request(method, re.sub(r"{[^}]*}", str(number), path)) as response:
                answers[f"{method} {path}"] = f"{response.status} {await response.text()}"
    return answers


def _addresses() -> set[tuple[str, str]]:
    """Whatever is routed by a server that has our metrics: found, so that none can be forgotten here."""
    ours: set[tuple[str, str]] = set()
    for application in gc.get_objects():
        if isinstance(application, web.Application):
            routes = {
                (route.method, route.resource.canonical) for route in application.router.routes() if route.resource
            }
            ours |= routes if ("GET", "/metrics") in routes else set()
    return ours


def like_any(text: str, number: int) -> str:
    """The answer as it would be for an incident of any number: what merely counts on is left out."""
    named = re.sub(rf"\b(INC-|inc-){number}\b", r"\1X", re.sub(rf'"{number}(\||")', r'"X\1', text))
    return re.sub(r"\d+", "N", _PASSING.sub("T", named))


def renumbered(text: str, gone: int) -> str:
    """The text as if there had never been an incident of that number, so that later ones count one less; no times."""

    def one_less(found: re.Match[str]) -> str:
        name, number = found[0][:4], int(found[1] or found[2])
        return f"{name}{number - (gone < number < EXAMPLE)}"

    return _TOUCHED.sub(one_less, _PASSING.sub("T", text))
