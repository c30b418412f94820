"""The words of a text in the form in which they are compared: whoever writes and whoever searches is read alike.

Case and Latin accents do not count, nor does an English plural. Other scripts stay as they are; Chinese, Japanese and
Korean, which put no spaces between words, are read by pairs of signs. Pure.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

LONGEST_WORD: Final = 40
"""Characters; the beginning of a longer one (a hash, an address) tells it apart."""

_ASCII_WORD: Final = re.compile(r"[A-Za-z0-9]+")
_WITHOUT_SPACES: Final = re.compile(
    "([\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+)"
)
"""Han, kana and hangul."""
_TOKEN: Final = re.compile(r"<([^<>]*)>")
_LETTERS: Final = {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"}
"""Latin letters that Unicode does not take apart."""
_PLURALS_IN_ES: Final = ("sses", "xes", "shes", "ches")
_NO_PLURALS: Final = ("ss", "us", "is")
_EVERYWHERE: Final = re.compile(
    "a|about|after|again|all|also|an|and|any|are|as|at|be|been|before|being|but|by|can|could|did|do|does|for|from|had|has|"
    "have|he|her|here|his|how|https?|i|if|in|inc|into|is|it|its|just|may|more|most|my|no|not|now|of|off|on|or|our|out|"
    "over|she|should|since|so|some|still|than|that|the|their|them|then|there|these|they|this|those|to|too|up|us|very|"
    "was|we|were|what|when|where|which|while|who|why|will|with|would|www|yes|you|your"
)
"""Words that tell nothing apart."""


def words_of(text: str) -> dict[str, str]:
    """Each word once, in order: its compared form, and how it stands in the text. `text` is as people read it."""
    found: dict[str, str] = {}
    for written in _split(text):
        for compared in _compared(written):
            found.setdefault(compared, compared if _WITHOUT_SPACES.match(compared) else written.lower())
    return found


def as_read(message: str) -> str:
    """A message in Slack's own form (<tokens>, entities) for `words_of`: the words of links, nobody's id."""
    bare = _TOKEN.sub(lambda token: f" {_of_token(token[1])} ", message)
    return bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def mark(kind: str, name: str) -> str:
    """Stands among words for something that an incident has ('service:checkout'); no text holds it as a word."""
    return f"{kind}:{'_'.join(name.casefold().split())}"


def _of_token(inside: str) -> str:
    target, _, label = inside.partition("|")
    return label if target.startswith(("@", "#", "!")) else f"{target} {label}"


def _split(text: str) -> Iterable[str]:
    if text.isascii():
        return _ASCII_WORD.findall(text)
    return "".join(_part(sign) for sign in unicodedata.normalize("NFKC", text)).split()


@lru_cache(maxsize=4096)
def _part(sign: str) -> str:
    """Itself within a word, nothing where it only joins or shapes, else a space."""
    category = unicodedata.category(sign)
    if category[0] in "LNM":
        return sign
    return "" if category == "Cf" else " "


@lru_cache(maxsize=8192)
def _compared(written: str) -> tuple[str, ...]:
    return tuple(_forms(written.casefold()))


def _forms(low: str) -> Iterator[str]:
    for odd, part in enumerate(_WITHOUT_SPACES.split(low)):
        if odd % 2:
            yield from _pairs(part)
        elif (word := _plain(part)) and (len(word) > 1 or not word.isascii()) and not _EVERYWHERE.fullmatch(word):
            yield _stem(word)[:LONGEST_WORD]


def _pairs(signs: str) -> Iterator[str]:
    if len(signs) == 1:
        yield signs
    for at in range(len(signs) - 1):
        yield signs[at : at + 2]


def _plain(word: str) -> str:
    return word if word.isascii() else "".join(_bare(letter) for letter in word)


@lru_cache(maxsize=4096)
def _bare(letter: str) -> str:
    """A Latin letter without its accents; a letter of another script as it is."""
    taken_apart = unicodedata.normalize("NFD", letter)
    if taken_apart[0].isascii():
        return "".join(part for part in taken_apart if part.isascii())
    return _LETTERS.get(letter, letter)


def _stem(word: str) -> str:
    """Without an English plural, and without the e that some plurals take: 'replicas', 'crashes', 'queries'."""
    if len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(_PLURALS_IN_ES):
        return word[:-2]
    if word.endswith("s") and not word.endswith(_NO_PLURALS):
        word = word[:-1]
    return word[:-1] if word.endswith("e") and len(word) > 4 else word
