"""How the workspace says no: Slack's error codes, and nothing of the project's own failures."""

from typing import Any

Json = dict[str, Any]


class Refusal(Exception):  # noqa: N818 - an answer, not an error of ours
    """A Web API answer with `ok: false`. `details` are further fields of that answer."""

    def __init__(self, error: str, **details: Any) -> None:
        super().__init__(error)
        self.error = error
        self.details = details

    def answer(self) -> Json:
        return {"ok": False, "error": self.error, **self.details}


def invalid(pointer: str, problem: str, error: str = "invalid_arguments") -> Refusal:
    """A refusal in Slack's wording: `[ERROR] must be less than 25 characters [json-pointer:/view/title]`."""
    return Refusal(error, response_metadata={"messages": [f"[ERROR] {problem} [json-pointer:{pointer}]"]})
