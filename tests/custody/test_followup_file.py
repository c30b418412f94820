"""`muster followups`: out as CSV and back through the rules, beside a running bot; one mistake changes nothing."""

from tests.custody.site import Site
from tests.scenarios import witness
from tests.scenarios.team import Team
from tests.scenarios.test_private_incidents import declare_privately

CLEO = "U0CLEO0001"


async def with_two(team: Team) -> str:
    """A public incident with two follow-ups, and a private one with another."""
    channel = await team.declare()
    await team.type("ada", "resolve Rolled back.", channel)
    for text in ("Alert earlier", "=cmd|calc"):
        await team.type("ada", f"followup {text}", channel)
    await declare_privately(team)
    await team.type("ada", "INC-2 followup Rotate the keys", "general")
    await team.settle()
    return channel


async def test_it_goes_out_without_formulas_and_without_what_is_private(site: Site) -> None:
    async with site.host("data").muster() as team:
        await with_two(team)
        status, said = await site.muster("data", "followups", "list.csv")
        again, refused = await site.muster("data", "followups", "list.csv")
    assert status == 0, said
    text = (site.folder / "list.csv").read_text(encoding="utf-8-sig")
    assert '"\'=cmd|calc"' in text
    assert "Rotate" not in text
    assert "INC-2" not in text
    assert (again, "Nothing was changed" in refused) == (1, True)


async def test_what_was_changed_comes_back_and_is_told_in_slack(site: Site) -> None:
    async with site.host("data").muster() as team:
        channel = await with_two(team)
        await site.muster("data", "followups", "list.csv")
        file = site.folder / "list.csv"
        text = file.read_text(encoding="utf-8-sig")
        first = next(line for line in text.splitlines() if "INC-1 F1" in line)
        changed = first.replace('"Alert earlier","",""', f'"Alert 30 days before","monitoring","{CLEO}"')
        new = first.replace("INC-1 F1", "INC-1").replace("Alert earlier", "Write it down")
        file.write_text(text.replace(first, f"{changed}\n{new}"), encoding="utf-8")
        status, said = await site.muster("data", "followups", "list.csv", "--import")
        assert (status, "3 lines read, 2 changes made" in said) == (0, True), said
        await team.settle()
        await witness.told(team, "cleo", "The follow-up INC-1 F1 is yours now; Muster gave it to you")
        await team.says("ada", channel, "F3", "Write it down")
        status, said = await site.muster("data", "followups", "list.csv", "--import")
        assert "0 changes made" in said
    status, said = await site.muster("data", "audit")
    assert status == 0, said


async def test_a_file_with_one_mistake_changes_nothing(site: Site) -> None:
    async with site.host("data").muster() as team:
        await with_two(team)
        await site.muster("data", "followups", "list.csv")
        file = site.folder / "list.csv"
        text = file.read_text(encoding="utf-8-sig")
        told = text.replace("Alert earlier", "Alert sooner")
        broken = told.replace('"open","","","Checkout', '"done","","","Checkout')
        file.write_text(broken, encoding="utf-8")
        status, said = await site.muster("data", "followups", "list.csv", "--import")
        assert (status, "line 2: What shows that it is done?" in said) == (1, True), said
        incident = await witness.first_incident(team)
    assert incident.followups[1].content.what == "Alert earlier"
