"""The block `alerts` of the policy: what it becomes, and what its author is told."""

from datetime import timedelta

import pytest

from bot.incident.alert_policy import Action, AlertPolicy, ProposalRule
from bot.incident.terms import Severity
from bot.playbook.policy_file import parse_policy
from bot.playbook.problems import LibraryProblems
from tests.incident.alerts import alert

WRITTEN = """
alerts:
  rules:
    - name: disks
      match: {name: Disk*, severity: [warning, info]}
      then: record
    - name: paying
      match: {service: ["check?ut", Payments]}
      then: declare
      severity: sev1
      title: Customers cannot pay
      together: region
  levels: {URGENT: SEV1}
  calm: 5m
  sources:
    pings: {fingerprint: check.id, name: check.name, resolved: UP}
"""


def told(text: str) -> str:
    with pytest.raises(LibraryProblems) as refused:
        parse_policy(text)
    return "\n".join(str(problem) for problem in refused.value.problems)


def test_rules_are_as_they_are_written() -> None:
    policy = parse_policy(WRITTEN).alerts
    disks, paying = policy.rules
    assert (disks.action, disks.match["name"]) == (Action.RECORD, ("Disk*",))
    assert (paying.severity, paying.title, paying.together) == (Severity.SEV1, "Customers cannot pay", ("region",))
    assert policy.levels == {"urgent": Severity.SEV1}
    assert policy.sources["pings"].resolved == ("up",)


def test_patterns_fit_whatever_the_case() -> None:
    policy = parse_policy(WRITTEN).alerts
    assert policy.rule_for(alert("DISKFULL", labels={"severity": "Warning"})).name == "disks"
    assert policy.rule_for(alert(labels={"service": "payments"})).name == "paying"
    assert policy.rule_for(alert("DiskFull", labels={"severity": "critical"})).action is Action.RECORD


def test_without_the_block_what_is_grave_declares() -> None:
    assert parse_policy("snooze: 10m").alerts == AlertPolicy()


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("{name: a, then: declar}", "declar is nothing to do; did you mean `declare`"),
        ("{name: a, then: record, match: {'a b': x}}", "a b is no name of a label"),
        ("{name: a, then: record, severity: SEV5}", "SEV5 is not among the severities"),
        ("{name: a, then: record, match: {burn_rate: '>2x'}}", ">2x compares with no number; write one such as"),
        ("{name: a, than: record}", "did you mean `then`"),
        ("{then: record}", "is missing"),
    ],
)
def test_a_mistake_is_told_with_its_line(rule: str, sentence: str) -> None:
    assert sentence.casefold() in told(f"alerts:\n  rules:\n    - {rule}\n").casefold()


def test_two_rules_of_one_name_are_one_too_many() -> None:
    rules = "\n".join(["    - {name: a, then: record}"] * 2)
    assert "names two rules alike" in told(f"alerts:\n  rules:\n{rules}\n")


def test_a_path_must_lead_somewhere() -> None:
    assert "is no path to a field" in told("alerts:\n  sources:\n    pings: {fingerprint: check..id, name: n}\n")


def test_how_long_people_are_asked_is_as_it_is_written() -> None:
    policy = parse_policy("alerts:\n  proposals: {remind: 5m, expires: 2h}\n").alerts
    assert policy.proposals == ProposalRule(remind=timedelta(minutes=5), expires=timedelta(hours=2))
    assert parse_policy("alerts:\n  rules: [{name: a, then: propose}]\n").alerts.rules[0].action is Action.PROPOSE


@pytest.mark.parametrize(
    ("times", "sentence"),
    [("remind: 2h", "is not longer than remind"), ("expires: 25h", "is longer than 1d")],
)
def test_a_proposal_waits_for_some_hours(times: str, sentence: str) -> None:
    assert sentence in told(f"alerts:\n  proposals:\n    {times}\n")
