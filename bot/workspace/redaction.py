"""Takes every token out of what is shown of the journal, whatever field it stands in."""

import json
import re
from typing import Any

from bot.workspace.install import Install

HIDDEN = "(hidden)"
TOKEN = re.compile(r"x(?:ox[a-z]|app)-[\w-]{8,}")
TICKET = re.compile(r"(?<=[?&]ticket=)\w+")
"""Opens one socket of the app, as the address that holds it says."""


def without_tokens(entries: list[Any], install: Install) -> str:
    """As JSON. The secrets of this workspace, and whatever else looks like a token of Slack's."""
    text = json.dumps(entries)
    for secret in (install.bot_token, install.app_token, install.signing_secret, install.verification_token):
        text = text.replace(secret, HIDDEN)
    return TICKET.sub(HIDDEN, TOKEN.sub(HIDDEN, text))
