"""What effects in Slack are done with, joined."""

from collections.abc import Sequence

from bot.chores import (
    build_freeze_posts,
    build_maintenance_posts,
    build_proposal_posts,
    build_quality_posts,
    build_watchdog_posts,
    build_weekly_posts,
)
from bot.command_handler import CommandHandler
from bot.freeze_keeper import FreezeKeeper
from bot.incident.nearby import MOST_LOOKED_AT, nearby
from bot.incident.service_change import WITHIN, Suspect, suspects
from bot.incident.state import Incident
from bot.incident.surroundings import Surroundings
from bot.incident.terms import Milestone
from bot.maintenance_keeper import MaintenanceKeeper
from bot.parts import Parts
from bot.playbook.templates import read_template
from bot.proposal_keeper import ProposalKeeper
from bot.slack.chat import SlackChat
from bot.slack.directory import SlackDirectory
from bot.slack.papers import Papers
from bot.slack.renderer import BlockRenderer
from bot.slack.still_pictures import StillPictures


def build_chat(
    parts: Parts,
    directory: SlackDirectory,
    handler: CommandHandler,
    *,
    keeper: MaintenanceKeeper,
    freezes: FreezeKeeper,
    proposals: ProposalKeeper,
) -> SlackChat:
    return SlackChat(
        parts.client,
        parts.identity,
        BlockRenderer(lambda: handler.policy, parts.library.guide, parts.identity.permalink),
        directory,
        parts.clock,
        announced=parts.announced,
        history=handler.history,
        archive=parts.store.archive,
        around=lambda incident: _around(parts, keeper, incident),
        frozen=freezes.of,
        rota=parts.store.rota,
        factors=parts.store.factors,
        weekly=lambda posts: build_weekly_posts(parts, directory, posts),
        maintenance=lambda posts: build_maintenance_posts(parts, keeper, posts),
        freezes=lambda posts: build_freeze_posts(parts, freezes, posts),
        watchdogs=lambda posts: build_watchdog_posts(parts, posts),
        proposals=lambda posts: build_proposal_posts(parts, proposals, posts),
        quality=lambda posts: build_quality_posts(parts, posts),
        papers=Papers(
            directory,
            parts.identity.url,
            history=handler.history,
            rules=lambda: (parts.library.policy, read_template(parts.library.folder).text),
            pictures=StillPictures(),
        ),
        mail=parts.mail,
    )


async def _around(parts: Parts, keeper: MaintenanceKeeper, incident: Incident) -> Surroundings:
    """As it is now. Raises Unavailable."""
    now, store = parts.clock.now(), parts.store
    open_ones = await store.log.listings(active=True, most=MOST_LOOKED_AT)
    earlier = await store.log.listings_before(incident.id, MOST_LOOKED_AT)
    found = Surroundings(
        window=await keeper.covering([incident.service]) if incident.service else None,
        suspects=await _suspects(parts, incident),
        neighbours=nearby(incident, [*open_ones, *earlier], parts.library.policy.catalogue, now),
        precedents=await store.archive.precedents(incident, now),
    )
    return found.each_once()


async def _suspects(parts: Parts, incident: Incident) -> Sequence[Suspect]:
    """What was changed shortly before its impact began, in what it affects and needs."""
    began = incident.milestones.get(Milestone.IMPACT_STARTED, incident.declared_at)
    since = min(began, incident.declared_at)
    changes = await parts.store.changes.since(since - WITHIN)
    return suspects(changes, incident.service, since, parts.library.policy.catalogue)
