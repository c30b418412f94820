"""Proposals in the store: each change once, in one step with all that follows from it."""

import asyncio
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from bot.incident.alert import AlertDecision, AlertState, Arrived, Reason
from bot.incident.alert_routes import Rerouted
from bot.incident.alert_settling import Settled
from bot.incident.proposal import Proposal, ProposalChange, ProposalState, ProposalStep, claims_of
from bot.incident.proposal_effects import PostProposal, RefreshProposal
from bot.incident.proposing import answered, ignored
from bot.incident.terms import MUSTER, NO_INCIDENT, IncidentId
from bot.ports import Appended, Taken
from bot.store.keys import Keys
from bot.store.redis_alerts import RedisAlerts
from bot.store.redis_log import RedisLog
from bot.store.redis_outbox import RedisOutbox
from bot.store.redis_proposals import RedisProposals
from tests.incident.alerts import alert
from tests.incident.given import ADA, NOON, after
from tests.incident.proposals import P7, proposed
from tests.store.appends import an_append

LINE = AlertDecision(
    key="k", source="s", name="落ちた", state=AlertState.FIRING, reason=Reason.PROPOSED, why="rule", at=NOON
)
CARD = PostProposal(incident=NO_INCIDENT, proposal=7)
NEW = replace(proposed(alert(labels={"a": "é|<"}), alert(fingerprint="f2")), revision=0)
CLAIM = alert().group_claim


@pytest.fixture
def book(client: Redis, keys: Keys) -> RedisProposals:
    return RedisProposals(client, keys, most_answered=2)


@pytest.fixture
def alerts(client: Redis, keys: Keys) -> RedisAlerts:
    return RedisAlerts(client, keys)


async def arrival(alerts: RedisAlerts) -> Arrived:
    await alerts.take([alert()], NOON)
    (found,) = await alerts.waiting(10)
    return found


async def made(book: RedisProposals, proposal: Proposal = NEW) -> Proposal:
    assert await book.write(ProposalStep(changes=(ProposalChange(before=None, after=proposal),)))
    return (await book.proposals([proposal.number]))[proposal.number]


def declaring(before: Proposal) -> Settled:
    after_it = answered(before, ProposalState.DECLARED, ADA.id, after(1), incident=IncidentId(1))
    return Settled(proposals=(ProposalChange(before=before, after=after_it),))


async def test_a_proposal_is_kept_with_all_that_follows(
    book: RedisProposals, alerts: RedisAlerts, client: Redis, keys: Keys
) -> None:
    entry = (await arrival(alerts)).entry
    change = ProposalChange(before=None, after=NEW)
    step = ProposalStep(
        changes=(change,), entries=(entry,), decisions=(LINE,), effects=(CARD,), unless_claimed=(CLAIM,)
    )
    assert sorted(await asyncio.gather(book.write(step), book.write(step))) == [False, True]
    assert await book.proposals([P7]) == {P7: replace(NEW, revision=1)}
    assert await book.claimed([CLAIM, "checkout", "other"]) == {CLAIM: P7, "checkout": P7}
    assert await book.waiting() == {P7: NOON}
    assert (await alerts.count(), await alerts.decisions(10)) == (0, [LINE])
    (lease,) = await RedisOutbox(client, keys).lease(5)
    assert (lease.effect, lease.version) == (CARD, 0)


async def test_one_claim_is_one_proposal(book: RedisProposals) -> None:
    await made(book)
    other = replace(NEW, number=await book.next_number())
    step = ProposalStep(changes=(ProposalChange(before=None, after=other),), unless_claimed=(CLAIM,))
    assert not await book.write(step)


async def test_where_an_incident_has_the_claim_by_now_nothing_is_proposed(book: RedisProposals, log: RedisLog) -> None:
    await log.append(replace(an_append(1), routes=Rerouted(added=(CLAIM,))))
    step = ProposalStep(changes=(ProposalChange(before=None, after=NEW),), unless_claimed=(CLAIM,))
    assert not await book.write(step)
    assert await book.waiting() == {}


async def test_an_alert_that_has_left_the_inbox_is_heard_once(book: RedisProposals, alerts: RedisAlerts) -> None:
    found = await arrival(alerts)
    await alerts.settle([(found, None)])
    assert not await book.write(ProposalStep(changes=(ProposalChange(before=None, after=NEW),), entries=(found.entry,)))


async def test_of_two_who_answer_one_does(book: RedisProposals) -> None:
    before = await made(book)
    changes = [ProposalChange(before=before, after=ignored(ADA, before, why, after(1))) for why in "ab"]
    done = await asyncio.gather(*(book.write(ProposalStep(changes=(each,))) for each in changes))
    assert sorted(done) == [False, True]


async def test_what_is_quiet_is_found_by_its_group_and_waits_no_more(book: RedisProposals) -> None:
    before = await made(book)
    quiet = ignored(ADA, before, "", after(1))
    assert await book.write(ProposalStep(changes=(ProposalChange(before=before, after=quiet),)))
    assert (await book.claimed([CLAIM, "checkout"]), await book.waiting()) == ({CLAIM: P7}, {})
    assert await book.outdated(after(7 * 24 * 60 - 1)) == []
    assert await book.outdated(after(7 * 24 * 60 + 1)) == [P7]


async def test_what_is_forgotten_leaves_nothing(book: RedisProposals, client: Redis, keys: Keys) -> None:
    before = await made(book)
    assert await book.write(ProposalStep(changes=(ProposalChange(before=before, after=None),)))
    left = [each async for each in client.scan_iter(match=f"{keys.prefix}alerts:*")]
    assert left == []


async def test_a_claim_that_another_has_taken_over_stays_there(book: RedisProposals) -> None:
    before = await made(book)
    quiet = ProposalChange(before=before, after=ignored(ADA, before, "", after(1)))
    assert await book.write(ProposalStep(changes=(quiet,)))
    graver = await made(book, replace(NEW, number=await book.next_number()))
    assert quiet.written is not None
    assert claims_of(quiet.written)
    assert await book.write(ProposalStep(changes=(ProposalChange(before=quiet.written, after=None),)))
    assert await book.claimed([CLAIM]) == {CLAIM: graver.number}


async def test_only_so_many_answers_are_kept(book: RedisProposals) -> None:
    for minute in range(4):
        number = await book.next_number()
        before = await made(book, replace(NEW, number=number, claims={}))
        over = answered(before, ProposalState.RECOVERED, MUSTER, after(minute))
        assert await book.write(ProposalStep(changes=(ProposalChange(before=before, after=over),)))
    assert await book.outdated(after(5)) == [1, 2]


async def test_an_append_answers_a_proposal_in_the_same_step(
    book: RedisProposals, log: RedisLog, client: Redis, keys: Keys
) -> None:
    card = RefreshProposal(incident=NO_INCIDENT, proposal=7)
    append = replace(an_append(1), settles=declaring(await made(book)), effects=(card,))
    assert isinstance(await log.append(append), Appended)
    (found,) = (await book.proposals([P7])).values()
    assert (found.state, found.incident, found.revision) == (ProposalState.DECLARED, 1, 2)
    assert (await book.waiting(), await book.claimed([CLAIM])) == ({}, {})
    (lease,) = await RedisOutbox(client, keys).lease(5)
    assert lease.effect == card


async def test_an_answer_to_what_was_changed_meanwhile_appends_nothing(book: RedisProposals, log: RedisLog) -> None:
    before = await made(book)
    changed = replace(before, why="changed")
    assert await book.write(ProposalStep(changes=(ProposalChange(before=before, after=changed),)))
    append = replace(an_append(1), settles=declaring(before))
    assert await log.append(append) == Taken()
    assert await log.read(IncidentId(1), append.expected) == []
    assert (await book.proposals([P7]))[P7].why == "changed"


async def test_what_another_version_wrote_is_left_to_it(book: RedisProposals, client: Redis, keys: Keys) -> None:
    await made(book)
    await client.hset(keys.proposals, "8", "1 {}")
    assert list(await book.proposals([P7, replace(NEW, number=8).number])) == [P7]  # type: ignore[arg-type]
