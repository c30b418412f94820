"""`muster alerts quality`: on the terminal and as CSV, with nothing that a source could make of either."""

import csv
import io
from pathlib import Path

import pytest

from bot.custody.alert_quality_file import main
from bot.custody.alert_quality_table import COLUMNS, csv_of, table_of
from bot.incident.alert_quality import RuleQuality, Week, WeekQuality
from bot.incident.alert_tally import Figure, Sounding
from tests.custody.site import Site
from tests.scenarios.alarms import SECRETS, send, told


def week(name: str, number: int = 2968, **figures: int) -> WeekQuality:
    counted = {Figure(figure): count for figure, count in figures.items()}
    sounding = Sounding(source="alertmanager", name=name, service="checkout", rule="grave")
    return WeekQuality(week=Week(number), rules=(RuleQuality(sounding=sounding, figures=counted),))


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_table_says_what_to_fix_first_and_lists_every_rule() -> None:
    said = table_of([week("HighErrorRate", fired=41, joined=41, flapped=12)])
    assert "Since 2026-11-16 1 rule fired 41 times and opened 0 incidents." in said
    assert "   1. HighErrorRate (alertmanager, checkout): flapped 12 times: give it a longer “for”." in said
    assert "  HighErrorRate (alertmanager, checkout): fired 41, joined 41, flapped 12" in said


def test_the_csv_has_a_line_a_rule_and_week() -> None:
    heading, first, second = rows(csv_of([week("A", fired=3, opened=2), week("A", 2967, fired=1)]))
    assert heading == list(COLUMNS)
    assert first[:6] == ["2026-11-16", "alertmanager", "A", "checkout", "grave", "0"]
    assert (first[COLUMNS.index("fired")], first[-1], second[0]) == ("3", "", "2026-11-09")


def test_no_cell_is_a_formula_and_no_line_moves_a_cursor() -> None:
    hostile = week('=HYPERLINK("https://evil.example")', fired=40)
    assert rows(csv_of([hostile]))[1][2].startswith("'=")
    assert table_of([week("\x1b[2Jred\r\nx", fired=40)]).count("\x1b") == 0


async def test_it_tells_what_the_running_bot_counted(site: Site, tmp_path: Path) -> None:
    async with site.host("data", alert_secrets=SECRETS).muster() as team:
        for number in range(3):
            await send(team, told(fingerprint=str(number)), times=2)
        status, said = await site.muster("data", "alerts", "quality")
        written, told_of = await site.muster("data", "alerts", "quality", "--weeks", "1", str(tmp_path / "rules.csv"))
    assert (status, "HighErrorRate (alertmanager, checkout): fired 3, opened 1, joined 2" in said) == (0, True), said
    assert (written, "rules.csv: 1 line, one a rule and week." in told_of) == (0, True), told_of
    assert len(rows((tmp_path / "rules.csv").read_text(encoding="utf-8-sig"))) == 2


async def test_what_is_no_csv_is_not_written(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert await main(site.host("data").settings, Path("rules.txt"), 1, "") == 1
    assert "rules.txt is no .csv: name it so.\nNothing was written." in capsys.readouterr().err
