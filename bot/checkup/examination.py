"""Runs every check at once and prints what they found. It mends nothing."""

import asyncio
import sys
from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.checkup.alert_check import judge_sources
from bot.checkup.finding import Finding, exit_code, ok, report, warn
from bot.checkup.mail_check import check_mail
from bot.checkup.numbering_check import highest_in_slack
from bot.checkup.picture_check import check_picture
from bot.checkup.playbook_check import check_playbooks, policy_in
from bot.checkup.signal_check import check_signals
from bot.checkup.slack_check import check_slack, team_of
from bot.checkup.store_check import check_store
from bot.checkup.tracker_check import check_tracker
from bot.clock import Clock
from bot.incident.alert_policy import Action
from bot.incident.policy import Policy
from bot.settings import Settings, Transport
from bot.slack.scopes import NEEDED_SCOPES
from bot.telemetry import configure_logs


async def main(settings: Settings) -> int:
    """The exit code: 1 when something must be mended."""
    configure_logs(level=settings.log_level, console=settings.console_logs(sys.stderr.isatty()))
    findings = await examine(settings, NEEDED_SCOPES)
    sys.stdout.write(report(findings))
    return exit_code(findings)


async def examine(settings: Settings, needed_scopes: Collection[str]) -> list[Finding]:
    today = Clock().now().date()
    policy = await asyncio.to_thread(policy_in, settings.playbooks_dir)
    slack, store, mail, playbooks, picture, outside = await asyncio.gather(
        check_slack(settings, needed_scopes, policy),
        _check_store(settings),
        check_mail(settings),
        asyncio.to_thread(check_playbooks, settings.playbooks_dir, today),
        check_picture(),
        _check_outside(settings),
    )
    found = [*judge_settings(settings), *slack, *store, *mail, *playbooks, picture, *outside]
    return [*found, *judge_alerts(settings, policy)] if policy else found


def judge_alerts(settings: Settings, policy: Policy) -> list[Finding]:
    sources = judge_sources(settings.secrets_of_alerts, policy.alerts.sources)
    return [*sources, *judge_watchdogs(settings, policy), *judge_proposals(settings, policy)]


def judge_proposals(settings: Settings, policy: Policy) -> list[Finding]:
    """Is there a place where people are asked? Where no source may send alerts, nobody ever is."""
    proposes = bool(settings.secrets_of_alerts) and any(rule.action is Action.PROPOSE for rule in policy.alerts.rules)
    if not proposes or settings.triage_channel or settings.announcement_channel:
        return []
    sentence = "Rules propose incidents, and nobody is asked: no channel is set."
    return [warn("proposals", sentence, "Set TRIAGE_CHANNEL.")]


def judge_watchdogs(settings: Settings, policy: Policy) -> list[Finding]:
    """Can a watchdog be heard, and can its silence be told?"""
    if not policy.watchdogs:
        return []
    if not settings.secrets_of_alerts:
        sentence = "The policy names watchdogs, but no source may send alerts, so each will seem silent."
        return [warn("watchdogs", sentence, "Set ALERT_SECRETS, or take `watchdogs` out of policy.yaml.")]
    if not (settings.triage_channel or settings.announcement_channel):
        sentence = "That a watchdog falls silent is told nowhere: no channel is set."
        return [warn("watchdogs", sentence, "Set TRIAGE_CHANNEL.")]
    return []


async def _check_outside(settings: Settings) -> list[Finding]:
    """What is told of incidents, besides Slack."""
    return [*await check_tracker(settings), *await check_signals(settings)]


async def _check_store(settings: Settings) -> list[Finding]:
    team = await team_of(settings)
    return await check_store(settings.redis_url, settings.data_dir, team, lambda: highest_in_slack(settings))


def judge_settings(settings: Settings) -> list[Finding]:
    """What a set of valid settings may still get wrong together."""
    findings = [ok("settings", f"{settings.transport}, command {settings.command_name}.")]
    if settings.transport is Transport.HTTP and _is_local(settings.host):
        sentence = f"Only this machine can reach {settings.host}:{settings.port}."
        findings.append(warn("settings", sentence, "Put an HTTPS proxy in front of it, or set HOST=0.0.0.0."))
    api = urlsplit(settings.slack_api_url)
    if api.scheme == "http" and not _is_local(api.hostname or ""):
        findings.append(warn("settings", "Tokens travel unencrypted to SLACK_API_URL.", "Use https://."))
    return [*findings, *judge_audit(settings)]


def judge_audit(settings: Settings) -> list[Finding]:
    """Can a change of the log be found?"""
    if settings.redis_url and not settings.audit_keys:
        sentence = "Log entries are not sealed, so one that is changed or removed in Redis is not found."
        return [warn("audit", sentence, "Set AUDIT_KEY to what `openssl rand -hex 32` prints, and keep a copy.")]
    if settings.audit_channel is None:
        sentence = "Log entries are sealed; that the newest are cut off is only known from a head posted in Slack."
        return [ok("audit", sentence, "Set AUDIT_CHANNEL to have one posted each day.")]
    return []


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
