"""What a policy that reads must also hold to, as a whole. Each finding names the line of the file."""

from datetime import timedelta

from bot.incident.policy import (
    ClosingRule,
    Policy,
)
from bot.incident.terms import Role
from bot.playbook.alerts_block import check_alerts
from bot.playbook.problems import Findings
from bot.playbook.review_policy import check_functions
from bot.playbook.service_tiers import check_tiers
from bot.playbook.yaml_lines import Located


def check(policy: Policy, located: Located, findings: Findings) -> None:
    if policy.default_severity not in policy.severities:
        known = ", ".join(policy.severities)
        sentence = f"{policy.default_severity} is not among the severities; use one of {known}"
        findings.add(sentence, line=located.line_of(("default_severity",)), field="default_severity")
    if policy.escalation.announcement_after < policy.escalation.commander_after:
        sentence = "comes before commander_after; the commander is asked first"
        line = located.line_of(("escalation", "announcement_after"))
        findings.add(sentence, line=line, field="escalation.announcement_after")
    if len({str(name).upper() for name in _written_severities(located)}) < len(_written_severities(located)):
        sentence = "names one severity twice; keep one of the two"
        findings.add(sentence, line=located.line_of(("severities",)), field="severities")
    _check_spans(policy, located, findings)
    check_tiers(policy.severities, located, findings)
    check_functions(policy.severities, policy.review, located, findings)
    _check_closing(policy.closing, located, findings)
    _check_role_names(policy, located, findings)
    check_alerts(policy.alerts, set(policy.severities), located, findings)


def _written_severities(located: Located) -> dict[str, object]:
    """As they were typed: `sev1` beside `SEV1` is one too many."""
    written = located.data.get("severities")
    return written if isinstance(written, dict) else {}


def _check_spans(policy: Policy, located: Located, findings: Findings) -> None:
    shortest = timedelta(minutes=5)
    for severity, rule in policy.severities.items():
        for name, every in (("update_every", rule.update_every), ("summary_every", rule.summary_every)):
            if every is not None and every < shortest:
                line = located.line_of(("severities", severity.value, name))
                sentence = "is shorter than 5 m; nobody can work and write that often"
                findings.add(sentence, line=line, field=f"severities.{severity}.{name}")


def _check_closing(rule: ClosingRule, located: Located, findings: Findings) -> None:
    if rule.ask_again_after < timedelta(days=7):
        line = located.line_of(("closing", "ask_again_after"))
        findings.add(
            "is shorter than 7d; nobody is asked more often than weekly", line=line, field="closing.ask_again_after"
        )
    hours = rule.working_hours
    if hours.until <= hours.begin:
        line = located.line_of(("closing", "working_hours", "until"))
        findings.add("comes before the hours begin", line=line, field="closing.working_hours.until")


def _check_role_names(policy: Policy, located: Located, findings: Findings) -> None:
    """A name that means two roles would give a person the wrong one."""
    owner: dict[str, Role] = {}
    for role, rule in policy.roles.items():
        for name in dict.fromkeys((role, rule.title, *rule.aliases)):
            spoken = " ".join(name.casefold().replace("_", " ").split())
            other = owner.setdefault(spoken, role)
            if other != role:
                line = located.line_of(("roles", role, "aliases"))
                findings.add(f"`{name}` already names {other}", line=line, field=f"roles.{role}")
