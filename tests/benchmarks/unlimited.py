"""Muster as `muster run` has it, but for Slack's published rates: what they allow (20 channels a minute) would hide
what the machine can do. The floor knows no limits either.
"""

import asyncio
from typing import Final

from bot.parts import Pace
from bot.running import run
from bot.settings import read_settings

A_LOT: Final = 1e6

if __name__ == "__main__":
    asyncio.run(run(read_settings(), pace=Pace(posts_a_second=A_LOT, calls_a_minute=dict.fromkeys(range(1, 5), A_LOT))))
