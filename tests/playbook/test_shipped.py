"""What is shipped in playbooks/ is whole, fits Slack, and is what the defaults promise."""

from pathlib import Path

import pytest

from bot.incident.policy import DEFAULT_SEVERITIES, Policy
from bot.incident.terms import COMMUNICATIONS_LEAD, INCIDENT_COMMANDER, OPERATIONS_LEAD, SCRIBE, Severity
from bot.playbook.document import Playbook, parse
from bot.playbook.library import best_checklist, load, proposes_private
from bot.playbook.policy_file import parse_policy
from bot.playbook.problems import LibraryProblems

FOLDER = Path(__file__).parents[2] / "playbooks"
LIBRARY = load(FOLDER)

every_playbook = pytest.mark.parametrize("playbook", LIBRARY.playbooks, ids=lambda playbook: str(playbook.id))


def test_eight_playbooks_and_four_guides_are_shipped() -> None:
    assert len(LIBRARY.playbooks) >= 8
    assert set(LIBRARY.guides) == {INCIDENT_COMMANDER, COMMUNICATIONS_LEAD, OPERATIONS_LEAD, SCRIBE}


@every_playbook
def test_a_shipped_playbook_has_steps_that_can_be_verified(playbook: Playbook) -> None:
    assert 6 <= len(playbook.steps) <= 12
    assert all(step.verify and step.role and step.expected for step in playbook.steps)


@every_playbook
def test_a_shipped_playbook_can_be_taken_back_and_pasted_from(playbook: Playbook) -> None:
    assert sum(bool(step.rollback) for step in playbook.steps) >= 2
    assert any(step.commands for step in playbook.steps)


@every_playbook
def test_steps_of_a_shipped_playbook_keep_their_ids_when_others_come_between(playbook: Playbook) -> None:
    assert not any(step.id.isdigit() for step in playbook.steps)


@every_playbook
def test_a_shipped_playbook_says_in_short_what_it_is_for_and_when_to_review_it(playbook: Playbook) -> None:
    assert 0 < len(playbook.summary) <= 300
    assert playbook.review_by is not None
    assert f"{playbook.id}.md" == Path(playbook.source).name


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Checkout returns 500 for about half of EU customers", "checkout-outage"),
        ("Errors since release 1.84", "bad-deploy"),
        ("Replica eu-2 has 40 min of replication lag", "database-replication-lag"),
        ("kubectl times out, API server down", "kubernetes-control-plane"),
        ("Certificate of the partner API expired", "credential-rotation-failure"),
        ("DDoS on the website", "traffic-spike"),
        ("Stripe is down", "vendor-outage"),
    ],
)
def test_a_plain_title_finds_its_playbook(title: str, expected: str) -> None:
    found = best_checklist(LIBRARY, severity=Severity.SEV1, title=title)
    assert found is not None
    assert found.playbook == expected


@every_playbook
def test_a_shipped_playbook_has_something_to_suggest_in_the_first_minute(playbook: Playbook) -> None:
    assert 2 <= sum(step.mitigates for step in playbook.steps) <= 4


def test_suspected_exfiltration_proposes_a_private_incident() -> None:
    found = proposes_private(LIBRARY, severity=Severity.SEV1, title="Unusual export of customer rows, data leak?")
    assert found is not None
    assert found.id == "data-exfiltration"


def test_the_shipped_policy_is_the_default_where_it_says_so() -> None:
    shipped, default = parse_policy((FOLDER / "policy.yaml").read_text(encoding="utf-8")), Policy()
    assert (shipped.roles, shipped.emoji, shipped.escalation) == (default.roles, default.emoji, default.escalation)
    assert (shipped.rights, shipped.tick, shipped.snooze) == (default.rights, default.tick, default.snooze)
    for severity, rule in DEFAULT_SEVERITIES.items():
        assert shipped.severities[severity].update_every == rule.update_every
    assert shipped.severities[Severity.SEV4].update_every is None


def test_the_example_of_the_docs_is_a_playbook() -> None:
    docs = (FOLDER.parent / "docs" / "playbooks.md").read_text(encoding="utf-8")
    example = docs.partition("````markdown\n")[2].partition("````")[0]
    (step,) = parse(example, source="playbooks/bad-deploy.md").steps
    assert (step.id, len(step.commands)) == ("stop-rollout", 1)
    assert "rollout resume" in step.rollback


def test_the_mistakes_that_the_docs_show_are_told_so() -> None:
    docs = (FOLDER.parent / "docs" / "playbooks.md").read_text(encoding="utf-8")
    with pytest.raises(LibraryProblems) as caught:
        parse("---\nid: bad-deploy\ntitle: T\nseverities: [SEV9]\n---\n- [ ] a", source="playbooks/bad-deploy.md")
    assert f"    {caught.value}\n" in docs
