"""Texts of playbooks and guides for the tests of this folder."""

from bot.incident.terms import Severity, Step
from bot.playbook.document import Match, Playbook, parse

STEP = "- [ ] Stop the rollout\n"

PLAYBOOK = """---
id: bad-deploy
title: Bad deploy
severities: [SEV1, SEV2]
words: [deploy]
review_by: 2027-05-01
---

# Bad deploy

Roll back first.

## Stop

- [ ] Stop the rollout *(operations lead, 5 min, id: stop)*

  Pause the pipeline too.

  ```sh
  kubectl rollout pause deployment/<service>
  ```

  Verify: nothing moves.

  Rollback: resume it.
- [ ] Look at the numbers
"""

GUIDE = """---
title: Scribe's guide
role: scribe
---

You keep the record.

Add what Slack does not see.

- [ ] Read the channel
- [ ] Mark decisions
- [ ] Ask when it began
- [ ] Fill the gaps
"""


def one_step(text: str) -> Step:
    """The only step of the text."""
    (step,) = parse("# Title\n\n" + text, source="playbooks/it.md").steps
    return step


def playbook(
    name: str,
    *,
    severities: tuple[Severity, ...] = (),
    services: tuple[str, ...] = (),
    words: tuple[str, ...] = (),
    labels: dict[str, tuple[str, ...]] | None = None,
) -> Playbook:
    match = Match(severities=severities, services=services, words=words, labels=labels or {})
    title = name.replace("-", " ").capitalize()
    steps = (Step(id="1", title="Look"),)
    return Playbook(id=name, title=title, steps=steps, source=f"playbooks/{name}.md", revision="0", match=match)
