"""The demo's own dialogue, from declare to the final timeline: every step of it is seen to happen."""

import pytest

from bot.demo import play as demo


async def test_every_step_of_the_demo_is_seen_to_happen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "PORT", 0)
    assert await demo.play(once=True) == 0
    assert "steps were seen to happen" in capsys.readouterr().out
