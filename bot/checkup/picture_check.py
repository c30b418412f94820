"""Can the picture of an incident be shown in Slack? It is tried with a small one."""

from typing import Final

from bot.checkup.finding import Finding, ok, warn
from bot.slack.still_pictures import Lack, NoPixels, StillPictures

PART: Final = "picture"
_SAMPLE: Final = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0 h9 v9 Z"/></svg>'
_LIBRARY: Final = "Install resvg-py, as `make install` does, or Muster with its extra `picture`."
_FONT: Final = "Install a font, such as DejaVu Sans (on Debian: fonts-dejavu-core)."
_AGAIN: Final = "Try again; if it stays so, reinstall resvg-py."


async def check_picture(pictures: StillPictures | None = None) -> Finding:
    try:
        await (pictures or StillPictures()).png(_SAMPLE)
    except NoPixels as without:
        return _lacking(without.lack)
    return ok(PART, "The picture of an incident can be shown in Slack.")


def _lacking(lack: Lack) -> Finding:
    """The file is there either way; only Slack shows no SVG."""
    sentence = f"The picture of an incident is uploaded as SVG, which Slack does not show: {lack}."
    match lack:
        case Lack.NO_LIBRARY:
            return ok(PART, sentence, _LIBRARY)
        case Lack.NO_FONT:
            return warn(PART, sentence, _FONT)
    return warn(PART, sentence, _AGAIN)
