"""Each fact about the world has one meaning for incidents, and each fault an advice."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.checkup.examination import judge_settings
from bot.checkup.finding import Finding, Level, bad, exit_code, ok, report, warn
from bot.checkup.playbook_check import check_playbooks, check_templates
from bot.checkup.slack_check import AUDIT, DIGEST, TRIAGE, judge_channel, judge_scopes
from bot.checkup.store_check import judge
from bot.settings import Settings
from bot.store.inspection import StoreFacts

TODAY = date(2026, 3, 1)

GOOD_STORE = StoreFacts(
    server="valkey",
    version=(7, 2, 4),
    ping=timedelta(milliseconds=1),
    appendonly=True,
    appendfsync="always",
    maxmemory_policy="noeviction",
    refusal="",
)


def settings(**values: object) -> Settings:
    return Settings.model_validate({"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1", **values})


def test_a_good_store_leaves_nothing_to_do() -> None:
    assert {finding.level for finding in judge(GOOD_STORE)} == {Level.OK}


@pytest.mark.parametrize(
    ("facts", "level", "said"),
    [
        (replace(GOOD_STORE, version=(6, 0, 16)), Level.BAD, "redis 6.0.16"),
        (replace(GOOD_STORE, refusal="it is a replica that takes no writes"), Level.BAD, "replica"),
        (replace(GOOD_STORE, maxmemory_policy="allkeys-lru"), Level.BAD, "throws incidents away"),
        (replace(GOOD_STORE, maxmemory_policy="volatile-ttl"), Level.WARN, "handle one twice"),
        (replace(GOOD_STORE, maxmemory_policy=None), Level.WARN, "when full"),
        (replace(GOOD_STORE, appendonly=False), Level.WARN, "may forget incidents"),
        (replace(GOOD_STORE, appendonly=None), Level.WARN, "does not say whether"),
        (replace(GOOD_STORE, appendfsync="everysec"), Level.WARN, "last second"),
        (replace(GOOD_STORE, appendfsync="no"), Level.WARN, "operating system"),
        (replace(GOOD_STORE, appendfsync=None), Level.WARN, "how often"),
        (replace(GOOD_STORE, ping=timedelta(milliseconds=80)), Level.WARN, "80 ms"),
        (replace(GOOD_STORE, replicas=2, replicas_to_write=0), Level.WARN, "none of its replicas"),
        (replace(GOOD_STORE, ahead=timedelta(hours=1)), Level.WARN, "3600 s ahead of this machine's"),
        (replace(GOOD_STORE, ahead=timedelta(seconds=-9)), Level.WARN, "9 s behind this machine's"),
    ],
)
def test_a_store_that_may_lose_something_is_told_of_with_advice(facts: StoreFacts, level: Level, said: str) -> None:
    facts = replace(facts, server="redis")
    (finding,) = [each for each in judge(facts) if each.level is not Level.OK]
    assert finding.level is level
    assert said in finding.sentence
    assert finding.advice


@pytest.mark.parametrize(("replicas", "wanted"), [(0, 0), (2, 1), (2, None)])
def test_a_store_without_replicas_or_that_waits_for_one_is_left_alone(replicas: int, wanted: int | None) -> None:
    assert {each.level for each in judge(replace(GOOD_STORE, replicas=replicas, replicas_to_write=wanted))} == {
        Level.OK
    }


def test_missing_scopes_are_named() -> None:
    finding = judge_scopes("commands, chat:write", {"commands", "chat:write", "pins:write", "bookmarks:write"})
    assert finding.level is Level.BAD
    assert "bookmarks:write, pins:write" in finding.sentence


def test_a_scope_that_only_an_extra_needs_is_named_with_what_it_is_for_and_stops_nothing() -> None:
    finding = judge_scopes("commands", {"commands", "files:write"})
    assert finding.level is Level.WARN
    assert (
        "files:write, to put the draft of the postmortem and the invitation to the review into the incident's channel."
        in (finding.sentence)
    )
    assert judge_scopes("", {"commands", "files:write"}).level is Level.BAD


def test_more_scopes_than_needed_are_no_fault() -> None:
    assert judge_scopes("commands,chat:write,pins:write", {"commands"}).level is Level.OK


def test_scopes_that_slack_does_not_tell_are_not_called_missing() -> None:
    assert judge_scopes(None, {"commands"}).level is Level.WARN


@pytest.mark.parametrize(
    ("channel", "level", "said"),
    [
        ({"name": "incidents", "is_member": True}, Level.OK, "announced in #incidents"),
        ({"name": "incidents", "is_member": False}, Level.BAD, "not in #incidents"),
        ({"name": "incidents", "is_member": True, "is_archived": True}, Level.BAD, "archived"),
        (None, Level.BAD, "no channel #incidents"),
    ],
)
def test_the_announcement_channel_must_be_one_that_muster_can_post_in(
    channel: dict[str, object] | None, level: Level, said: str
) -> None:
    finding = judge_channel("#incidents", channel)
    assert finding.level is level
    assert said in finding.sentence


def test_http_on_a_local_address_needs_a_proxy() -> None:
    findings = judge_settings(settings(slack_app_token=None, slack_signing_secret="0123"))
    assert [finding.level for finding in findings if finding.part == "settings"] == [Level.OK, Level.WARN]


def test_http_on_every_address_needs_none() -> None:
    findings = judge_settings(settings(slack_app_token=None, slack_signing_secret="0123", host="0.0.0.0"))
    assert [finding.level for finding in findings if finding.part == "settings"] == [Level.OK]


@pytest.mark.parametrize(
    ("url", "count"), [("http://slack.example/api/", 1), ("http://127.0.0.1:80/api/", 0), ("http://localhost/", 0)]
)
def test_tokens_in_the_clear_are_warned_of_unless_they_stay_on_this_machine(url: str, count: int) -> None:
    findings = judge_settings(settings(slack_api_url=url))
    assert sum(finding.level is Level.WARN for finding in findings) == count


def test_a_broken_policy_is_named_with_its_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text("servity: 1\n")
    finding = check_playbooks(tmp_path, TODAY)[0]
    assert finding.level is Level.BAD
    assert "policy.yaml:1" in finding.sentence


def test_a_missing_folder_is_named_with_the_variable_to_set(tmp_path: Path) -> None:
    (finding,) = check_playbooks(tmp_path / "none", TODAY)
    assert finding.level is Level.BAD
    assert "PLAYBOOKS_DIR" in finding.sentence


def test_a_playbook_past_its_review_date_is_told_of(tmp_path: Path) -> None:
    text = "---\nid: bad-deploy\ntitle: Bad deploy\nreview_by: 2026-02-28\n---\nRoll back.\n\n- [ ] Roll back\n"
    (tmp_path / "bad-deploy.md").write_text(text)
    shelf, late = check_playbooks(tmp_path, TODAY)
    assert shelf.level is Level.OK
    assert "2026-02-28" in late.sentence


def test_playbooks_that_come_by_themselves_and_mark_nothing_that_mitigates_are_named(tmp_path: Path) -> None:
    front = "---\nwords: [slow]\n---\n"
    for name, text in {
        "bare": f"{front}# Bare\n- [ ] Look",
        "good": f"{front}# Good\n- [ ] Go back *(mitigates)*",
        "asked-for": "# By name only\n- [ ] Look",
    }.items():
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    (found,) = [each for each in check_playbooks(tmp_path, TODAY) if each.level is Level.WARN]
    assert found.sentence == "No step is marked as one that stops the harm in: bare."


def test_the_report_puts_each_advice_beneath_its_finding() -> None:
    text = report([ok("store", "It takes writes."), bad("scopes", "The app lacks pins:write.", "Reinstall the app.")])
    assert text.splitlines() == [
        "ok    store   It takes writes.",
        "BAD   scopes  The app lacks pins:write.",
        "              -> Reinstall the app.",
        "",
        "1 to mend before Muster can run as it should, 0 to look at.",
    ]


@pytest.mark.parametrize(("finding", "code"), [(ok("a", "b"), 0), (warn("a", "b", "c"), 0), (bad("a", "b", "c"), 1)])
def test_only_what_must_be_mended_fails_the_check(finding: Finding, code: int) -> None:
    assert exit_code([finding]) == code


def test_a_log_that_nobody_seals_is_a_warning_with_the_command_that_makes_a_key() -> None:
    found = judge_settings(settings(redis_url="redis://localhost"))[-1]
    assert (found.level, found.part) == (Level.WARN, "audit")
    assert "openssl rand -hex 32" in found.advice


def test_musters_own_server_seals_by_itself_and_a_channel_for_heads_is_advised() -> None:
    found = judge_settings(settings())[-1]
    assert (found.level, found.part) == (Level.OK, "audit")
    assert "AUDIT_CHANNEL" in found.advice


def test_a_sealed_log_whose_heads_are_posted_leaves_nothing_to_say() -> None:
    sealed = settings(redis_url="redis://localhost", audit_key="k" * 32, audit_channel="#audit")
    assert [found.part for found in judge_settings(sealed)] == ["settings"]


def test_the_audit_channel_is_judged_by_its_own_name() -> None:
    assert "AUDIT_CHANNEL" in judge_channel("#audit", None, AUDIT).advice
    assert judge_channel("#audit", {"name": "audit", "is_member": True}, AUDIT).sentence.startswith("The head of")


def test_the_digest_channel_is_judged_by_its_own_name() -> None:
    assert "DIGEST_CHANNEL" in judge_channel("#reviews", None, DIGEST).advice
    assert judge_channel("#reviews", {"name": "reviews", "is_member": True}, DIGEST).sentence.startswith("The digest")


def test_the_triage_channel_is_judged_by_its_own_name() -> None:
    assert "TRIAGE_CHANNEL" in judge_channel("#triage", None, TRIAGE).advice


def test_a_template_of_ones_own_is_told_and_its_mistakes_are_named_with_their_line(tmp_path: Path) -> None:
    assert check_templates(tmp_path) == []
    template = tmp_path / "playbooks" / "templates" / "postmortem.md"
    template.parent.mkdir(parents=True)
    template.write_text("{{ head }}\n")
    assert [each.level for each in check_templates(tmp_path / "playbooks")] == [Level.OK]
    template.write_text("{{ head }}\n\n{{ sumary }}\n")
    (finding,) = check_templates(tmp_path / "playbooks")
    assert finding.level is Level.BAD
    assert finding.sentence.startswith("playbooks/templates/postmortem.md:3: `sumary` is not known here")
