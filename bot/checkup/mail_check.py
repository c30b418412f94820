"""Does the mail server take our login? It is connected to, and nothing is sent."""

from typing import Final

from bot.checkup.finding import Finding, bad, ok, warn
from bot.mail.mail_server import Encryption, MailServer, is_this_machine, mail_server, sender_of
from bot.mail.smtp_mail import SmtpMail
from bot.ports import Unavailable
from bot.settings import Settings

PART: Final = "mail"


async def check_mail(settings: Settings) -> list[Finding]:
    if settings.smtp_url is None or settings.mail_from is None:
        return [ok(PART, "No invitation is sent by e-mail: SMTP_URL is not set.")]
    server, sender = mail_server(settings.smtp_url.get_secret_value()), sender_of(settings.mail_from)
    try:
        await SmtpMail(server, sender).probe()
    except Unavailable as failure:
        sentence = f"Mail cannot be sent through {server.name}, {server.encryption}: {failure.reason}."
        return [bad(PART, sentence.replace("..", "."), "Correct SMTP_URL: .env.example lists its forms.")]
    login = f", logged in as {server.user}" if server.user else ""
    works = f"Invitations go out from {sender.address} through {server.name}, {server.encryption}{login}."
    return [ok(PART, works), *_overheard(server)]


def _overheard(server: MailServer) -> list[Finding]:
    if server.encryption is not Encryption.NONE or is_this_machine(server.host):
        return []
    what = "Invitations and the password travel" if server.password else "Invitations travel"
    return [warn(PART, f"{what} unencrypted to {server.name}.", "Use smtps:// or smtp:// in SMTP_URL.")]
