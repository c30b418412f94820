"""Tiers of services, and which severity the failure of each suggests, as policy.yaml and services.yaml write them."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import BeforeValidator

from bot.incident.catalogue import GRAVEST, LEAST
from bot.incident.policy import SeverityRule
from bot.incident.terms import Severity
from bot.playbook.fields import listed
from bot.playbook.problems import Findings
from bot.playbook.yaml_lines import Located


def tier(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not GRAVEST <= value <= LEAST:
        raise ValueError(f"{str(value)[:60]} is no tier; use {GRAVEST} (the gravest) to {LEAST}")
    return value


def _tiers(value: object) -> object:
    return () if value is None else listed(value)


Tier = Annotated[int, BeforeValidator(tier)]
Tiers = Annotated[tuple[Tier, ...], BeforeValidator(_tiers)]


def of(written: Mapping[Severity, tuple[int, ...] | None]) -> dict[Severity, tuple[int, ...]]:
    """`written`: what the file says of each severity, the worst first; they go by rank where it says nothing."""
    if any(each is not None for each in written.values()):
        return {severity: each or () for severity, each in written.items()}
    return _by_rank(list(written))


def _by_rank(severities: Sequence[Severity]) -> dict[Severity, tuple[int, ...]]:
    """Tier 1 suggests the worst, and so on; what is left over suggests the mildest."""
    ranked = {severity: (rank,) for rank, severity in enumerate(severities, GRAVEST) if rank <= LEAST}
    rest = tuple(range(GRAVEST + len(ranked), LEAST + 1))
    return {each: (*ranked.get(each, ()), *(rest if each is severities[-1] else ())) for each in severities}


def check_tiers(severities: Mapping[Severity, SeverityRule], located: Located, findings: Findings) -> None:
    """One tier suggests one severity."""
    suggests: dict[int, Severity] = {}
    for severity, rule in severities.items():
        for each in rule.tiers:
            other = suggests.setdefault(each, severity)
            if other is not severity:
                line = located.line_of(("severities", severity.value, "tiers"))
                sentence = f"tier {each} already suggests {other}; keep one of the two"
                findings.add(sentence, line=line, field=f"severities.{severity}.tiers")
