"""docs/example-postmortem.md and its picture are what Muster makes of the demo's incident, byte for byte.

`python -m tests.document.demo_incident` writes them anew.
"""

import pytest

from bot.document.documents import as_bytes
from tests.document.demo_incident import DOCS, STEM, example


@pytest.mark.parametrize("kind", ["md", "svg"])
def test_the_example_is_what_is_made_today(kind: str) -> None:
    name = f"{STEM}.{kind}"
    assert (DOCS / name).read_bytes() == as_bytes(example()[name])
