"""The demo's own dialogue, from declare to the final timeline: every step of it is seen to happen."""

import pytest

from bot.demo.play import play


async def test_every_step_of_the_demo_is_seen_to_happen(capsys: pytest.CaptureFixture[str]) -> None:
    assert await play(once=True, port=0) == 0
    assert "steps were seen to happen" in capsys.readouterr().out
