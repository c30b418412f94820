"""With Muster's own server a key is made once, for its user only, and is never silently made anew."""

from pathlib import Path

import pytest

from bot.ports import Unavailable
from bot.store.audit_key import FILE, ensure_key, known_keys

KEY = "k" * 32


def test_it_is_made_once_and_only_its_user_can_read_it(tmp_path: Path) -> None:
    (key,) = ensure_key((), tmp_path)
    assert len(key) == 64
    assert ensure_key((), tmp_path) == (key,)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == [FILE]


def test_a_key_of_the_settings_seals_and_the_made_one_still_verifies(tmp_path: Path) -> None:
    (made,) = ensure_key((), tmp_path)
    assert ensure_key((KEY,), tmp_path) == (KEY, made)


def test_where_a_key_is_set_none_is_made(tmp_path: Path) -> None:
    assert ensure_key((KEY,), tmp_path) == (KEY,)
    assert not (tmp_path / FILE).exists()


def test_looking_makes_none(tmp_path: Path) -> None:
    assert known_keys((), tmp_path) == ()
    assert known_keys((), None) == ()


def test_a_key_that_was_cut_short_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("")
    with pytest.raises(Unavailable, match="cut short"):
        ensure_key((), tmp_path)
