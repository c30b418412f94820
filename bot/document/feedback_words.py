"""What those who took part say of how it went, as it stands in a document. Pure; the core says what may be shown."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from bot.document.markdown import NOTHING, Markdown, blocks, bullets, escape, fill, join
from bot.document.wording import Wording
from bot.incident.feedback import Heard, Informed, Led, Said

WHO_LED: Final = "Was it clear who led?"
IN_TIME: Final = "Did updates reach you in time?"
WHAT_CHANGES: Final = "What should change?"

_NOBODY_ASKED: Final = Markdown("Nobody has been asked yet.")
_NONE_SHOWN: Final = Markdown("No answers can be shown yet.")


def feedback(heard: Heard, wording: Wording) -> Markdown:
    """How often each was said, then all that should change, in an order that says nothing of who or when."""
    if not heard.asked:
        return _NOBODY_ASKED
    asked = fill("Asked: {n}.", n=escape(str(heard.asked)))
    if not heard.said:
        return join(" ", (asked, _NONE_SHOWN))
    counted = bullets(
        (
            _tally(WHO_LED, (each.answer.led for each in heard.said), Led),
            _tally(IN_TIME, (each.answer.informed for each in heard.said), Informed),
        )
    )
    written = bullets(_text(each, wording) for each in heard.said if each.answer.change)
    shown = fill("Answers shown: {n}.", n=escape(str(len(heard.said))))
    return blocks(join(" ", (asked, shown)), counted, escape(WHAT_CHANGES) if written else NOTHING, written)


def _tally(question: str, chosen: Iterable[StrEnum | None], words: type[StrEnum]) -> Markdown:
    counts = Counter(each for each in chosen if each)
    found = [fill("{n} {word}", n=escape(str(counts[word])), word=escape(word)) for word in words if counts[word]]
    return fill("{question} {found}", question=escape(question), found=join(", ", found)) if found else NOTHING


def _text(said: Said, wording: Wording) -> Markdown:
    text = wording.said(said.answer.change)
    return fill("{who}: {text}", who=wording.person(said.by), text=text) if said.by else text
