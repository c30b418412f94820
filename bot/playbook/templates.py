"""Where a template stands: the organisation's own in its playbook folder, else the one that comes along. It only reads.

What may stand in one is for whoever fills it in (bot/document/template.py). Blocking: call it in a thread.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.playbook.holdings import TEMPLATES
from bot.playbook.problems import LibraryProblems, Problem

POSTMORTEM: Final = "postmortem.md"

_SHIPPED: Final = Path(__file__).parents[2] / "playbooks"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateText:
    """`source`: the file as its author knows it, 'playbooks/templates/postmortem.md'. `own`: not the shipped one."""

    source: str
    text: str
    own: bool


def read_template(folder: Path, name: str = POSTMORTEM) -> TemplateText:
    """`folder`: that of the playbooks. Raises LibraryProblems for a file that cannot be read."""
    own = folder / TEMPLATES / name
    path = own if own.is_file() else _SHIPPED / TEMPLATES / name
    source = f"{path.parents[1].resolve().name}/{TEMPLATES}/{name}"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(source, "is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise _refused(source, f"cannot be read: {error.strerror}") from None
    return TemplateText(source=source, text=text, own=path == own)


def _refused(file: str, sentence: str) -> LibraryProblems:
    return LibraryProblems([Problem(file=file, line=None, field="", sentence=sentence)])
