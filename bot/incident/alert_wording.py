"""Foreign words of alerts as people would write them: without marks of state, leftovers of templates and shouting."""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from bot.incident.declaring import one_line_title

_LONGEST_READ: Final = 1000
"""Of what is longer the rest says nothing that a title has room for."""
_STATES: Final = (
    r"(?:re-?)?(?:triggered|firing|fired|alerting|alert|alarm|problem|pending|warn(?:ing)?|error|critical|crit|info"
    r"|sev-?[1-5]|p[0-5]|#\d+|prio(?:rity)? ?[0-5])"
)
_BRACKETED: Final = re.compile(rf"^[^\w\[]*\[\s*{_STATES}\b[^\]]{{0,80}}\]", re.IGNORECASE)
_LEADING: Final = re.compile(rf"^[^\w\[]*{_STATES}\s*(?::|\s[-–—|]\s|\|)", re.IGNORECASE)
_NAGIOS: Final = re.compile(r"^\W*(?:problem|recovery)\s+(?:service|host) alert:", re.IGNORECASE)
_LEFTOVER: Final = (
    r"(?:<no value>|\[no value\]|<nil>|<none>|%!\w?\([^)]*\)|\{\{[^}]*\}\}|\$\{[^}]*\}|\$\w+(?:\.\w+)*"
    r"|\[ var=[^\]]*\])"
)
_WITH_LEFTOVER: Final = re.compile(
    rf"(?:\s(?:of|on|in|for|at|from|to|by|with|over|above|below|is|was|=))?\s*[\"'(]?{_LEFTOVER}(?:\s?%)?[\"')]?",
    re.IGNORECASE,
)
_ASIDE: Final = re.compile(rf"\s*\([^()]*{_LEFTOVER}[^()]*\)", re.IGNORECASE)
_SUBJECTLESS: Final = re.compile(rf"^[\W]*{_LEFTOVER}", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"\s*[(<]?https?://\S+[)>]?")
_MARKUP: Final = re.compile(
    r"\*\*|__(?=\w)|(?<=\w)__|`+|</?(?:a|b|br|code|em|i|li|p|strong|u|ul)\b[^>]{0,200}>", re.IGNORECASE
)
_EMPTY: Final = re.compile(r"\(\s*\)|\[\s*\]|\"\s*\"|(?<!\w)'\s*'")
_DANGLING: Final = re.compile(r"\s*(?:[,:;|=–—-]|\b(?:of|on|in|for|at|from|to|by|with|is|was|and))+\s*$", re.IGNORECASE)
_NOTHING_SAID: Final = re.compile(rf"\W*(?:{_STATES}|null|none|nil|undefined|unknown|n/a)\W*", re.IGNORECASE)
_FEWEST_WORDS: Final = 3
"""With fewer left where a template had gaps, the alert's name says more."""
_SHORTCODE: Final = re.compile(r"^\s*(?::[a-z0-9_+-]{2,40}:\s*)+")

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9_.:-]+")
_REVERSED: Final = re.compile(r"^(?:com|org|net|io|dev|app|eu|de|example)\.[\w-]+\.(?=[\w-]+\.?)")
"""How types of events begin: with a domain from its end."""
_ADDRESSED: Final = re.compile(r"[\w-]+(?:\.[\w-]+)*(?::\d+|\.(?:com|net|org|io|dev|local|internal|svc|example))")
_ACRONYMS: Final = re.compile(
    r"API|AWS|CDN|CI|CPU|DB|DNS|EC2|EU|GC|GCP|GPU|HTTPS?|ID|IO|IP|JVM|K8S|LB|OOM|OS|PVC|RAM|RDS|S3|SL[AIO]|SMTP|SQL"
    r"|SQS|SSD|SSH|SSL|TCP|TLS|TTL|UDP|UI|UK|URL|US|VM|VPN",
    re.IGNORECASE,
)


def without_noise(text: str) -> str:
    """One line in sentence case: "[FIRING:1] HIGH ERROR RATE ON <no value>" -> "High error rate".

    Empty where what is left has no subject any more, and where nothing is left.
    """
    said = _unmarked(_first_line(text[:_LONGEST_READ]))
    if _SUBJECTLESS.match(said):
        return ""
    filled = _WITH_LEFTOVER.sub("", _ASIDE.sub("", said))
    has_gaps = filled != said
    said = _tidy(_EMPTY.sub("", _ADDRESS.sub("", filled)))
    if _NOTHING_SAID.fullmatch(said) or (has_gaps and len(said.split()) < _FEWEST_WORDS):
        return ""
    return _calm(_begun(said))


def readable(name: str) -> str:
    """HighErrorRate -> High error rate, com.acme.backup.late -> Backup late; what has several words stays as it is,
    and so does an address.
    """
    if not _IDENTIFIER.fullmatch(name) or _ADDRESSED.fullmatch(name):
        return name
    return _sentence(" ".join(re.split(r"[_.:\s-]+", _HUMP.sub(" ", _REVERSED.sub("", name, count=1)))))


def _first_line(text: str) -> str:
    lines = (one_line_title(line) for line in text.splitlines())
    return next(filter(None, lines), "")


def _unmarked(text: str) -> str:
    """Without what stands before the sentence: states, severities, little pictures; and without markup."""
    said, before = _MARKUP.sub("", text).strip(), ""
    while said != before:
        before = said
        said = _without_pictures(_SHORTCODE.sub("", said))
        for noise in (_BRACKETED, _NAGIOS, _LEADING):
            said = noise.sub("", said, count=1).strip()
    return said.strip(" *|")


def _without_pictures(text: str) -> str:
    first = next((at for at, sign in enumerate(text) if not _is_picture(sign)), len(text))
    return text[first:]


def _is_picture(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) in {"So", "Sk"} or sign in "\ufe0f\u200d"


def _tidy(text: str) -> str:
    spaced = re.sub(r"\s+([,.;:!?)])", r"\1", " ".join(text.split()))
    return _DANGLING.sub("", spaced).strip(" *|")


def _begun(text: str) -> str:
    """A name in one word at its beginning is read out: "CheckoutHighErrorRate (prod)". Two humps may be a product's."""
    first, space, rest = text.partition(" ")
    bare = first.rstrip(":,")
    humps = len(_HUMP.findall(bare))
    is_name = _IDENTIFIER.fullmatch(bare) is not None and (
        humps >= 2 or "_" in bare or (not rest and (humps == 1 or "." in bare))
    )
    return f"{readable(bare)}{first[len(bare) :]}{space}{rest}" if is_name else text


def _calm(text: str) -> str:
    """Nobody shouts a title. Few letters, and names with digits or hyphens, are no shouting."""
    letters = [sign for sign in text if sign.isalpha()]
    shouted = " " in text and len(letters) >= 6 and all(sign.isupper() for sign in letters)
    return _sentence(text, lambda word: word.isalpha()) if shouted else _capital(text)


def _sentence(text: str, lowered: Callable[[str], bool] | None = None) -> str:
    """`lowered`: which words of capitals are written small; without it none is."""
    words = text.split()
    return _capital(" ".join(_cased(word, lowered) for word in words))


def _capital(text: str) -> str:
    """A name with digits or hyphens stays as its machine is called."""
    first = text.partition(" ")[0].rstrip(":,")
    return text[:1].upper() + text[1:] if first.isalpha() else text


def _cased(word: str, lowered: Callable[[str], bool] | None) -> str:
    bare = word.strip("()[]:,;.!?'\"")
    if _ACRONYMS.fullmatch(bare):
        return word.upper()
    if word.isupper() and not (lowered and lowered(bare)):
        return word
    return word.lower()
