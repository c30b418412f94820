"""Do the sources that may send alerts, and those that the policy describes, fit together? It asks nobody."""

from collections.abc import Collection

from bot.alerts.sources import READERS
from bot.checkup.finding import Finding, bad, ok, warn

PART = "alerts"


def judge_sources(secrets: Collection[str], described: Collection[str]) -> list[Finding]:
    """`secrets`: the sources that ALERT_SECRETS names. `described`: those of plain JSON that the policy has."""
    unknown = sorted(set(secrets) - set(READERS) - set(described))
    if unknown:
        sentence = f"ALERT_SECRETS names {', '.join(unknown)}, and nothing says how to read what that sends."
        return [
            bad(PART, sentence, f"Use one of {', '.join(READERS)}, or describe it in policy.yaml: alerts: sources:.")
        ]
    findings = [
        warn(PART, f"The policy describes {name}, which Muster reads by itself; that is passed over.", "Rename it.")
        for name in sorted(set(described) & set(READERS))
    ]
    findings += [
        warn(PART, f"The policy describes {name}, which has no secret and so no door.", "Add it to ALERT_SECRETS.")
        for name in sorted(set(described) - set(secrets))
    ]
    if secrets:
        findings.append(ok(PART, f"Alerts are taken from {', '.join(sorted(secrets))}."))
    return findings
