"""The folder on disk: read whole or refused, and a broken change leaves the old one in use."""

import os
from pathlib import Path

import pytest

from bot.incident.policy import Policy
from bot.incident.terms import OPERATIONS_LEAD, SCRIBE, Severity
from bot.playbook.document import after_first_steps, guide, parse
from bot.playbook.library import Library, best_checklist, checklist, load, proposes_private
from bot.playbook.matching import find
from bot.playbook.problems import LibraryProblems
from tests.playbook.library_texts import GUIDE, PLAYBOOK


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "playbooks" / "guides").mkdir(parents=True)
    (tmp_path / "playbooks" / "bad-deploy.md").write_text(PLAYBOOK)
    (tmp_path / "playbooks" / "guides" / "scribe.md").write_text(GUIDE)
    return tmp_path / "playbooks"


def refused(folder: Path) -> list[str]:
    with pytest.raises(LibraryProblems) as caught:
        load(folder)
    return [str(problem) for problem in caught.value.problems]


def test_a_folder_holds_playbooks_and_guides(folder: Path) -> None:
    library = load(folder)
    assert [playbook.id for playbook in library.playbooks] == ["bad-deploy"]
    assert list(library.guides) == [SCRIBE]


def test_readmes_and_hidden_files_are_not_read(folder: Path) -> None:
    (folder / "README.md").write_text("no playbook")
    (folder / ".git").mkdir()
    (folder / ".git" / "x.md").write_text("no playbook")
    assert len(load(folder).playbooks) == 1


def test_without_a_policy_file_the_defaults_hold(folder: Path) -> None:
    (folder / "guides" / "scribe.md").unlink()
    assert load(folder).policy == Policy()


def test_a_guide_teaches_its_role(folder: Path) -> None:
    rule = load(folder).policy.roles[SCRIBE]
    assert rule.purpose == "You keep the record."
    assert rule.first_steps == ("Read the channel", "Mark decisions", "Ask when it began")


def test_first_steps_of_the_policy_win_over_the_guide(folder: Path) -> None:
    (folder / "policy.yaml").write_text("roles:\n  scribe: {first_steps: [Listen]}\n")
    assert load(folder).policy.roles[SCRIBE].first_steps == ("Listen",)


def test_a_playbook_may_speak_of_a_role_that_the_policy_adds(folder: Path) -> None:
    (folder / "policy.yaml").write_text("roles:\n  sector_lead: {}\n")
    (folder / "disk.md").write_text("# Disk\n- [ ] Look *(sector lead)*\n")
    playbook = find(load(folder).playbooks, "disk")
    assert playbook is not None
    assert playbook.steps[0].role == "sector_lead"


def test_problems_of_all_files_are_told_together(folder: Path) -> None:
    (folder / "a.md").write_text("# A\n")
    (folder / "b.md").write_text("---\nid: B\n---\n# B\n- [ ] x\n")
    first, second = refused(folder)
    assert first.startswith("playbooks/a.md: holds no step")
    assert second.startswith("playbooks/b.md:2: id: B is no id")


def test_one_id_names_one_playbook(folder: Path) -> None:
    (folder / "other.md").write_text(PLAYBOOK)
    assert refused(folder) == ["playbooks/other.md: id: bad-deploy is already that of playbooks/bad-deploy.md"]


def test_a_policy_under_another_name_is_pointed_out(folder: Path) -> None:
    (folder / "policy.yml").write_text("")
    assert refused(folder) == ["playbooks/policy.yml: is not read under this name; name it policy.yaml"]


def test_text_that_is_not_utf8_is_named_with_its_line(folder: Path) -> None:
    (folder / "a.md").write_bytes(b"# A\n\xff\n")
    assert refused(folder) == ["playbooks/a.md:2: is not UTF-8 text; save it as UTF-8"]


def test_a_huge_file_is_refused_without_being_read_whole(folder: Path) -> None:
    (folder / "a.md").write_text("é" * 200_000)
    assert refused(folder) == ["playbooks/a.md: is larger than 256 KiB; split it"]


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "nowhere")[0].startswith("nowhere: is no folder")


def test_an_edit_an_addition_and_a_removal_are_each_a_change(folder: Path) -> None:
    library = load(folder)
    assert not library.changed()
    for change in (edit, add, remove):
        change(folder)
        assert library.changed(), change
        assert library.reload() == ()
        assert not library.changed()


def test_a_good_change_is_used(folder: Path) -> None:
    library = load(folder)
    add(folder)
    assert library.reload() == ()
    assert len(library.playbooks) == 2


def test_a_broken_change_leaves_everything_that_was_in_use(folder: Path) -> None:
    library = load(folder)
    before = (library.policy, library.playbooks, library.guides)
    (folder / "policy.yaml").write_text("snooze: soon\n")
    problems = library.reload()
    assert [problem.line for problem in problems] == [1]
    assert library.problems == problems
    assert (library.policy, library.playbooks, library.guides) == before


def test_a_broken_change_is_read_once_and_repaired_by_the_next(folder: Path) -> None:
    library = load(folder)
    (folder / "policy.yaml").write_text("snooze: soon\n")
    library.reload()
    assert not library.changed()
    (folder / "policy.yaml").write_text("snooze: 20m\n")
    assert library.changed()
    assert library.reload() == library.problems == ()


def test_a_checklist_is_a_snapshot_with_its_reason(folder: Path) -> None:
    library = load(folder)
    found = best_checklist(library, severity=Severity.SEV1, title="deploy broke checkout")
    assert found == checklist(library.playbooks[0], "matches the word 'deploy' and SEV1")
    assert found.revision == library.playbooks[0].revision


def test_a_private_playbook_is_attached_by_itself_to_private_incidents_only(folder: Path) -> None:
    library = private_only(folder)
    assert best_checklist(library, severity=Severity.SEV1, title="deploy") is None
    assert best_checklist(library, severity=Severity.SEV1, title="deploy", private=True) is not None


def test_a_private_playbook_proposes_that_the_incident_be_private(folder: Path) -> None:
    library = private_only(folder)
    assert proposes_private(library, severity=Severity.SEV1, title="deploy") is library.playbooks[0]
    assert proposes_private(library, severity=Severity.SEV1, title="disk full") is None


def test_a_playbook_is_attached_by_any_clear_name(folder: Path) -> None:
    library = load(folder)
    assert library.named("bad d") == checklist(library.playbooks[0], "was asked for by name")
    assert library.named("good") is None
    assert library.near("bad-delpoy") == ("Bad deploy",)


def test_the_list_of_playbooks_gives_id_title_and_summary(folder: Path) -> None:
    assert load(folder).titles() == (("bad-deploy", "Bad deploy", "Roll back first."),)


def test_a_role_taker_reads_first_steps_and_then_the_rest(folder: Path) -> None:
    found = load(folder).guide(SCRIBE)
    assert found is not None
    rule, rest = found
    assert rule.first_steps[0] == "Read the channel"
    assert rest == "Add what Slack does not see.\n\n• Fill the gaps"


LONGER_GUIDE = """---
id: scribe-guide
title: Scribe's guide
role: scribe
review_by: 2027-05-01
---

You keep the record.

More.

## First

- [ ] One
- [ ] Two
- [ ] Three

## While it lasts

- [ ] Four

  In detail.

- [ ] Five
"""


def test_a_guide_has_an_empty_line_before_a_section_and_none_between_its_items() -> None:
    rest = after_first_steps(guide(parse(LONGER_GUIDE, source="guides/scribe.md")))
    assert rest == "More.\n\nWhile it lasts\n• Four\nIn detail.\n• Five"


def test_a_role_without_a_guide_has_none(folder: Path) -> None:
    assert load(folder).guide(OPERATIONS_LEAD) is None


def private_only(folder: Path) -> Library:
    (folder / "bad-deploy.md").write_text(PLAYBOOK.replace("title:", "private: true\ntitle:"))
    return load(folder)


def edit(folder: Path) -> None:
    file = folder / "bad-deploy.md"
    os.utime(file, ns=(0, 0))


def add(folder: Path) -> None:
    (folder / "disk.md").write_text("# Disk\n- [ ] Look\n")


def remove(folder: Path) -> None:
    (folder / "disk.md").unlink()
