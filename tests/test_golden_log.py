"""A golden log of each released version replays on this one."""

import secrets
from importlib.metadata import version as installed_version

import pytest

from bot.checkup.finding import Level
from bot.custody.audit import examine
from bot.custody.backup_file import open_backup
from bot.custody.restore import restore
from bot.store.checkpoints import Checkpoints
from bot.store.codec import Unreadable, decode_effect, decode_event
from bot.store.keys import Keys
from bot.store.ledger import Ledger
from bot.store.reach import connected
from bot.store.stored_names import EVENTS as STORED_NAMES
from tests.golden_log import (
    BACKUP,
    EFFECTS,
    EVENTS,
    GOLDEN,
    SEALS,
    TEAM,
    WholeIncident,
    holds,
    incidents,
    lines,
    replayed,
    stories,
    versions,
    write,
)
from tests.incident.given import POLICY
from tests.store.examples import EVERY_EFFECT, EVERY_EVENT

EVERY_INCIDENT = [
    pytest.param(incident, id=f"{version} {incident.tells}")
    for version in versions()
    for incident in incidents(version)
]


def test_this_version_has_its_golden_log() -> None:
    assert versions()[-1] == installed_version("muster")


@pytest.mark.parametrize("incident", EVERY_INCIDENT)
def test_a_whole_incident_becomes_what_it_was(incident: WholeIncident) -> None:
    assert holds(replayed(incident.log), incident.state)


@pytest.mark.parametrize("version", versions())
def test_every_event_of_a_version_still_reads(version: str) -> None:
    raw = (GOLDEN / version / EVENTS).read_text(encoding="utf-8").splitlines()
    read = [decode_event(stored, _data(line)) for (stored, _), line in zip(lines(version, EVENTS), raw, strict=True)]
    assert read == list(EVERY_EVENT[: len(read)])


@pytest.mark.parametrize("version", versions())
def test_every_effect_that_waited_for_an_upgrade_still_reads(version: str) -> None:
    raw = (GOLDEN / version / EFFECTS).read_text(encoding="utf-8").splitlines()
    read = [decode_effect(line) for line in raw]
    assert read == list(EVERY_EFFECT[: len(read)])


@pytest.mark.parametrize("version", versions())
async def test_a_backup_of_a_version_is_restored_whole_and_its_seals_hold(version: str, redis_url: str) -> None:
    backup = open_backup(GOLDEN / version / BACKUP)
    keys = Keys(team=TEAM, root=f"test-{secrets.token_hex(6)}")
    async with connected(redis_url, tag=TEAM) as client:
        restored = await restore(backup, client, keys, POLICY)
        findings = await examine(Ledger(client, keys), Checkpoints(client, keys), SEALS)
    assert restored.incidents == backup.header.incidents == len(incidents(version))
    assert {finding.level for finding in findings} == {Level.OK}


def test_the_next_golden_log_will_hold_every_event() -> None:
    assert {type(event) for story in stories().values() for event in story.log} == set(STORED_NAMES.values())


def test_a_change_of_meaning_is_seen() -> None:
    first, *_ = incidents("0.1.0")
    stored, data = first.log[0]
    with_another_title = [(stored, data.replace("Checkout", "Search")), *first.log[1:]]
    assert not holds(replayed(with_another_title), first.state)


def test_a_stored_name_that_is_forgotten_is_seen() -> None:
    first, *_ = incidents("0.1.0")
    with pytest.raises(Unreadable):
        replayed([("IncidentOpened", data) for _, data in first.log])


def test_fields_that_came_later_are_no_difference() -> None:
    assert holds({"a": [{"b": 1, "new": 2}]}, {"a": [{"b": 1}]})
    assert not holds({"a": [{"b": 2}]}, {"a": [{"b": 1}]})


def test_what_a_release_wrote_is_never_written_again() -> None:
    with pytest.raises(FileExistsError):
        write("0.1.0")


def _data(line: str) -> str:
    """The second part of ["Name", {…}], as it stands in the file."""
    return line[line.index("{") : line.rindex("]")]
