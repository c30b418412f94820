"""Writing a postmortem together: a section's form is opened, saved, and drawn anew where somebody was faster."""

import asyncio
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bot.incident.postmortem import postmortem
from bot.incident.review_sections import ReviewSection, Writer
from bot.incident.rights import require_full_member
from bot.incident.state import Incident
from bot.incident.terms import IncidentId, Person, Rejected, RequestId
from bot.incident.writing_commands import WriteSection
from bot.incident.writing_evolution import written_versions
from bot.ports import Unavailable
from bot.slack.access import RejectedHere, is_inside, perform, readable
from bot.slack.action_ids import pack
from bot.slack.blocks.known_facts import known_facts
from bot.slack.blocks.postmortem_panel import postmortem_panel
from bot.slack.blocks.section_form import section_form
from bot.slack.blocks.section_reading import all_versions, section_to_read
from bot.slack.lessons import lessons_for
from bot.slack.listening import Desk
from bot.slack.looking import Viewing, number_of
from bot.slack.mrkdwn import Mrkdwn
from bot.slack.replies import Spot, Told, deliver


class WrittenMeanwhile(Rejected):
    """Somebody saved the section first; `view` is the form with both texts, and takes the place of the one sent."""

    def __init__(self, rejected: Rejected, view: dict[str, Any]) -> None:
        super().__init__(rejected.sentence, verb=rejected.verb, field=rejected.field, who=rejected.who)
        self.view = view


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSection:
    """What an open form remembers. `seen`: the version that it shows. `answer_url`: where its panel goes."""

    section: ReviewSection
    seen: int
    in_panel: bool = False
    answer_url: str = ""

    def packed(self, incident: IncidentId) -> str:
        kept = f"{self.section}:{self.seen}:{'panel' if self.in_panel else ''}"
        return pack(incident, kept, self.answer_url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Save:
    by: Person
    incident: IncidentId
    form: OpenSection
    text: str
    view: str


def open_section_of(kept: str, answer_url: str) -> OpenSection:
    """What `packed` made of it. Raises Rejected for what it never made."""
    section, _, rest = kept.partition(":")
    seen, _, panel = rest.partition(":")
    if section not in {*ReviewSection} or not (seen.isascii() and seen.isdigit() and len(seen) < 10):
        raise Rejected("That form is from an older version of Muster; nothing has changed.", verb="postmortem")
    return OpenSection(section=ReviewSection(section), seen=int(seen), in_panel=bool(panel), answer_url=answer_url)


async def open_section(
    desk: Desk, section: ReviewSection, viewing: Viewing, spot: Spot, *, in_panel: bool = False
) -> None:
    """Raises Rejected, Unavailable and Refused."""
    require_full_member(viewing.by)
    incident = await readable(desk, await number_of(desk, viewing), viewing.by)
    if await is_inside(desk, incident, viewing.by):
        seen = incident.section(section).number
        opened = OpenSection(section=section, seen=seen, in_panel=in_panel, answer_url=spot.response_url)
        others = await desk.writers.begins(incident.id, section, viewing.by.id, desk.clock.now())
        view = await _form(desk, incident, opened, writers=others)
    else:
        view = section_to_read(incident, section, await _known(desk, incident, section), desk.clock.now())
    await desk.slack.call(spot.opens_by, trigger_id=spot.trigger, view=view)


async def open_versions(desk: Desk, section: ReviewSection, viewing: Viewing, spot: Spot) -> None:
    """What stood there, each save of it. Raises Rejected, Unavailable and Refused."""
    incident = await readable(desk, await number_of(desk, viewing), viewing.by)
    versions = written_versions(await desk.door.history(incident.id), section)
    view = all_versions(incident, section, versions, desk.clock.now())
    await desk.slack.call(spot.opens_by, trigger_id=spot.trigger, view=view)


async def save_section(desk: Desk, save: Save) -> None:
    """The panel shows it at once. Raises WrittenMeanwhile, Rejected and Unavailable."""
    form = save.form
    command = WriteSection(by=save.by, section=form.section, text=save.text, seen=form.seen)
    try:
        handled = await perform(desk, save.incident, command, _request(save))
    except RejectedHere as rejected:
        stands = rejected.incident.section(form.section)
        if stands.number == form.seen:
            raise
        anew = OpenSection(section=form.section, seen=stands.number, in_panel=form.in_panel, answer_url=form.answer_url)
        raise WrittenMeanwhile(rejected, await _form(desk, rejected.incident, anew, save.text)) from rejected
    with suppress(Unavailable):  # it is saved, whatever else the store can do now
        await desk.writers.ends(save.incident, form.section, save.by.id)
    if form.answer_url:
        learnt = await lessons_for(desk, handled.incident, save.by)
        panel = postmortem_panel(handled.incident, desk.door.policy, desk.clock.now(), learnt)
        await deliver(desk, Told(message=panel, replace=form.in_panel), Spot(response_url=form.answer_url))


def _request(save: Save) -> RequestId:
    """One form can be sent with one text, be told that nobody knows what became of it, and be sent with another."""
    digest = hashlib.sha256(save.text.encode("utf-8", "backslashreplace")).hexdigest()
    return RequestId(f"modal:{save.view}:{save.form.seen}:{digest[:16]}")


async def _form(
    desk: Desk, incident: Incident, opened: OpenSection, typed: str | None = None, writers: Sequence[Writer] = ()
) -> dict[str, Any]:
    known, at = await _known(desk, incident, opened.section), desk.clock.now()
    metadata = opened.packed(incident.id)
    return section_form(incident, opened.section, metadata, known, at, typed=typed, writers=writers)


async def _known(desk: Desk, incident: Incident, section: ReviewSection) -> tuple[Mrkdwn, ...]:
    """Reading a long log takes a while, so it is done apart."""
    history, policy = await desk.door.history(incident.id), desk.door.policy
    draft = await asyncio.to_thread(postmortem, history, policy)
    return known_facts(draft, section, policy)
