"""What somebody does who opens the page for the first time, by what they see and nothing else."""

from playwright.async_api import expect

from bot.demo.people import PEOPLE
from tests.browser.conftest import Open
from tests.browser.window import Window

TITLE = "Checkout returns 500 in the EU"
CHANNEL = "inc-1"
BEN = next(account.real_name for account in PEOPLE if account.name == "ben")


async def declare(ada: Window) -> None:
    guide = ada.page.get_by_role("region", name="Try Muster")
    await guide.get_by_role("button", name="Declare an incident").click()
    await ada.choose(ada.dialog("Declare incident").get_by_role("combobox", name="Severity"), "SEV1")
    await ada.answer("Declare incident", "Declare", title=TITLE)
    await ada.go(CHANNEL)
    await expect(ada.message(TITLE, "Impact", "step 1 of 11")).to_be_visible()
    await expect(ada.main.get_by_role("button", name="Pinned (1)")).to_be_visible()


async def give_roles(ada: Window) -> None:
    await ada.press(ada.message(TITLE, "Impact"), "Roles")
    form = ada.dialog("Assign roles")
    await ada.choose(form.get_by_role("combobox", name="Communications lead"), BEN)
    await form.get_by_role("button", name="Assign", exact=True).click()
    await expect(ada.message("is communications lead (was nobody)")).to_be_visible()


async def pin_what_was_said(ada: Window) -> None:
    await ada.say("52 % of EU checkouts fail since release 1.84.")
    said = ada.message("52 % of EU checkouts fail")
    await ada.act_on(said, "React with :pushpin:")
    await expect(ada.reaction(said, "white_check_mark")).to_be_visible()


async def let_the_update_fall_due(ada: Window) -> None:
    await ada.page.get_by_role("region", name="Clock").get_by_role("button", name="+30 min").click()
    reminder = ada.message("the next update is due now")
    await ada.press(reminder, "Post update")
    await ada.answer("Post update", "Post", what_we_know="The rollback has reached 2 of 4 clusters.")
    await expect(ada.message("Update 1 by", "2 of 4 clusters")).to_be_visible()


async def do_a_step(ada: Window) -> None:
    card = ada.message("Playbook: Checkout outage", "Attached because")
    await ada.press(card, "Start")
    await expect(card).to_contain_text("started @Ada Lovelace")
    await ada.press(card, "Done")
    await expect(card).to_contain_text("1 of 11 steps settled")


async def resolve(ada: Window) -> None:
    await ada.press(ada.message(TITLE, "Impact"), "More")
    await ada.press(ada.message("Only visible to you"), "Resolve incident")
    await ada.answer("Resolve incident", "Resolve", what_ended_it="Release 1.84 rolled back.")
    await expect(ada.message("INC-1 is resolved")).to_be_visible()


async def read_the_timeline(ada: Window) -> None:
    await ada.say("/incident timeline")
    timeline = ada.message("Timeline of INC-1", "Only visible to you")
    for part in ("INC-1 declared", "52 % of EU checkouts fail", "Update 1", "done by", "→ resolved"):
        await expect(timeline).to_contain_text(part)


async def test_a_newcomer_takes_an_incident_from_declaring_it_to_its_timeline(open_window: Open) -> None:
    ada = await open_window("ada")
    for step in (
        declare,
        give_roles,
        pin_what_was_said,
        let_the_update_fall_due,
        do_a_step,
        resolve,
        read_the_timeline,
    ):
        await step(ada)
