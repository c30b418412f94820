"""`muster alerts why` and `replay`: what was decided and what would be, in plain lines; replay needs no store."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.custody.alert_replay import Unusable, main, recorded
from bot.custody.alert_why import about, told
from bot.custody.alert_words import decision_line
from bot.incident.alert import AlertDecision, AlertState, Reason
from bot.incident.terms import IncidentId
from tests.alerts.payload_files import PAYLOADS, PINGS_BLOCK
from tests.alerts.sending import notification
from tests.custody.site import Site
from tests.incident.given import NOON
from tests.muster_process import ROOT
from tests.scenarios.alarms import SECRETS, send
from tests.scenarios.alarms import told as fired
from tests.scenarios.house_rules import playbooks


def decision(name: str = "HighErrorRate", key: str = "3f2a90b1c5d7", why: str = "the same group") -> AlertDecision:
    return AlertDecision(
        key=key,
        source="alertmanager",
        name=name,
        state=AlertState.FIRING,
        reason=Reason.ATTACHED_SAME_GROUP,
        why=why,
        at=NOON,
        incident=IncidentId(42),
    )


def replayed(
    capsys: pytest.CaptureFixture[str], files: Sequence[Path], source: str = "", rules: Path = ROOT / "playbooks"
) -> tuple[int, str, str]:
    status = main(files, rules, source)
    said = capsys.readouterr()
    return status, said.out, said.err


async def test_why_tells_what_the_running_bot_decided(site: Site) -> None:
    async with site.host("data", alert_secrets=SECRETS).muster() as team:
        await send(team, fired())
        await send(team, fired(resolved=True))
        status, said = await site.muster("data", "alerts", "why", "HighErrorRate")
        missing, unknown = await site.muster("data", "alerts", "why", "Nothing")
    assert status == 0, said
    assert "HighErrorRate (alertmanager, checkout)" in said
    assert "DECLARED_BY_RULE          INC-1: rule “grave”" in said
    assert said.index("firing") < said.index("resolved")
    assert (missing, "Nothing was decided about “Nothing”" in unknown) == (1, True)


def test_an_alert_is_found_by_its_first_digits_or_its_whole_name() -> None:
    found = [decision(), decision("PodCrash", "aaaa90b1c5d7")]
    assert about(found, "3f2a") == found[:1]
    assert about(found, "podcrash") == found[1:]
    assert about(found, "3f") == []
    assert about(found, "Pod") == []


def test_what_a_source_wrote_moves_no_cursor() -> None:
    line = decision_line(decision("\x1b[31mred\r\nINC-1", why="\x07\u202e"))
    assert line.isprintable()
    assert told([decision("\x1b[2J")], "x", 0).count("\x1b") == 0


def test_replay_tells_what_each_delivery_would_lead_to(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rules = playbooks(tmp_path, PINGS_BLOCK)
    status, said, _ = replayed(capsys, sorted(PAYLOADS.glob("*-*")), rules=rules)
    assert status == 0
    assert "SEV1 because severity is critical, “One payment in three fails in Europe (payments)”" in said
    assert said.splitlines()[-1] == (
        "21 deliveries would make 3 incidents: 3 ATTACHED_BY_SERVICE, 4 ATTACHED_SAME_GROUP, 2 ATTACHED_TO_STORM, "
        "3 DECLARED_BY_RULE, 5 RECORDED, 5 nothing new."
    )


def test_replay_says_once_that_a_freeze_would_be_suggested(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "budget.jsonl"
    alert = notification()["alerts"][0]
    spent = {**alert, "labels": {"alertname": "Budget", "service": "checkout", "budget_remaining": "0"}}
    file.write_text("\n".join([json.dumps(notification(alerts=[spent]))] * 2), encoding="utf-8")
    _, said, _ = replayed(capsys, [file], "alertmanager")
    assert said.count("P1 would suggest to freeze checkout") == 1


@pytest.mark.parametrize(
    ("files", "summed"),
    [
        (
            "alertmanager-firing.json alertmanager-resolved.json",
            "1 incident: 1 ATTACHED_SAME_GROUP, 1 DECLARED_BY_RULE",
        ),
        ("grafana-firing.json grafana-resolved.json", "1 incident: 1 ATTACHED_SAME_GROUP, 1 DECLARED_BY_RULE"),
        ("datadog-test.json datadog-triggered.json", "1 incident: 1 DECLARED_BY_RULE"),
        (
            "datadog-triggered.json datadog-renotify.json datadog-recovered.json",
            "1 incident: 1 ATTACHED_SAME_GROUP, 1 DECLARED_BY_RULE, 1 nothing new",
        ),
        (
            "cloudevents-structured.json cloudevents-binary.http",
            "1 incident: 1 ATTACHED_SAME_GROUP, 1 DECLARED_BY_RULE",
        ),
        (
            "pagerduty-ping.json pagerduty-triggered.json pagerduty-raised.json",
            "1 incident: 1 DECLARED_BY_RULE, 1 nothing new",
        ),
        (
            "pings-firing.json pings-resolved.json",
            "1 incident: 1 ATTACHED_SAME_GROUP, 1 DECLARED_BY_RULE, 1 RECORDED",
        ),
    ],
)
def test_what_fires_and_resolves_is_one_alert_of_each_source(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, files: str, summed: str
) -> None:
    rules = playbooks(tmp_path, PINGS_BLOCK)
    status, said, _ = replayed(capsys, [PAYLOADS / name for name in files.split()], rules=rules)
    assert (status, said.splitlines()[-1].partition(" would make ")[2]) == (0, f"{summed}.")


def test_a_delivery_without_alerts_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    _, said, _ = replayed(capsys, [PAYLOADS / "pagerduty-ping.json"])
    assert said.splitlines()[1] == "  tells of no alert"


def test_a_storm_is_replayed_from_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "storm.jsonl"
    alert = notification()["alerts"][0]
    lines = [notification(alerts=[{**alert, "fingerprint": str(number)}]) for number in range(30)]
    file.write_text("\n".join(json.dumps(each) for each in [*lines, lines[0]]), encoding="utf-8")
    _, said, _ = replayed(capsys, [file], "alertmanager")
    assert said.splitlines()[-1] == (
        "31 deliveries would make 1 incident: 29 ATTACHED_SAME_GROUP, 1 DECLARED_BY_RULE, 1 nothing new."
    )


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("unknown.json", "{}", "unknown is no source; name one by --source: alertmanager, grafana"),
        ("grafana-broken.json", "{", "The payload does not read"),
    ],
)
def test_what_cannot_be_replayed_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, sentence: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    status, said, refused = replayed(capsys, [tmp_path / name])
    assert (status, said, sentence in refused) == (1, "", True), refused


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="cannot be read"):
        list(recorded(tmp_path / "nowhere.json"))


def test_a_replay_says_what_people_would_be_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = playbooks(tmp_path, "alerts:\n  rules: [{name: any, then: propose}]\n")
    assert main([PAYLOADS / "alertmanager-storm.json"], folder, "") == 0
    said = capsys.readouterr().out
    assert "P1 would be proposed: SEV1 because severity is critical, “One payment in three fails in Europe" in said
    assert "PROPOSED                  P1: rule “any”" in said
    assert "1 delivery would make 0 incidents and 1 proposal: 1 PROPOSED, 1 nothing new." in said
