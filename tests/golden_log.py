"""What each released version wrote, kept as bytes in tests/golden/<version>/; every later version must read it.

At a release: `python -m tests.golden_log 0.2.0` writes the folder of that version. An old folder never changes.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from bot.custody.backup_file import BackupWriter, Header
from bot.incident import commands
from bot.incident.accepting import RISK_TIMER
from bot.incident.alert_commands import PutOffRecovery
from bot.incident.alerting import RECOVERY_TIMER
from bot.incident.chasing import CLOSING_TIMER, WORKAROUND_TIMER
from bot.incident.closing_commands import AddWorkaround, CloseIncident, ExtendWorkaround, PutOffClosing
from bot.incident.closure import Review, ReviewState
from bot.incident.events import Event, IncidentDeclared
from bot.incident.evolve import replay
from bot.incident.factor import FactorClass, FactorContent
from bot.incident.factor_commands import AcceptRisk, AddFactor
from bot.incident.feedback import Answer, Informed, Led, Respondent
from bot.incident.feedback_commands import GiveFeedback, RecordRespondents
from bot.incident.followup import FollowupContent
from bot.incident.followup_commands import AddFollowup, GiveFollowup
from bot.incident.giving_feedback import FEEDBACK_TIMER
from bot.incident.informing import SUMMARY_TIMER
from bot.incident.issue_commands import FollowIssue, RecordIssue, RecordIssueLost, RecordTold, TrackFollowup
from bot.incident.policy import FeedbackRule
from bot.incident.review_chasing import PREREAD_TIMER, REVIEW_TIMER
from bot.incident.review_commands import BookReview, CancelReview, HoldReview, MoveReview, WaiveReview
from bot.incident.state import Incident
from bot.incident.terms import (
    INCIDENT_COMMANDER,
    MUSTER_ITSELF,
    SCRIBE,
    IncidentId,
    Rejected,
    Severity,
    Status,
    Version,
)
from bot.store.checkpoints import next_checkpoint
from bot.store.codec import decode_event, encode_effect, encode_event
from bot.store.ledger import Head, StoredEntry
from bot.store.seal import UNSEALED, Seals
from tests.incident.alerts import alarmed, alert, attach
from tests.incident.every_command import REVIEW, asked_by, reported
from tests.incident.given import ADA, BEN, CLEO, NOON, POLICY, Story, after, checkout, drill, led, minutes, opening
from tests.store.examples import EVERY_EFFECT, EVERY_EVENT

GOLDEN: Final = Path(__file__).parent / "golden"
EVENTS, EFFECTS, INCIDENTS, BACKUP = "events.jsonl", "effects.jsonl", "incidents.jsonl", "backup.jsonl"
TEAM: Final = "T0GOLD"
SEALS: Final = Seals(TEAM, ["the key of all golden backups is no secret"])


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeIncident:
    """`log`: (stored type, JSON) of each entry; `state`: what they made of an incident when they were written."""

    tells: str
    log: Sequence[tuple[str, str]]
    state: Any


def versions() -> list[str]:
    """Every version that has a folder, oldest first."""
    return sorted((folder.name for folder in GOLDEN.iterdir() if folder.is_dir()), key=_by_number)


def lines(version: str, file: str) -> list[Any]:
    return [json.loads(line) for line in (GOLDEN / version / file).read_text(encoding="utf-8").splitlines()]


def incidents(version: str) -> list[WholeIncident]:
    return [
        WholeIncident(tells=each["tells"], log=[tuple(entry) for entry in each["log"]], state=each["state"])
        for each in lines(version, INCIDENTS)
    ]


def replayed(log: Sequence[tuple[str, str]]) -> Any:
    return told(replay([decode_event(stored, data) for stored, data in log]))


def told(state: Incident | None) -> Any:
    """All of a state, as JSON; sets in the order of the alphabet."""
    assert state is not None
    content = json.loads(TypeAdapter(Incident).dump_json(state))
    return content | {name: sorted(content[name]) for name in ("members", "failed_steps", "refusals")}


def holds(now: Any, then: Any) -> bool:
    """Whether `now` says all that `then` said; fields that came later are its own affair."""
    match then:
        case dict():
            return isinstance(now, dict) and all(key in now and holds(now[key], then[key]) for key in then)
        case list():
            return isinstance(now, list) and len(now) == len(then) and all(map(holds, now, then))
        case _:
            return bool(now == then)


def write(version: str) -> Path:
    """Writes what this version stores. Raises FileExistsError: what a release wrote is never written again."""
    folder = GOLDEN / version
    folder.mkdir()
    _write(folder / EVENTS, [_parsed(event) for event in EVERY_EVENT])
    _write(folder / EFFECTS, [json.loads(encode_effect(effect)) for effect in EVERY_EFFECT])
    write_incidents(folder)
    write_backup(folder, version)
    return folder


def write_backup(folder: Path, version: str) -> None:
    """A backup of the whole incidents, sealed with a key that is no secret."""
    with BackupWriter(folder / BACKUP) as file:
        logs = [story.log for story in stories().values()]
        entries = sum(map(len, logs))
        file.header(
            Header(team=TEAM, made_at=NOON, muster=version, incidents=len(logs), entries=entries, last=len(logs))
        )
        heads = {number: _save(file, number, log) for number, log in enumerate(logs, start=1)}
        made = next_checkpoint((), {IncidentId(number): head for number, head in heads.items()}, NOON, SEALS)
        file.checkpoint(made.number, made.encode(), made.seal)
        file.finish()


def _save(file: BackupWriter, incident: int, log: Sequence[Event]) -> Head:
    """Every story is INC-42 when it is told; here each gets a number of its own."""
    seal = UNSEALED
    for version, event in enumerate(log, start=1):
        numbered = replace(event, incident=IncidentId(incident)) if isinstance(event, IncidentDeclared) else event
        stored, data = encode_event(numbered)
        seal = SEALS.seal(incident, version, stored, data, before=seal)
        file.entry(IncidentId(incident), StoredEntry(version=Version(version), stored=stored, data=data, seal=seal))
    return Head(version=Version(len(log)), seal=seal)


def stories() -> Mapping[str, Story]:
    """What a release would keep, were it today."""
    return {
        "everything that can be asked for": _eventful(),
        "private": _private(),
        "cancelled": _cancelled(),
        "opened at the second attempt": _opened_late(),
        "a drill": _drill(),
        "opened by an alert": _alarmed(),
        "asked how it went": _asked_how_it_went(),
        "kept in step with a tracker": _tracked(),
        "reviewed": _reviewed(),
    }


def write_incidents(folder: Path) -> None:
    _write(
        folder / INCIDENTS,
        [
            {"tells": tells, "log": [encode_event(event) for event in story.log], "state": told(story.state)}
            for tells, story in stories().items()
        ],
    )


def _eventful() -> Story:
    story = led(Severity.SEV2)
    last = (commands.ResolveIncident, commands.CancelIncident, commands.ReopenIncident, CloseIncident)
    for number, command in enumerate([*asked_by(BEN), *reported()]):
        if not isinstance(command, last):
            with suppress(Rejected):  # some contradict each other
                story.do(command, after(number))
    story.do(commands.ResolveIncident(by=ADA, summary="Rolled back."), after(60))
    story.do(commands.ReopenIncident(by=ADA), after(61))
    story.do(commands.ResolveIncident(by=ADA, summary="Rolled back again."), after(62))
    _wind_up(story)
    return story


def _wind_up(story: Story) -> None:
    """A risk is accepted and asked about, a workaround chased, the closing asked about and put off.

    Then it is closed as it should be, and by a reason."""
    story.do(
        AddFactor(by=ADA, content=FactorContent(text="The pool was small", kind=FactorClass.TECHNOLOGY)), after(61)
    )
    number = len(story.state.factors)
    story.do(AcceptRisk(by=BEN, number=number, why="It is rare.", look_again_on=after(2 * 24 * 60).date()), after(62))
    story.fire(after(4 * 24 * 60), RISK_TIMER)
    flag = AddWorkaround(by=ADA, what="The flag is off.", owner=BEN, expires_on=NOON.date())
    story.do(flag, after(63))
    story.fire(after(5 * 24 * 60), WORKAROUND_TIMER)
    story.fire(after(5 * 24 * 60), CLOSING_TIMER)
    story.do(PutOffClosing(by=ADA), after(5 * 24 * 60 + 1))
    story.do(ExtendWorkaround(by=BEN, number=story.state.closure.standing[0].number), after(5 * 24 * 60 + 2))
    held = Review(state=ReviewState.HELD, on=NOON.date(), facilitator=BEN.id)
    closing = CloseIncident(by=ADA, evidence="99.9 %", release_roles=True, review=held)
    story.do(closing, after(5 * 24 * 60 + 3))
    story.do(commands.ReopenIncident(by=ADA), after(5 * 24 * 60 + 4))
    story.do(commands.ResolveIncident(by=ADA), after(5 * 24 * 60 + 5))
    story.do(CloseIncident(by=ADA, because="Nothing was new."), after(5 * 24 * 60 + 6))


def _reviewed() -> Story:
    """One is booked, moved and cancelled; another is waived, and a third held."""
    story = led(Severity.SEV2)
    story.do(commands.ResolveIncident(by=ADA, summary="Rolled back."), after(60))
    story.fire(after(2 * 24 * 60), REVIEW_TIMER)
    plan = replace(REVIEW, starts_at=after(9 * 24 * 60))
    booked_at = 2 * 24 * 60
    story.do(BookReview(by=ADA, plan=plan), after(booked_at + 4))
    later = replace(plan, starts_at=after(10 * 24 * 60))
    story.do(MoveReview(by=ADA, plan=later, why="Ben is away."), after(booked_at + 5))
    story.do(CancelReview(by=ADA, why="Nobody can come."), after(booked_at + 6))
    story.do(BookReview(by=ADA, plan=plan), after(booked_at + 7))
    story.do(WaiveReview(by=ADA, why="The cause is known."), after(booked_at + 8))
    story.do(BookReview(by=ADA, plan=plan), after(booked_at + 9))
    story.fire(after(8 * 24 * 60), PREREAD_TIMER)
    story.do(HoldReview(by=BEN, came=(ADA.id, BEN.id)), after(11 * 24 * 60))
    return story


def _private() -> Story:
    story = led(Severity.SEV1, private=True)
    story.do(commands.PostUpdate(by=BEN, known="Keys were seen outside.", next_in=minutes(15)), after(5))
    story.fire(after(20))
    story.fire(after(25))
    return story


def _cancelled() -> Story:
    story = checkout(Severity.SEV3)
    story.fire(after(4 * 60), SUMMARY_TIMER)
    story.do(commands.ChangeStatus(by=ADA, status=Status.INVESTIGATING), after(4 * 60 + 1))
    story.do(commands.RecordFailure(by=MUSTER_ITSELF, step="bookmark", reason="missing_scope"), after(4 * 60 + 2))
    story.do(commands.CancelIncident(by=ADA), after(4 * 60 + 3))
    return story


def _opened_late() -> Story:
    story = opening()
    story.do(commands.RecordFailure(by=MUSTER_ITSELF, step="channel", reason="restricted_action"), after(1))
    story.do(commands.RetryChannel(by=ADA), after(2))
    story.open_channel(after(3))
    story.do(commands.JoinIncident(by=CLEO), after(4))
    story.do(commands.ClaimRole(by=BEN, role=SCRIBE), after(5))
    story.do(commands.ReleaseRole(by=BEN), after(6))
    return story


def _drill() -> Story:
    story = drill(Severity.SEV1)
    story.do(commands.ClaimRole(by=BEN, role=SCRIBE), after(1))
    story.do(commands.PostUpdate(by=BEN, known="We look."), after(5))
    story.do(commands.ResolveIncident(by=ADA), after(20))
    return story


def _alarmed() -> Story:
    story = alarmed()
    story.do(commands.ClaimRole(by=BEN, role=INCIDENT_COMMANDER), after(1))
    attach(story, alert("PodCrash", fingerprint="f2"), alert(resolved=True), at=after(2))
    attach(story, alert("PodCrash", fingerprint="f2", resolved=True), at=after(3))
    story.fire(after(5), RECOVERY_TIMER)
    story.do(PutOffRecovery(by=BEN), after(6))
    return story


def _asked_how_it_went() -> Story:
    story = checkout(policy=replace(POLICY, feedback=FeedbackRule()))
    story.do(commands.ResolveIncident(by=ADA, summary="Rolled back."), after(30))
    a_day = 24 * 60
    story.fire(after(a_day + 30), FEEDBACK_TIMER)
    story.do(RecordRespondents(by=MUSTER_ITSELF, zones=((BEN.id, "America/New_York"),)), after(a_day + 31))
    story.fire(after(a_day + 4 * 60), FEEDBACK_TIMER)
    answer = Answer(led=Led.AT_TIMES, informed=Informed.MOSTLY, change="A page for the status.")
    story.do(GiveFeedback(by=BEN, respondent=Respondent("9f2c"), answer=answer), after(a_day + 5 * 60))
    return story


def _tracked() -> Story:
    story = checkout(policy=replace(POLICY, tracker="GitHub"))
    story.do(AddFollowup(by=ADA, content=FollowupContent(what="Alert earlier")), after(1))
    story.do(TrackFollowup(by=ADA, number=1), after(2))
    key, url, by = "acme/ops#12", "https://github.com/acme/ops/issues/12", MUSTER_ITSELF
    story.do(RecordIssue(by=by, number=1, key=key, url=url, told=story.state.version), after(3))
    story.do(GiveFollowup(by=ADA, number=1, owner=BEN), after(4))
    story.do(RecordTold(by=by, number=1, key=key, told=story.state.version, closed=False), after(5))
    story.do(FollowIssue(by=by, number=1, key=key, closed=True), after(6))
    story.do(RecordIssueLost(by=by, number=1, key=key, reason="acme/ops#12 was deleted there."), after(7))
    return story


def _parsed(event: Event) -> list[Any]:
    stored, data = encode_event(event)
    return [stored, json.loads(data)]


def _write(file: Path, content: Sequence[Any]) -> None:
    file.write_text("".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in content), encoding="utf-8")


def _by_number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


if __name__ == "__main__":
    sys.stdout.write(f"{write(sys.argv[1])}\n")
