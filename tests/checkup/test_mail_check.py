"""`muster check` and the mail server: it is asked, and nothing is sent."""

from bot.checkup.finding import Level
from bot.checkup.mail_check import check_mail
from bot.settings import Settings
from tests.mail.post_office import PostOffice


def settings(**given: str) -> Settings:
    return Settings.model_validate({"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1", **given})


async def test_a_login_that_works_is_told_without_the_password() -> None:
    async with PostOffice(users={"muster": "hunter2"}) as office:
        given = settings(smtp_url=office.url("muster:hunter2@"), mail_from="muster@example.org")
        (found,) = await check_mail(given)
        assert found.level is Level.OK
        assert "from muster@example.org" in found.sentence
        assert "logged in as muster" in found.sentence
        assert "hunter2" not in found.sentence
        assert office.letters == []


async def test_a_login_that_is_refused_is_to_be_mended() -> None:
    async with PostOffice(users={"muster": "right"}) as office:
        given = settings(smtp_url=office.url("muster:hunter2@"), mail_from="muster@example.org")
        (found,) = await check_mail(given)
        assert found.level is Level.BAD
        assert "the login is refused (535" in found.sentence
        assert "hunter2" not in f"{found.sentence} {found.advice}"


async def test_without_a_mail_server_there_is_nothing_to_mend() -> None:
    (found,) = await check_mail(settings())
    assert (found.level, found.sentence) == (Level.OK, "No invitation is sent by e-mail: SMTP_URL is not set.")
