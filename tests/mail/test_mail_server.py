"""What SMTP_URL and MAIL_FROM mean."""

import pytest

from bot.calendar.appointment import Mailbox
from bot.mail.mail_server import Encryption, MailServer, mail_server, sender_of


@pytest.mark.parametrize(
    ("url", "name", "encryption"),
    [
        ("smtp://mail.example.org", "mail.example.org:587", Encryption.STARTTLS),
        ("smtp://mail.example.org:2525", "mail.example.org:2525", Encryption.STARTTLS),
        ("smtps://mail.example.org", "mail.example.org:465", Encryption.TLS),
        ("smtps://localhost", "localhost:465", Encryption.TLS),
        ("smtp://localhost", "localhost:25", Encryption.NONE),
        ("smtp://[::1]:1025", "::1:1025", Encryption.NONE),
        ("smtp+plain://mail.example.org", "mail.example.org:25", Encryption.NONE),
    ],
)
def test_what_is_sent_to_another_machine_is_encrypted_unless_the_url_says_otherwise(
    url: str, name: str, encryption: Encryption
) -> None:
    server = mail_server(url)
    assert (server.name, server.encryption) == (name, encryption)


def test_user_and_password_may_hold_any_sign() -> None:
    server = mail_server("smtp://ops%40example.org:p%3A%2F%40ss@mail.example.org")
    assert (server.user, server.password) == ("ops@example.org", "p:/@ss")


def test_the_password_is_not_shown() -> None:
    assert "hunter2" not in repr(
        MailServer(host="a", port=1, encryption=Encryption.TLS, user="muster", password="hunter2")
    )


@pytest.mark.parametrize(
    ("mail_from", "sender"),
    [
        ("muster@example.org", Mailbox(address="muster@example.org", name="Muster")),
        ('"Incidents, Acme" <ops@example.org>', Mailbox(address="ops@example.org", name="Incidents, Acme")),
    ],
)
def test_a_sender_is_an_address_and_may_have_a_name(mail_from: str, sender: Mailbox) -> None:
    assert sender_of(mail_from) == sender
