"""Can the store keep incidents? What each of Redis's answers means for them."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from bot.checkup.dead_letters import check_dead_letters
from bot.checkup.finding import Finding, bad, ok, warn
from bot.checkup.numbering_check import Highest, check_numbering
from bot.ports import Unavailable
from bot.store.embedded import EmbeddedServer
from bot.store.inspection import StoreFacts, inspect_store
from bot.store.keys import Keys
from bot.store.reach import connected, in_use, running_url
from bot.telemetry import redacted

PART: Final = "store"
OLDEST: Final = (6, 2)
SLOW_PING_MS: Final = 20
"""An append is one round trip, and people wait for it."""
CLOCKS_AGREE_WITHIN: Final = timedelta(seconds=5)
"""Further apart, one of the two is not kept right; and the server's is Muster's."""


async def check_store(
    redis_url: SecretStr | None, data_dir: Path, team: str = "", highest: Highest | None = None
) -> list[Finding]:
    """The server of REDIS_URL; without one, our own, started for as long as this takes.

    `team`: Slack's id of the workspace whose dead letters are looked at; empty for none. `highest`: asks Slack for the
    highest number that it has seen.
    """
    try:
        if redis_url:
            return await _ask(redis_url.get_secret_value(), team, highest)
        if in_use(data_dir):
            running = ok(PART, f"A running Muster has its own server in {data_dir}; it was left alone.")
            return [running, *await _letters_of_running(data_dir, team)]
        async with EmbeddedServer(data_dir) as server:
            return [ok(PART, f"REDIS_URL is not set: Muster's own server keeps all in {data_dir}; back it up.")] + [
                finding for finding in await _ask(server.url, team, highest) if finding.advice
            ]
    except (Unavailable, ValueError) as failure:
        return [bad(PART, redacted(f"{failure}."), "Start it, or correct REDIS_URL or DATA_DIR.")]


async def _ask(url: str, team: str, highest: Highest | None) -> list[Finding]:
    """On a Cluster: of the server that keeps this team's incidents."""
    keys = Keys(team=team or "check")
    async with connected(url, tag=keys.team) as client:
        found = judge(await inspect_store(client, keys))
        return [*found, *await check_dead_letters(client, team), *await check_numbering(client, team, highest)]


async def _letters_of_running(data_dir: Path, team: str) -> list[Finding]:
    try:
        url = running_url(data_dir)
    except Unavailable:
        return []
    async with connected(url) as client:
        return await check_dead_letters(client, team)


def judge(facts: StoreFacts) -> list[Finding]:
    """What these facts mean for incidents; pure."""
    rules = (_durability, _replicas, _eviction, _distance, _clock)
    return [_version(facts), _writing(facts), *(finding for rule in rules for finding in rule(facts))]


def _version(facts: StoreFacts) -> Finding:
    version = ".".join(map(str, facts.version))
    if facts.version < OLDEST:
        return bad(PART, f"The server is {facts.server} {version}.", "Use Redis or Valkey 6.2 or newer.")
    return ok(PART, f"The server speaks Redis {version} ({facts.server}).")


def _writing(facts: StoreFacts) -> Finding:
    if facts.writable:
        return ok(PART, "It takes writes.")
    advice = "Point REDIS_URL at the primary, with room and with the right to write."
    return bad(PART, f"It takes no writes: {facts.refusal}.", advice)


def _durability(facts: StoreFacts) -> list[Finding]:
    match facts.appendonly, facts.appendfsync:
        case True, "always":
            return [ok(PART, "Every acknowledged write is on disk (appendfsync always).")]
        case True, "everysec":
            sentence = "A crash of the server may lose the last second of what people were told is saved."
            return [warn(PART, sentence, "CONFIG SET appendfsync always")]
        case True, None:
            return [warn(PART, "The server does not say how often it syncs.", "Set appendfsync always where you can.")]
        case True, _:
            return [
                warn(PART, "The operating system decides when writes reach the disk.", "CONFIG SET appendfsync always")
            ]
        case None, _:
            return [warn(PART, "The server does not say whether it keeps data on disk.", "Ask its host for an AOF.")]
        case _:
            advice = "Switch the append-only file on: CONFIG SET appendonly yes, and the same in its configuration."
            return [warn(PART, "The server keeps no append-only file: a restart may forget incidents.", advice)]


def _replicas(facts: StoreFacts) -> list[Finding]:
    """A server that does not say how many it wants is not guessed at."""
    if not facts.replicas or facts.replicas_to_write != 0:
        return []
    sentence = "The server takes writes that none of its replicas may have when one takes its place."
    return [warn(PART, sentence, "CONFIG SET min-replicas-to-write 1 (docs/reliability.md says what that gives).")]


def _eviction(facts: StoreFacts) -> list[Finding]:
    match facts.maxmemory_policy:
        case "noeviction":
            return []
        case None:
            return [warn(PART, "The server does not say what it does when full.", "It must be set to noeviction.")]
        case policy if policy.startswith("allkeys"):
            sentence = f"When full, the server throws incidents away ({policy})."
            return [bad(PART, sentence, "CONFIG SET maxmemory-policy noeviction")]
        case policy:
            sentence = (
                f"When full, the server forgets which requests were handled ({policy}), and may handle one twice."
            )
            return [warn(PART, sentence, "CONFIG SET maxmemory-policy noeviction")]


def _distance(facts: StoreFacts) -> list[Finding]:
    took = facts.ping.total_seconds() * 1000
    if took < SLOW_PING_MS:
        return []
    return [warn(PART, f"A round trip to the server takes {took:.0f} ms.", "Run Muster nearer to it.")]


def _clock(facts: StoreFacts) -> list[Finding]:
    """Which of the two is wrong cannot be told from here."""
    if abs(facts.ahead) <= CLOCKS_AGREE_WITHIN:
        return []
    seconds = abs(facts.ahead) // timedelta(seconds=1)
    where = "ahead of" if facts.ahead > timedelta() else "behind"
    sentence = f"The server's clock, by which Muster goes, is {seconds} s {where} this machine's."
    return [warn(PART, sentence, "Keep both right, by NTP: reminders come when the server's clock says so.")]
