"""Letters handed to a real mail server on loopback, and what becomes of them when it behaves badly."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.calendar.appointment import Mailbox
from bot.mail.mail_server import Encryption, MailServer
from bot.mail.smtp_mail import COME_BACK_IN, MOST_AT_ONCE, SmtpMail
from bot.ports import MAIL, Unavailable
from bot.slack_ports import Refused
from tests.calendar.appointments import event_of
from tests.mail.certificates import Certificate
from tests.mail.letters import SENDER, letter, mail_through
from tests.mail.post_office import PostOffice

SOON = timedelta(seconds=0.2)


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with PostOffice() as open_one:
        yield open_one


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate.made_in(tmp_path_factory.mktemp("certificate"))


async def failure(mail: SmtpMail, **changed: Any) -> Unavailable:
    with pytest.raises(Unavailable) as caught:
        await mail.send(letter(**changed))
    assert caught.value.what == MAIL
    assert caught.value.retryable
    return caught.value


async def test_a_letter_arrives_with_its_invitation(office: PostOffice) -> None:
    await mail_through(office).send(letter())
    (arrived,) = office.letters
    assert office.recipients == ["ada@example.org"]
    assert arrived["From"] == "Muster <muster@example.org>"
    (invitation,) = [part for part in arrived.walk() if part.get_content_type() == "text/calendar"]
    content = invitation.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert event_of(content).uid.value == "INC-42.T0123@muster"


async def test_it_logs_in_where_that_is_asked_for() -> None:
    async with PostOffice(users={"muster": "p@ss word"}) as office:
        await mail_through(office, "muster:p%40ss%20word@").send(letter())
        assert office.logged_in == ["muster"]
        assert len(office.letters) == 1


async def test_a_refused_login_is_no_letters_fault_and_never_tells_the_password() -> None:
    async with PostOffice(users={"muster": "right"}) as office:
        refused = await failure(mail_through(office, "muster:hunter2@"))
        assert refused.reason.startswith("the login is refused (535")
        assert "hunter2" not in f"{refused!r} {refused.__cause__!r} {mail_through(office, 'muster:hunter2@')!r}"


async def test_a_server_that_wants_a_login_and_got_none_is_no_letters_fault() -> None:
    async with PostOffice(users={"muster": "right"}) as office:
        assert (await failure(mail_through(office))).reason.startswith("530")


@pytest.mark.parametrize("encryption", [Encryption.STARTTLS, Encryption.TLS])
async def test_it_is_encrypted(certificate: Certificate, encryption: Encryption) -> None:
    from_the_start = encryption is Encryption.TLS
    async with PostOffice(tls=certificate.served(), tls_from_the_start=from_the_start, users={"a": "b"}) as office:
        server = MailServer(host="localhost", port=office.port, encryption=encryption, user="a", password="b")
        await SmtpMail(server, SENDER, tls=certificate.trusted()).send(letter())
        assert office.encrypted == [True]


@pytest.mark.parametrize("encryption", [Encryption.STARTTLS, Encryption.TLS])
async def test_a_certificate_that_nobody_vouches_for_is_refused(
    certificate: Certificate, encryption: Encryption
) -> None:
    from_the_start = encryption is Encryption.TLS
    async with PostOffice(tls=certificate.served(), tls_from_the_start=from_the_start) as office:
        server = MailServer(host="localhost", port=office.port, encryption=encryption)
        assert "certificate verify failed" in (await failure(SmtpMail(server, SENDER))).reason
        assert office.letters == []


async def test_a_certificate_of_another_host_is_refused(certificate: Certificate) -> None:
    async with PostOffice(tls=certificate.served()) as office:
        server = MailServer(host="127.0.0.1", port=office.port, encryption=Encryption.STARTTLS)
        refused = await failure(SmtpMail(server, SENDER, tls=certificate.trusted()))
        assert "certificate is not valid for '127.0.0.1'" in refused.reason


async def test_without_the_encryption_that_is_asked_for_nothing_is_sent(office: PostOffice) -> None:
    server = MailServer(host="127.0.0.1", port=office.port, encryption=Encryption.STARTTLS, user="a", password="b")
    assert "STARTTLS" in (await failure(SmtpMail(server, SENDER))).reason
    assert office.letters == []


async def test_a_greylisted_letter_is_taken_when_it_comes_again(office: PostOffice) -> None:
    office.says["RCPT"] = ["451 4.7.1 <ADA@example.org>: Greylisted, come again"]
    mail = mail_through(office)
    later = await failure(mail)
    assert later.reason == "451 4.7.1 <…>: Greylisted, come again"
    assert not later.unknown
    await mail.send(letter())
    assert len(office.letters) == 1


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
async def test_what_is_refused_for_good_is_not_tried_again(office: PostOffice, command: str) -> None:
    office.says[command] = ["550 5.1.1 ada@example.org: no such user"]
    with pytest.raises(Refused, match="the mail server does not take it") as refused:
        await mail_through(office).send(letter())
    assert "550 5.1.1 …: no such user" in str(refused.value)
    assert office.letters == []


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
async def test_a_server_that_is_busy_is_asked_again(office: PostOffice, command: str) -> None:
    office.says[command] = ["421 4.3.2 going down"]
    assert not (await failure(mail_through(office))).unknown


@pytest.mark.parametrize(("command", "unknown"), [("MAIL", False), ("RCPT", False), ("DATA", True)])
async def test_a_lost_connection_leaves_it_open_only_once_the_letter_was_handed_over(
    office: PostOffice, command: str, unknown: bool
) -> None:
    office.says[command] = ["drop"]
    assert (await failure(mail_through(office))).unknown is unknown


async def test_a_letter_that_was_taken_without_an_answer_is_the_same_letter_when_repeated(office: PostOffice) -> None:
    office.says["DATA"] = ["drop after"]
    assert (await failure(mail_through(office))).unknown
    await mail_through(office).send(letter())
    first, second = office.letters
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize(("command", "unknown"), [("RCPT", False), ("DATA", True)])
async def test_a_slow_server_is_not_waited_for_for_ever(office: PostOffice, command: str, unknown: bool) -> None:
    office.says[command] = ["stall"]
    late = await failure(mail_through(office, patience=SOON))
    assert (late.reason, late.unknown) == ("no answer in time", unknown)


async def test_a_server_that_cannot_be_reached_is_tried_again(office: PostOffice) -> None:
    server = MailServer(host="127.0.0.1", port=office.port, encryption=Encryption.NONE)
    await office.__aexit__(None, None, None)
    assert "Error connecting" in (await failure(SmtpMail(server, SENDER))).reason


async def test_what_answers_without_being_a_mail_server_is_no_answer() -> None:
    async def chatter(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(chatter, "127.0.0.1", 0)
    async with listening:
        server = MailServer(host="127.0.0.1", port=listening.sockets[0].getsockname()[1], encryption=Encryption.NONE)
        assert "HTTP/1.1" in (await failure(SmtpMail(server, SENDER))).reason


async def test_an_address_that_is_none_is_refused_without_a_connection(office: PostOffice) -> None:
    with pytest.raises(Refused, match="none that mail can be sent to"):
        await mail_through(office).send(letter(to=Mailbox(address="ada@example.org>\r\nRCPT TO:<mallory@example.org")))
    assert office.recipients == []


async def test_only_a_few_letters_are_handed_over_at_once_and_no_other_waits(office: PostOffice) -> None:
    mail = mail_through(office)
    ended = await asyncio.gather(*(mail.send(letter(id=str(number))) for number in range(12)), return_exceptions=True)
    assert len(office.letters) == ended.count(None) == MOST_AT_ONCE
    for busy in filter(None, ended):
        assert isinstance(busy, Unavailable)
        assert (busy.after, busy.unknown) == (COME_BACK_IN, False)
    await mail.send(letter(id="at last"))
