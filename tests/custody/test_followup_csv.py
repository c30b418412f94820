"""Follow-ups as CSV: no cell is a formula, what was written comes back, and each mistake has its line."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.custody.followup_csv import COLUMNS, Mistake, Row, csv_of, rows_of, safe, unsafe
from bot.custody.followup_file import asked
from bot.incident.followup import Degree, FollowupClass, FollowupContent, FollowupState
from bot.incident.followup_commands import AddFollowup, MoveFollowup
from bot.incident.followup_events import FollowupMoved
from bot.incident.terms import Person
from tests.incident.given import ADA, BEN, CLEO, Story, after, resolved

ALERT = FollowupContent(
    what="=HYPERLINK(1), “quoted”",
    kind=FollowupClass.MONITORING,
    owner=CLEO.id,
    product_sponsor=BEN.id,
    due_on=date(2026, 3, 31),
    metric="-1\nor less",
    impact=Degree.HIGH,
)


def left_behind() -> Story:
    story = resolved()
    story.do(AddFollowup(by=ADA, content=ALERT, people=(BEN, CLEO)), after(40))
    story.do(MoveFollowup(by=CLEO, number=1, state=FollowupState.DONE, note="@seen"), after(41))
    return story


def read(text: str) -> list[Row | Mistake]:
    return list(rows_of(text))


def one(**cells: str) -> str:
    """A file of one line; INC-42 F1 with a sentence unless told otherwise."""
    line = {**dict.fromkeys(COLUMNS, ""), "follow-up": "INC-42 F1", "what": "Alert", **cells}
    return f"{','.join(COLUMNS)}\r\n{','.join(line[name] for name in COLUMNS)}\r\n"


@given(st.text())
def test_no_cell_begins_as_a_formula_and_every_text_comes_back(text: str) -> None:
    assert not safe(text).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))
    assert unsafe(safe(text)) == text


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1", "'=1"])
def test_what_a_spreadsheet_would_compute_gets_a_mark(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


def test_words_stay_as_they_are() -> None:
    assert safe("Alert 30 days before: 1 = 1") == "Alert 30 days before: 1 = 1"


def test_what_was_written_comes_back() -> None:
    story = left_behind()
    text = csv_of([story.state], {CLEO.id: "=Cleo"})
    (row,) = read(text)
    assert isinstance(row, Row)
    assert (row.incident, row.number, row.content) == (42, 1, story.state.followups[1].content)
    assert (row.state, row.note) == (FollowupState.DONE, "@seen")
    cells = list(csv.reader(io.StringIO(text, newline="")))[1]
    assert not [cell for cell in cells if cell[:1] in set("=+-@")]


def test_a_spreadsheet_may_save_it_with_semicolons_other_columns_and_a_mark_of_utf8() -> None:
    rows = list(csv.reader(io.StringIO(csv_of([left_behind().state], {}), newline="")))
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows([*row, "mine"] for row in rows)
    (row,) = read("\ufeff" + file.getvalue())
    assert isinstance(row, Row)
    assert row.content.what == ALERT.what


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"follow-up": "F1"}, "line 2: 'F1' is no follow-up: write INC-42 F3"),
        ({"owner": "ada"}, "line 2: 'ada' is no Slack user id"),
        ({"deadline": "31.3.2027"}, "line 2: '31.3.2027' is no date: write it like 2027-03-31"),
        ({"state": "finished"}, "line 2: 'finished' is none of open, in progress, blocked"),
        ({"class": "luck"}, "line 2: 'luck' is none of monitoring"),
    ],
)
def test_a_mistake_is_named_with_its_line(cells: dict[str, str], said: str) -> None:
    (mistake,) = read(one(**cells))
    assert isinstance(mistake, Mistake)
    assert str(mistake).startswith(said)


def test_a_column_that_is_missing_is_named() -> None:
    (mistake,) = read("follow-up,what\r\nINC-1 F1,Alert\r\n")
    assert str(mistake) == "line 1: there is no column 'class'; begin with what the export wrote"


def test_an_incident_alone_stands_for_a_new_one_and_empty_lines_for_nothing() -> None:
    (row,) = read(one(**{"follow-up": "inc-42"}) + ",,,\r\n")
    assert isinstance(row, Row)
    assert (row.incident, row.number, row.state) == (42, None, FollowupState.OPEN)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert all(isinstance(each, Row | Mistake) for each in read(f"{','.join(COLUMNS)}\r\n{text}"))


def test_whom_it_waits_for_goes_out_and_comes_back() -> None:
    story = resolved()
    story.do(AddFollowup(by=ADA, content=ALERT, people=(BEN, CLEO)), after(40))
    story.do(MoveFollowup(by=CLEO, number=1, state=FollowupState.BLOCKED, waits_for=BEN), after(41))
    (row,) = read(csv_of([story.state], {}))
    assert isinstance(row, Row)
    assert (row.waits_for, row.people) == (BEN.id, frozenset({BEN.id, CLEO.id}))


def test_a_file_of_an_older_version_has_no_such_column() -> None:
    older = [name for name in COLUMNS if name != "waits for"]
    (row,) = read(f"{','.join(older)}\r\nINC-42 F1,Alert{',' * (len(older) - 2)}\r\n")
    assert isinstance(row, Row)
    assert row.waits_for is None


@pytest.mark.parametrize(("now", "asks"), [(None, 1), (BEN, 1), (CLEO, 0)])
def test_a_row_may_say_on_whom_it_waits_also_where_it_is_blocked_already(now: Person | None, asks: int) -> None:
    """The row says Cleo."""
    story = left_behind()
    story.do(MoveFollowup(by=ADA, number=1, state=FollowupState.OPEN), after(50))
    if now:
        story.do(MoveFollowup(by=ADA, number=1, state=FollowupState.BLOCKED, waits_for=now), after(51))
    content, state = story.state.followups[1].content, FollowupState.BLOCKED
    row = Row(line=2, incident=42, number=1, content=content, state=state, note="", waits_for=CLEO.id)
    wanted = list(asked(row, story.state, {BEN.id: BEN, CLEO.id: CLEO}))
    moved = [event for each in wanted for event in story.do(each, after(60)) if isinstance(event, FollowupMoved)]
    assert [event.waits_for for event in moved] == [CLEO.id] * asks
