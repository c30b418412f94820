"""The drills that come along are whole, as long as they say, and lead to the playbooks that come along."""

import re
from pathlib import Path

import pytest

from bot.incident.terms import Severity
from bot.playbook.drill import Drill, parse_drill
from bot.playbook.drill_script import Commander, Moment, React, Reply, Say, WarRoom
from bot.playbook.library import best_checklist, load, load_drills, proposes_private
from bot.playbook.problems import LibraryProblems
from bot.workspace.emoji import is_known

FOLDER = Path(__file__).parents[2] / "playbooks"
LIBRARY = load(FOLDER)
DRILLS = load_drills(FOLDER, LIBRARY.playbooks)

every_drill = pytest.mark.parametrize("drill", DRILLS, ids=lambda drill: str(drill.name))


def test_three_drills_are_shipped() -> None:
    assert {drill.playbook for drill in DRILLS} == {"bad-deploy", "database-replication-lag", "data-exfiltration"}


@every_drill
def test_a_shipped_drill_is_as_long_as_it_says(drill: Drill) -> None:
    assert 8 <= drill.minutes <= 15
    assert 25 <= len(drill.lines) <= 45


@every_drill
def test_a_shipped_drill_tells_its_players_what_it_is_for(drill: Drill) -> None:
    assert 3 <= len(drill.goals) <= 4
    assert len(drill.brief) <= 600
    assert drill.debrief


@every_drill
def test_a_shipped_drill_has_customers_a_stakeholder_alerts_and_threads(drill: Drill) -> None:
    places = {(line.who, line.deed.place) for line in drill.lines if isinstance(line.deed, Say)}
    assert {("grace", "support"), ("pagerbot", "alerts"), ("sam", Commander()), ("finn", WarRoom())} <= places
    assert any(isinstance(line.deed, Reply) for line in drill.lines)


@every_drill
def test_a_shipped_drill_nudges_those_who_do_not_declare(drill: Drill) -> None:
    assert sum(Moment.DECLARED in line.when.unless for line in drill.lines) >= 2


@every_drill
def test_a_shipped_drill_reacts_with_emoji_that_there_are(drill: Drill) -> None:
    assert all(is_known(line.deed.emoji) for line in drill.lines if isinstance(line.deed, React))


@pytest.mark.parametrize(
    ("title", "playbook"),
    [
        ("Payments fail since release 1.84", "bad-deploy"),
        ("Checkout is failing", "checkout-outage"),
        ("Bookings missing after database failover", "database-replication-lag"),
        ("Failover to a replica that was behind", "database-replication-lag"),
    ],
)
def test_what_players_would_declare_finds_a_playbook(title: str, playbook: str) -> None:
    found = best_checklist(LIBRARY, severity=Severity.SEV2, title=title)
    assert found is not None
    assert found.playbook == playbook


@pytest.mark.parametrize("title", ["Unusual export of customer data", "Possible data leak", "Are we compromised?"])
def test_what_players_would_declare_of_a_strange_export_proposes_a_private_incident(title: str) -> None:
    found = proposes_private(LIBRARY, severity=Severity.SEV1, title=title)
    assert found is not None
    assert found.id == "data-exfiltration"


def example(document: str) -> str:
    """The drill that a document shows."""
    text = (FOLDER.parent / document).read_text(encoding="utf-8")
    return next(
        part.partition("\n")[2]
        for part in re.split(r"^`{3,4}(?=markdown|$)", text, flags=re.MULTILINE)
        if "## Script" in part
    )


@pytest.mark.parametrize("document", ["docs/practising.md", "playbooks/README.md"])
def test_the_example_of_a_document_is_a_drill(document: str) -> None:
    drill = parse_drill(example(document), source="playbooks/drills/slow-search.md")
    assert (drill.title, drill.playbook) == ("The slow search", "traffic-spike")
    assert len(drill.lines) >= 6


@pytest.mark.parametrize(
    ("right", "wrong"), [("#support: Ticket", "#suport: Ticket"), ("at 4 min, unless declared", "once mitigated 2 min")]
)
def test_the_mistakes_that_the_docs_show_are_told_so(right: str, wrong: str) -> None:
    docs = (FOLDER.parent / "docs" / "practising.md").read_text(encoding="utf-8")
    with pytest.raises(LibraryProblems) as caught:
        parse_drill(example("docs/practising.md").replace(right, wrong), source="playbooks/drills/slow-search.md")
    assert f"    {caught.value}\n" in docs


def test_the_docs_list_the_drills_that_come_along() -> None:
    docs = (FOLDER.parent / "docs" / "practising.md").read_text(encoding="utf-8")
    assert all(f"| {drill.title} | {drill.minutes} |" in docs for drill in DRILLS)
