"""What the documents name is there: tests, commands and settings."""

import re
from pathlib import Path

import pytest

from bot.__main__ import app

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
TESTS = {path.name for path in (ROOT / "tests").rglob("*.py")}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_test_that_a_document_names_exists(document: Path) -> None:
    named = re.findall(r"\b(?:test_\w+|agreement|fleet)\.py\b", document.read_text(encoding="utf-8"))
    assert set(named) <= TESTS


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_a_document_names_exists(document: Path) -> None:
    known = {command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands}
    known |= {str(group.name) for group in app.registered_groups}
    code = re.findall(r"^    (.*)$|`([^`]+)`", document.read_text(encoding="utf-8"), re.MULTILINE)
    named = {word for line in code for word in re.findall(r"(?:^|/| )muster ([a-z]+)", line[0] or line[1])}
    assert named <= known


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_document_that_a_document_links_to_exists(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []
