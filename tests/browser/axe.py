"""Faults of accessibility, as axe-core finds them. Only axe-core is used of the package that brings it."""

from importlib.resources import files
from typing import Any, Final

from playwright.async_api import Page

_AXE: Final = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
_SERIOUS: Final = frozenset({"serious", "critical"})


async def serious_violations(page: Page) -> list[str]:
    """A line a rule that is broken: what it asks for, and the elements that break it."""
    await page.evaluate(f"() => {{ {_AXE} }}")
    found = await page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [_line(each) for each in found["violations"] if each["impact"] in _SERIOUS]


def _line(violation: dict[str, Any]) -> str:
    where = "; ".join(f"{node['html'][:200]} ({node['failureSummary']})" for node in violation["nodes"][:5])
    return f"{violation['id']}: {violation['help']}: {len(violation['nodes'])} x: {where}"
