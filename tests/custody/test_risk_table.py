"""The risk register as CSV and JSON: every factor with its actions, and nothing that a spreadsheet computes."""

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.custody.risk_table import COLUMNS, csv_of, json_of, owners
from bot.incident.themes import risks
from tests.slack.blocks.given import ADA, AT, BEN
from tests.slack.blocks.test_factor_texts import items

TODAY = AT.date() + timedelta(days=1)
NAMES = {ADA: "=Ada()", BEN: "Ben"}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_of(risks(items(text, count=3)), NAMES, TODAY))))


def test_each_action_has_a_line_and_a_factor_without_one_too() -> None:
    found = rows("Pool limit")
    assert tuple(found[0]) == COLUMNS
    assert sorted(row["factor"] for row in found) == ["INC-1 CF1", "INC-2 CF1", "INC-2 CF1", *["INC-3 CF1"] * 3]
    last = next(row for row in found if row["follow-up"] == "INC-3 F3")
    assert (last["to be done"], last["its state"], last["owner"]) == ("Pool limit", "blocked", ADA)
    assert (last["deadline"], last["accepted until"], last["returns in"]) == (
        AT.date().isoformat(),
        AT.date().isoformat(),
        "INC-3, INC-2, INC-1",
    )


@pytest.mark.parametrize("text", ["=cmd|calc", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", " =1"])
def test_no_cell_is_a_formula(text: str) -> None:
    for row in rows(text):
        assert all(cell.lstrip(" ")[:1] not in set("=+-@\t\r\n＝＋－＠") for cell in row.values() if cell)
        assert row["owner's name"] in {"", "'=Ada()"}


def test_the_json_has_the_same_and_says_as_of_when() -> None:
    told = json.loads(json_of(risks(items("Pool limit <b>", count=3)), NAMES, TODAY))
    assert (told["schema"], told["version"], told["as_of"]) == ("muster.risks", 1, TODAY.isoformat())
    (risk,) = told["risks"]
    assert risk["incidents"] == ["INC-3", "INC-2", "INC-1"]
    factor = risk["factors"][0]
    assert (factor["text"], factor["state"], factor["accepted"]["until"]) == (
        "Pool limit <b> 1",
        "open",
        AT.date().isoformat(),
    )
    assert factor["actions"][0]["followup"] == "INC-3 F1"


def test_whoever_owns_or_accepted_is_named() -> None:
    assert owners(risks(items("Pool", count=3))) == {ADA, BEN}


def test_one_that_is_accepted_still_says_so() -> None:
    (item,) = items("Pool", count=1)
    accepted = item.line.accepted
    assert accepted is not None
    later = replace(item.line, accepted=replace(accepted, look_again_on=TODAY + timedelta(days=1)))
    (row,) = csv.DictReader(io.StringIO(csv_of(risks([replace(item, line=later)]), {}, TODAY)))
    assert row["state"] == "accepted"
