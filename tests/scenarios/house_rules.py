"""A playbook folder with a policy of its own, for dialogues about what an organisation decides for itself."""

from pathlib import Path


def playbooks(folder: Path, policy: str, **files: str) -> Path:
    """`files`: the text of each playbook by its file's name without .md. Answers with the folder."""
    made = folder / "rules"
    made.mkdir()
    (made / "policy.yaml").write_text(policy, encoding="utf-8")
    for name, text in files.items():
        (made / f"{name}.md").write_text(text, encoding="utf-8")
    return made
