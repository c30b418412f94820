"""The playbook folder as the listeners and the renderers ask for it: titles, checklists, guides. Reads no file."""

from collections.abc import Sequence

from bot.incident.policy import RoleRule
from bot.incident.terms import Checklist, Role
from bot.playbook.document import Guide
from bot.playbook.library import Library, checklist
from bot.playbook.matching import find, suggestions


class Bookshelf:
    """The protocol listening.Shelf, over whatever the library holds at the moment."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def titles(self) -> Sequence[tuple[str, str, str]]:
        return [(book.id, book.title, book.summary) for book in self._library.playbooks]

    def named(self, name: str) -> Checklist | None:
        found = find(self._library.playbooks, name)
        return checklist(found, "attached by name") if found else None

    def near(self, name: str) -> Sequence[str]:
        return [book.title for book in suggestions(self._library.playbooks, name)]

    def guide(self, role: Role) -> tuple[RoleRule, str] | None:
        """Purpose and first steps, and what else the guide says."""
        written = self._library.guide(role)
        return (self._rule(role, written), _rest(written)) if written else None

    def first_steps(self, role: Role) -> RoleRule | None:
        """What a person is told who takes the role."""
        written = self._library.guide(role)
        return self._rule(role, written) if written else None

    def _rule(self, role: Role, written: Guide) -> RoleRule:
        """The title is the role's own, as everywhere; the guide's title is a heading."""
        known = self._library.policy.roles.get(role)
        title = known.title if known else written.title
        steps = tuple(step.title for step in written.first_steps)
        return RoleRule(title=title, purpose=written.purpose, first_steps=steps)


def _rest(written: Guide) -> str:
    """The further steps, then the rest of the text."""
    steps = [f"• {step.title}" for step in written.rest]
    return "\n".join([*steps, written.more]).strip()
