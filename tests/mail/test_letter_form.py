"""The bytes of a message: what mail programs act on, and what no text of people's can change."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar.appointment import Mailbox, Method
from bot.calendar.plain_text import lines, one_line
from bot.mail.letter_form import is_deliverable, message, message_id
from bot.ports import Letter
from tests.calendar.appointments import BEN
from tests.mail.letters import SENDER, letter

HOSTILE: Final = (
    "x\r\nBcc: mallory@example.org",
    "x\nContent-Type: text/html\n\n<b>",
    'Ada", <mallory@example.org>',
    "=?utf-8?q?Bcc:=20mallory?=",
    "x\u2028Bcc: mallory@example.org\x85\x0b\x00\ud800",
    'a, b; c: d (e) <f@g> [h] \\ "i',
    "ä" * 300,
    ".\r\n.\r\nMAIL FROM:<mallory@example.org>",
)
ANYTHING: Final = st.one_of(st.text(), st.sampled_from(HOSTILE), st.builds("".join, st.lists(st.sampled_from(HOSTILE))))
HEADERS: Final = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]


def read(sent: Letter) -> EmailMessage:
    return message_from_bytes(message(sent, SENDER), policy=policy.default)


def parts(read_again: EmailMessage) -> dict[str, EmailMessage]:
    return {part.get_content_type(): part for part in read_again.walk() if not part.is_multipart()}


def test_a_letter_has_the_text_the_invitation_and_the_invitation_as_a_file() -> None:
    sent = letter()
    found = parts(read(sent))
    assert list(found) == ["text/plain", "text/calendar", "application/ics"]
    assert found["text/plain"].get_content().splitlines() == sent.text.splitlines()
    assert found["text/calendar"]["Content-Type"].params == {"charset": "utf-8", "method": "REQUEST"}
    assert found["text/calendar"].get_payload(decode=True) == sent.calendar
    assert found["application/ics"].get_payload(decode=True) == sent.calendar
    assert found["application/ics"].get_filename() == "invite.ics"


def test_the_type_says_the_method_that_the_invitation_says() -> None:
    assert parts(read(letter(method=Method.CANCEL)))["text/calendar"]["Content-Type"].params["method"] == "CANCEL"


def test_no_machine_is_to_answer_it() -> None:
    assert read(letter())["Auto-Submitted"] == "auto-generated"


def test_a_repetition_has_the_same_id_and_no_other_letter_has_it() -> None:
    assert read(letter())["Message-ID"] == read(letter(text="Said otherwise."))["Message-ID"]
    others = [letter(), letter(id="INC-42.T0123.1"), letter(to=BEN)]
    assert len({message_id(each, SENDER) for each in others}) == 3
    assert message_id(letter(), SENDER).endswith("@example.org>")


def test_it_passes_where_only_seven_bits_do() -> None:
    assert message(letter(subject="Überprüfung", text="ä" * 2000), SENDER).isascii()


def test_no_line_is_longer_than_a_mail_server_takes() -> None:
    sent = message(letter(subject="x" * 3000, text="y" * 3000), SENDER)
    assert max(len(line) for line in sent.split(b"\r\n")) <= 998  # RFC 5322, 2.1.1


@settings(deadline=None, derandomize=True, database=None)
@given(subject=ANYTHING, text=ANYTHING, name=ANYTHING)
def test_no_text_adds_a_header_a_part_or_a_recipient(subject: str, text: str, name: str) -> None:
    again = read(letter(subject=subject, text=text, to=Mailbox(address="ada@example.org", name=name)))
    assert again.keys() == HEADERS
    assert [each.addr_spec for each in again["To"].addresses] == ["ada@example.org"]
    assert list(parts(again)) == ["text/plain", "text/calendar", "application/ics"]


@settings(deadline=None, derandomize=True, database=None)
@given(text=ANYTHING)
def test_the_text_reads_back(text: str) -> None:
    read_again = parts(read(letter(text=f"> {text}")))["text/plain"].get_content()
    assert read_again.splitlines() == lines(f"> {text}").splitlines()


@pytest.mark.parametrize("subject", ["Review of INC-42: Überlast (50 %)", 'say "hi"', "日本語 " * 30])
def test_a_subject_reads_back(subject: str) -> None:
    assert read(letter(subject=subject))["Subject"] == one_line(subject)


@pytest.mark.parametrize("address", ["ada@example.org", "a.b+c@mail.example.co.uk", "root@localhost"])
def test_what_mail_can_be_sent_to(address: str) -> None:
    assert is_deliverable(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "ada@",
        "a b@example.org",
        "a@b@c",
        "<a@b.c>",
        "a@b.c\n",
        "a\r\n@b.c",
        "ä@b.c",
        'a"@b.c',
        "a@b.c,d@e.f",
    ],
)
def test_what_mail_cannot_be_sent_to(address: str) -> None:
    assert not is_deliverable(address)
