"""The keys that seal the log: those of AUDIT_KEY, and with Muster's own server one that lies in its data folder."""

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot.ports import Unavailable
from bot.store.connection import WHAT
from bot.store.seal import SHORTEST_KEY

FILE: Final = "audit.key"


def known_keys(configured: Sequence[str], data_dir: Path | None) -> tuple[str, ...]:
    """The first one seals, all verify; none: nothing is sealed. `data_dir`: of our own server, else None."""
    kept = _kept(data_dir / FILE) if data_dir else None
    return (*configured, *((kept,) if kept and kept not in configured else ()))


def ensure_key(configured: Sequence[str], data_dir: Path) -> tuple[str, ...]:
    """As known_keys; where there is none, one is made, once. Only whoever holds the data folder's lock may ask.

    Raises Unavailable when the key cannot be read or written.
    """
    keys = known_keys(configured, data_dir)
    return keys or (_make(data_dir / FILE),)


def _kept(file: Path) -> str | None:
    try:
        key = file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise Unavailable(WHAT, f"the audit key in {file} cannot be read", retryable=False) from error
    if len(key) < SHORTEST_KEY:
        raise Unavailable(WHAT, f"the audit key in {file} is cut short; put the whole one back", retryable=False)
    return key


def _make(file: Path) -> str:
    """Whole or not at all: a key that a power cut left half-written would seal what nobody can verify."""
    key = secrets.token_hex(32)
    unfinished = file.with_suffix(".new")
    try:
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(f"{key}\n")
            opened.flush()
            os.fsync(descriptor)
        unfinished.rename(file)
    except OSError as error:
        reason = f"the audit key cannot be written to {file} ({error.strerror})"
        raise Unavailable(WHAT, reason, retryable=False) from error
    return key
