"""What the organisation wrote down, as whoever decides on commands wants to know it. It reads no file."""

from dataclasses import replace

from bot.incident.commands import DeclareIncident
from bot.incident.policy import Policy
from bot.incident.signal_listener import Listener
from bot.incident.terms import Checklist, Severity
from bot.playbook.library import Library, best_checklist


class LibraryRules:
    """The protocol command_handler.Rules, over whatever the library holds at the moment.

    `tracker`: what follow-ups are kept in step with, by its name; empty: nothing.
    `listeners`: who outside is told of events.
    """

    def __init__(self, library: Library, tracker: str = "", listeners: tuple[Listener, ...] = ()) -> None:
        self._library = library
        self._tracker = tracker
        self._listeners = listeners
        self._written, self._whole = Policy(), Policy()

    @property
    def policy(self) -> Policy:
        """What the file says, and which tracker and targets the settings name."""
        written = self._library.policy
        if not self._tracker and not self._listeners:
            return written
        if written is not self._written:
            self._whole = replace(written, tracker=self._tracker, listeners=self._listeners)
            self._written = written
        return self._whole

    def checklist_for(self, command: DeclareIncident, severity: Severity) -> Checklist | None:
        return best_checklist(
            self._library,
            severity=severity,
            title=command.title,
            service=command.service,
            labels=command.opening.labels if command.opening else None,
            private=command.private,
        )
