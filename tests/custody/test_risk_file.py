"""`muster risks FILE`, beside a running bot and after a restore: the same register, without what is private."""

import json

from tests.custody.site import Site
from tests.scenarios.team import Team
from tests.scenarios.test_private_incidents import declare_privately


async def with_factors(team: Team) -> None:
    channel = await team.declare()
    await team.type("ada", "factor process: =cmd|calc is not reviewed", channel)
    await team.type("ada", "followup Review flags @ben", channel)
    await declare_privately(team)
    await team.type("ada", "INC-2 factor process: Nobody rolls keys", "general")
    await team.settle()


async def test_it_goes_out_by_its_ending_and_is_never_written_over(site: Site) -> None:
    async with site.host("data").muster() as team:
        await with_factors(team)
        status, said = await site.muster("data", "risks", "register.csv")
        assert (status, "1 contributing factor;" in said) == (0, True), said
        assert (await site.muster("data", "risks", "register.json"))[0] == 0
        again, refused = await site.muster("data", "risks", "register.csv")
        odd, advice = await site.muster("data", "risks", "register.txt")
    text = (site.folder / "register.csv").read_text(encoding="utf-8-sig")
    assert '"\'=cmd|calc is not reviewed"' in text
    assert "keys" not in text
    told = json.loads((site.folder / "register.json").read_text(encoding="utf-8"))
    assert [each["factors"][0]["factor"] for each in told["risks"]] == ["INC-1 CF1"]
    assert (again, "Nothing was written" in refused) == (1, True)
    assert (odd, "neither .csv nor .json" in advice) == (1, True)


async def test_a_restore_makes_the_register_anew(site: Site) -> None:
    async with site.host("data").muster() as team:
        await with_factors(team)
        assert (await site.muster("data", "backup", "all.jsonl"))[0] == 0
    site.carry_key("data", "other")
    status, said = await site.muster("other", "restore", "all.jsonl")
    assert status == 0, said
    status, said = await site.muster("other", "risks", "after.csv")
    assert (status, "1 contributing factor;" in said) == (0, True), said
