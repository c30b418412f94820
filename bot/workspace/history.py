"""Parts of a channel as the page reads it: a window of its messages, single ones, and threads. What it costs depends on
what is asked for, not on what the channel holds.
"""

from bisect import bisect_left, bisect_right

from bot.workspace.cast import Account
from bot.workspace.refusal import Json, Refusal
from bot.workspace.seeing import Question, channel_of
from bot.workspace.shown import shown_message
from bot.workspace.site import Site
from bot.workspace.team import Channel

USUAL = 50
MOST = 200


def limit_of(args: Json) -> int:
    asked = str(args.get("limit") or USUAL)
    if not asked.isdecimal():
        raise Refusal("invalid_arguments", argument="limit")
    return max(1, min(int(asked), MOST))


def window(channel: Channel, args: Json) -> tuple[int, int]:
    """Where in `channel.top` the part begins and ends that lies before, after or around a ts, or is the newest."""
    top, limit = channel.top, limit_of(args)
    if before := args.get("before"):
        end = bisect_left(top, before)
        return max(0, end - limit), end
    if after := args.get("after"):
        start = bisect_right(top, after)
        return start, min(len(top), start + limit)
    if around := args.get("around"):
        parent = str(channel.messages.get(around, {}).get("thread_ts", around))
        start = max(0, min(bisect_left(top, parent), len(top) - 1) - limit // 2)
        return start, min(len(top), start + limit)
    return max(0, len(top) - limit), len(top)


def history(site: Site, viewer: Account, args: Json) -> Json:
    channel = channel_of(site, viewer, args)
    start, end = window(channel, args)
    order = channel.top[start:end]
    more_before, more_after = start > 0, end < len(channel.top)
    after = args.get("after") or (order[0] if more_before else "")
    before = args.get("before") or (channel.top[end] if more_after else "")
    alone = [each for each in ephemerals_of(site, viewer, channel, None) if is_between(each["ts"], after, before)]
    found = sorted([*(channel.messages[ts] for ts in order), *alone], key=by_ts)
    return {
        "messages": [shown_message(site, viewer, channel.id, each) for each in found],
        "more_before": more_before,
        "more_after": more_after,
        "read": site.marks.of(viewer.id, channel.id),
    }


def by_ts(message: Json) -> str:
    return str(message["ts"])


def is_between(ts: str, after: str, before: str) -> bool:
    return ts > after and (not before or ts < before)


def ephemerals_of(site: Site, viewer: Account, channel: Channel, thread_ts: str | None) -> list[Json]:
    """Those of a thread, or (None) those that stand in the channel itself."""
    return [each for each in site.ephemerals.of(viewer.id, channel.id) if each.get("thread_ts") == thread_ts]


def shown(site: Site, viewer: Account, args: Json) -> list[Json]:
    channel = channel_of(site, viewer, args)
    alone = {each["ts"]: each for each in site.ephemerals.of(viewer.id, channel.id)}
    asked = str(args["ts"]).split(",")[: 2 * MOST]
    found = [channel.messages.get(ts) or alone.get(ts) for ts in asked]
    return [shown_message(site, viewer, channel.id, each) for each in found if each]


def replies(site: Site, viewer: Account, args: Json) -> list[Json]:
    channel = channel_of(site, viewer, args)
    asked = channel.message(str(args["ts"]))
    parent = str(asked.get("thread_ts", asked["ts"]))
    said = [channel.messages[ts] for ts in channel.replies.get(parent, ())]
    said += ephemerals_of(site, viewer, channel, parent)
    order = [channel.message(parent), *sorted(said, key=by_ts)]
    return [shown_message(site, viewer, channel.id, each) for each in order]


QUESTIONS: dict[str, Question] = {"history": history, "shown": shown, "replies": replies}
