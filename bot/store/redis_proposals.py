"""Proposals in Redis: those that wait or were answered lately, and by which claims alerts find them.

It decides nothing itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

import structlog
from pydantic import TypeAdapter, ValidationError
from redis.asyncio import Redis

from bot.incident.alert_tally import of_decision
from bot.incident.proposal import Proposal, ProposalChange, ProposalNumber, ProposalStep, claims_of
from bot.incident.proposing import forgotten_at
from bot.store.alert_codec import encode_decision, encode_tally
from bot.store.codec import encode_effect
from bot.store.connection import ask, look
from bot.store.keys import Keys
from bot.store.redis_followups import milliseconds_of
from bot.store.scripts import PROPOSE

MOST_ANSWERED: Final = 500
"""Kept after they were answered; of more, those that would be forgotten first are forgotten now."""
_AT_ONCE: Final = 50
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_log = structlog.get_logger(__name__)


class RedisProposals:
    """The protocol proposal_book.ProposalBook."""

    def __init__(self, client: Redis, keys: Keys, *, most_answered: int = MOST_ANSWERED) -> None:
        self._client = client
        self._keys = keys
        self._most_answered = most_answered

    async def next_number(self) -> ProposalNumber:
        return ProposalNumber(int(await ask(self._client, "INCR", self._keys.proposals_count)))

    async def claimed(self, claims: Sequence[str]) -> Mapping[str, ProposalNumber]:
        if not claims:
            return {}
        held = await look(self._client, "HMGET", self._keys.proposals_claimed, *claims)
        return {claim: ProposalNumber(int(text)) for claim, text in zip(claims, held, strict=True) if text}

    async def waiting(self) -> Mapping[ProposalNumber, datetime]:
        pairs = await look(self._client, "ZRANGE", self._keys.proposals_open, 0, -1, "WITHSCORES")
        return {ProposalNumber(int(number)): _moment(opened) for number, opened in _paired(pairs)}

    async def outdated(self, at: datetime) -> Sequence[ProposalNumber]:
        answered = self._keys.proposals_answered
        over = await look(self._client, "ZRANGEBYSCORE", answered, "-inf", milliseconds_of(at), "LIMIT", 0, _AT_ONCE)
        many = int(await look(self._client, "ZCARD", answered)) - self._most_answered
        most = await look(self._client, "ZRANGE", answered, 0, min(many, _AT_ONCE) - 1) if many > 0 else ()
        return [ProposalNumber(int(each)) for each in dict.fromkeys([*over, *most])]

    async def proposals(self, numbers: Sequence[ProposalNumber]) -> Mapping[ProposalNumber, Proposal]:
        """Those that are known; what another version of Muster wrote is left to it."""
        if not numbers:
            return {}
        stored = await look(self._client, "HMGET", self._keys.proposals, *numbers)
        read = [_read(number, text) for number, text in zip(numbers, stored, strict=True) if text]
        return {each.number: each for each in read if each}

    async def write(self, step: ProposalStep) -> bool:
        return bool(await PROPOSE.run(self._client, (self._keys.proposals,), self._keys.prefix, *_arguments(step)))


def proposal_arguments(changes: Sequence[ProposalChange]) -> Iterator[str | int]:
    """In the order in which proposals.lua takes them."""
    yield len(changes)
    for change in changes:
        before, after = claims_of(change.before), claims_of(change.after)
        yield from (change.number, change.seen, _written(change.written))
        yield from (" ".join(sorted(after - before)), " ".join(sorted(before - after)))
        yield "open" if change.after and change.after.is_open else ""
        yield milliseconds_of(_sorted_by(change.after)) if change.after else ""


def _arguments(step: ProposalStep) -> Iterator[str | int]:
    yield from proposal_arguments(step.changes)
    for listed in (step.unless_claimed, step.entries):
        yield len(listed)
        yield from listed
    yield len(step.decisions)
    for decision in step.decisions:
        yield from (encode_decision(decision), encode_tally(of_decision(decision)))
    yield len(step.tallies)
    yield from map(encode_tally, step.tallies)
    for effect in step.effects:
        yield from (effect.lane, effect.keep, encode_effect(effect))


def _sorted_by(proposal: Proposal) -> datetime:
    return proposal.opened_at if proposal.is_open else forgotten_at(proposal)


def _read(number: ProposalNumber, text: str) -> Proposal | None:
    try:
        return _adapter().validate_json(text.partition(" ")[2])
    except ValidationError as error:
        _log.error("proposal_unreadable", proposal=number, reason=f"{error.error_count()} fields do not read")
        return None


def _written(proposal: Proposal | None) -> str:
    return f"{proposal.revision} {_adapter().dump_json(proposal).decode()}" if proposal else ""


@cache
def _adapter() -> TypeAdapter[Proposal]:
    return TypeAdapter(Proposal)


def _paired(flat: Sequence[str]) -> Iterator[tuple[str, str]]:
    return zip(flat[::2], flat[1::2], strict=True)


def _moment(milliseconds: str) -> datetime:
    return _EPOCH + timedelta(milliseconds=int(float(milliseconds)))
