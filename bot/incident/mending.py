"""What had failed and works again, for the files that make state from events."""

from dataclasses import replace

from bot.incident.state import Incident


def mended(incident: Incident, step: str) -> Incident:
    if step not in incident.failed_steps:
        return incident
    refusals = frozenset(each for each in incident.refusals if each[0] != step)
    return replace(incident, failed_steps=incident.failed_steps - {step}, refusals=refusals)
