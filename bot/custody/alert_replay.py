"""`muster alerts replay FILE…`: what recorded deliveries would lead to, by the rules as they are. It needs no store."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.alerts.reading import Malformed
from bot.alerts.sources import READERS, reader_of
from bot.clock import Clock
from bot.custody.alert_words import decision_line, plain
from bot.incident.alert import Alert, Reason
from bot.incident.alert_rehearsal import Rehearsal, Rehearsed
from bot.incident.policy import Policy
from bot.incident.proposal import Proposal
from bot.incident.state import Incident
from bot.playbook.library import load
from bot.playbook.rules import LibraryRules

APART: Final = timedelta(seconds=1)
"""Between two deliveries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One that was recorded, and where."""

    place: str
    source: str
    headers: dict[str, str]
    body: bytes


class Unusable(Exception):  # noqa: N818 - a refusal, as said to the operator
    """A file that cannot be replayed; the sentence says why, and what to do."""


def main(files: Sequence[Path], playbooks: Path, source: str) -> int:
    """The exit code: 1 where a file cannot be read. Raises LibraryProblems."""
    rules = LibraryRules(load(playbooks))
    rehearsal = Rehearsal(policy=rules.policy, checklist_for=rules.checklist_for)
    try:
        deliveries = [(each, _alerts(each, rules.policy)) for path in files for each in recorded(path, source)]
    except Unusable as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    reasons: Counter[Reason] = Counter()
    now, repeated = Clock().now(), 0
    for number, (delivery, alerts) in enumerate(deliveries):
        led = rehearsal.deliver(alerts, now + number * APART)
        reasons.update(each.reason for each in led.decisions)
        repeated += led.repeated
        sys.stdout.write(told(delivery, led))
    sys.stdout.write(_summed(len(deliveries), rehearsal, reasons, repeated))
    return 0


def recorded(path: Path, source: str = "") -> Iterator[Delivery]:
    """A file is one body; of .jsonl one a line, of .http with its headers. Raises Unusable."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}.") from None
    source = source or path.name.partition("-")[0].partition(".")[0]
    if path.suffix == ".jsonl":
        lines = [line for line in text.splitlines() if line.strip()]
        for number, line in enumerate(lines, start=1):
            yield Delivery(place=f"{path}:{number}", source=source, headers=_headers(line), body=line)
        return
    headers, body = _parted(text) if path.suffix == ".http" else (_headers(text), text)
    yield Delivery(place=str(path), source=source, headers=headers, body=body)


def told(delivery: Delivery, led: Rehearsed) -> str:
    lines = [f"{delivery.place} ({delivery.source})"]
    lines += [f"  {_opened(incident)}" for incident in led.opened]
    lines += [f"  {_proposed(proposal)}" for proposal in led.proposed]
    lines += [f"  {decision_line(each)}" for each in led.decisions]
    lines += [f"  {where} would suggest to freeze {plain(name, 60)}" for where, name in led.freezes]
    lines += [f"  {led.repeated} would say nothing new"] if led.repeated else []
    lines += [] if len(lines) > 1 else ["  tells of no alert"]
    return "\n".join([*lines, ""])


def _alerts(delivery: Delivery, policy: Policy) -> tuple[Alert, ...]:
    reader = reader_of(delivery.source, policy.alerts)
    if reader is None:
        known = ", ".join((*READERS, *policy.alerts.sources))
        raise Unusable(
            f"{delivery.place}: {plain(delivery.source, 60)} is no source; name one by --source: {known}; "
            "or describe it in policy.yaml: alerts: sources:."
        )
    try:
        return reader(delivery.source, delivery.body, delivery.headers)
    except Malformed as refusal:
        raise Unusable(f"{delivery.place}: {refusal}") from None


def _parted(text: bytes) -> tuple[dict[str, str], bytes]:
    head, _, body = text.replace(b"\r\n", b"\n").partition(b"\n\n")
    pairs = (line.partition(":") for line in head.decode(errors="replace").splitlines())
    return {name.strip().lower(): value.strip() for name, _, value in pairs}, body


def _headers(body: bytes) -> dict[str, str]:
    """What a body says of itself: a CloudEvent in structured form knows its version."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return {"content-type": "application/cloudevents+json"} if isinstance(told, dict) and "specversion" in told else {}


def _opened(incident: Incident) -> str:
    service = f" ({plain(incident.service, 60)})" if incident.service else ""
    context = incident.alerts.context
    why = f" because {plain(context.severity_why, 80)}" if context else ""
    books = [plain(book.checklist.title, 60) for book in incident.playbooks.values()]
    playbook = f"; playbook {books[0]}" if books else ""
    title = f"“{plain(incident.title, 150)}”{service}{playbook}"
    return f"{incident.reference} would be declared: {incident.severity}{why}, {title}"


def _proposed(proposal: Proposal) -> str:
    service = f" ({plain(proposal.service, 60)})" if proposal.service else ""
    severity = f"{proposal.severity} because {plain(proposal.severity_why, 80)}"
    return f"{proposal.reference} would be proposed: {severity}, “{plain(proposal.title, 150)}”{service}"


def _summed(deliveries: int, rehearsal: Rehearsal, reasons: Counter[Reason], repeated: int) -> str:
    counted = [f"{count} {reason}" for reason, count in sorted(reasons.items())]
    counted += [f"{repeated} nothing new"] if repeated else []
    incidents, proposals = len(rehearsal.incidents), len(rehearsal.proposals)
    made = f"{_many(deliveries, 'delivery', 'deliveries')} would make {_many(incidents, 'incident', 'incidents')}"
    asked = f" and {_many(proposals, 'proposal', 'proposals')}" if proposals else ""
    return f"{made}{asked}: {', '.join(counted) or 'no alerts'}.\n"


def _many(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"
