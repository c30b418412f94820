"""A rendered Slack message: what every renderer returns and every sender takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Block = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`text` is the phone's notification and is mrkdwn, escaped like the rest; `blocks` is what people see."""

    text: str
    blocks: Sequence[Block] = ()
