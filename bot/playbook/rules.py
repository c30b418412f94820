"""What the organisation wrote down, as whoever decides on commands wants to know it. It reads no file."""

from bot.incident.commands import DeclareIncident
from bot.incident.policy import Policy
from bot.incident.terms import Checklist, Severity
from bot.playbook.library import Library, best_checklist


class LibraryRules:
    """The protocol command_handler.Rules, over whatever the library holds at the moment."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @property
    def policy(self) -> Policy:
        return self._library.policy

    def checklist_for(self, command: DeclareIncident, severity: Severity) -> Checklist | None:
        return best_checklist(
            self._library,
            severity=severity,
            title=command.title,
            service=command.service,
            labels=command.opening.labels if command.opening else None,
            private=command.private,
        )
