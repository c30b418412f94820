"""The names of everything that one Slack workspace has in Redis. No other file spells a key.

All keys of a workspace share a hash tag, so that one append is one slot: the same scripts run on one server,
behind Sentinel and on Redis Cluster. Scripts make the keys of lanes and timers from `prefix` themselves; these
lie in the slot of the keys that are passed, which is what a Cluster asks for.
"""

from dataclasses import dataclass

from bot.incident.terms import IncidentId, RequestId, UserId


@dataclass(frozen=True, slots=True)
class RegisterKeys:
    """Numbered things of one kind."""

    standing: str
    """Hash: a number -> the revision of the thing and itself as JSON."""

    @property
    def wishes(self) -> str:
        """Hash: the wish that a thing was asked for by -> its number."""
        return f"{self.standing}:keys"

    @property
    def count(self) -> str:
        """String: the last number that was given."""
        return f"{self.standing}:count"

    @property
    def log(self) -> str:
        """Stream: every change of a thing, with who made it; the id of an entry is the server's."""
        return f"{self.standing}:log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """`team`: Slack's id of the workspace ('T0123'). `root` tells installations (and tests) apart."""

    team: str
    root: str = "muster"

    @property
    def prefix(self) -> str:
        return f"{self.root}:{{{self.team}}}:"

    def incident(self, incident: IncidentId) -> str:
        """Stream: the log; the id of an entry is '<version>-0'."""
        return f"{self.prefix}incident:{incident}"

    @property
    def counter(self) -> str:
        """String: the last number that was given to an incident."""
        return f"{self.prefix}counter"

    @property
    def skipped(self) -> str:
        """Hash: the first and the last of numbers that no incident has, because the store was begun anew."""
        return f"{self.prefix}skipped"

    @property
    def identity(self) -> str:
        """String: made at random when the store was first used; another one is another record."""
        return f"{self.prefix}identity"

    @property
    def listings(self) -> str:
        """Hash: incident -> its listing as JSON."""
        return f"{self.prefix}listings"

    @property
    def open(self) -> str:
        """Sorted set: the active incidents by number."""
        return f"{self.prefix}open"

    @property
    def channels(self) -> str:
        """Hash: channel -> incident."""
        return f"{self.prefix}channels"

    @property
    def gists(self) -> str:
        """Hash: incident -> its words and how it ended. Scripts keep who has a word, as gists.lua says."""
        return f"{self.prefix}gists"

    def request(self, request: RequestId) -> str:
        """String that expires: '<incident> <version>' with which the request was handled."""
        return f"{self.prefix}request:{request}"

    def lane(self, lane: str) -> str:
        """List of '<effect id> <effect as JSON>', oldest first."""
        return f"{self.prefix}lane:{lane}"

    def lease(self, lane: str) -> str:
        """Hash: who holds the lane's head and what became of earlier attempts."""
        return f"{self.prefix}lease:{lane}"

    @property
    def ready(self) -> str:
        """Sorted set: lanes that hold something, by when they may next be leased (ms)."""
        return f"{self.prefix}ready"

    @property
    def limits(self) -> str:
        """Sorted set: Slack's limits that some process met ('chat.postMessage C0123'), by when they end (ms)."""
        return f"{self.prefix}limits"

    @property
    def dead(self) -> str:
        """List of JSON: effects that were given up, newest first."""
        return f"{self.prefix}dead"

    @property
    def timers(self) -> str:
        """Sorted set: '<incident>:<timer>' by when it may next be claimed (ms)."""
        return f"{self.prefix}timers"

    def timers_of(self, incident: IncidentId) -> str:
        """Hash: the timer's name -> when it is truly due (µs)."""
        return f"{self.prefix}timers:{incident}"

    @property
    def followups(self) -> str:
        """Hash: '42.3', the third follow-up of an incident -> its line of the index as JSON."""
        return f"{self.prefix}followups"

    @property
    def followups_added(self) -> str:
        """Sorted set: every follow-up by when it was added (ms)."""
        return f"{self.prefix}followups:added"

    @property
    def followups_open(self) -> str:
        """Sorted set: the open ones by when they were added (ms)."""
        return f"{self.prefix}followups:open"

    @property
    def followups_public(self) -> str:
        """Sorted set: the open ones of public incidents by deadline (ms), so that counting them reads none."""
        return f"{self.prefix}followups:public"

    @property
    def unclosed(self) -> str:
        """Sorted set: public incidents that nobody closes, although somebody was asked, by when they were resolved."""
        return f"{self.prefix}unclosed"

    @property
    def issues(self) -> str:
        """Hash: an issue in a tracker ('GitHub acme/ops#12') -> the follow-up that it is of, as above."""
        return f"{self.prefix}followups:issues"

    @property
    def tracker(self) -> str:
        """Hash: a tracker -> how far its changes have been read."""
        return f"{self.prefix}tracker"

    @property
    def tracker_turn(self) -> str:
        """String that expires: somebody reads the tracker's changes, and the others need not."""
        return f"{self.prefix}tracker:turn"

    def followups_of(self, user: UserId) -> str:
        """Sorted set: the open ones that concern somebody, by when they were added (ms)."""
        return f"{self.prefix}followups:of:{user}"

    @property
    def changes(self) -> str:
        """Sorted set: the changes of services by when they were made (ms)."""
        return f"{self.prefix}changes"

    @property
    def change_texts(self) -> str:
        """Hash: each of these -> what it was, as JSON."""
        return f"{self.prefix}changes:texts"

    @property
    def factors(self) -> str:
        """Hash: '42.2', the second contributing factor of an incident -> its line of the index as JSON."""
        return f"{self.prefix}factors"

    @property
    def factors_open(self) -> str:
        """Sorted set: those that are not settled by when they were added (ms)."""
        return f"{self.prefix}factors:open"

    @property
    def factors_recent(self) -> str:
        """Sorted set: all that stand by when their incident was declared (ms)."""
        return f"{self.prefix}factors:recent"

    def factors_of(self, mark: str) -> str:
        """Sorted set: those with this word or kind of environment, by when their incident was declared (ms)."""
        return f"{self.prefix}factors:of:{mark}"

    @property
    def weekly(self) -> str:
        """Sorted set: whoever is to hear of follow-ups, by when they next will (ms); 0: that is still to be planned."""
        return f"{self.prefix}weekly"

    @property
    def maintenance(self) -> RegisterKeys:
        """Maintenance windows; each stands until it is over for a day."""
        return RegisterKeys(f"{self.prefix}maintenance")

    @property
    def freezes(self) -> RegisterKeys:
        """Deploy freezes; each stands until it is over for a week."""
        return RegisterKeys(f"{self.prefix}freezes")

    @property
    def watchdogs(self) -> str:
        """Hash: a watchdog's name -> its revision and what is known of it as JSON."""
        return f"{self.prefix}watchdogs"

    @property
    def watchdogs_heard(self) -> str:
        """Hash: a watchdog's name -> when it was heard last (ms); '#looked': when somebody looked last."""
        return f"{self.prefix}watchdogs:heard"

    def quiet_alerts(self, window: int) -> str:
        """Hash that expires: an alert that a window kept quiet -> what it was."""
        return f"{self.prefix}maintenance:{window}:quiet"

    def quiet_counts(self, window: int) -> str:
        """Hash that expires: an alert that a window kept quiet -> how often it came, as quiet.lua says."""
        return f"{self.prefix}maintenance:{window}:counts"

    @property
    def facilitators(self) -> str:
        """Sorted set: whoever led reviews, by when they were named for one last (ms)."""
        return f"{self.prefix}facilitators"

    @property
    def alerts_inbox(self) -> str:
        """Stream: alerts that wait to be decided about."""
        return f"{self.prefix}alerts:inbox"

    @property
    def alerts_log(self) -> str:
        """Stream, bounded: what was decided about alerts."""
        return f"{self.prefix}alerts:log"

    @property
    def alerts_known(self) -> str:
        """Hash, bounded: an alert -> whether it fires, and what was counted of that, as quality.lua says."""
        return f"{self.prefix}alerts:known"

    @property
    def alerts_heard(self) -> str:
        """Sorted set: these by when they were heard of last (ms)."""
        return f"{self.prefix}alerts:heard"

    def alerts_quality(self, week: int) -> str:
        """Hash that expires: what happened in a week, by rule of the monitoring, as quality.lua says."""
        return f"{self.prefix}alerts:quality:{week}"

    @property
    def alerts_quality_turn(self) -> str:
        """String: when the weekly list of rules to fix is due next (ms)."""
        return f"{self.prefix}alerts:quality:turn"

    @property
    def alerts_routes(self) -> str:
        """Hash: a claim -> the open incidents that have it, as '12,15'."""
        return f"{self.prefix}alerts:routes"

    def alerts_answered(self, claim: str) -> str:
        """String that expires: '<incident> <ms>' at which people ended the last incident that had this claim."""
        return f"{self.prefix}alerts:answered:{claim}"

    @property
    def proposals(self) -> str:
        """Hash: the number of a proposal -> its revision and itself as JSON, as proposals.lua says."""
        return f"{self.prefix}alerts:proposals"

    @property
    def proposals_claimed(self) -> str:
        """Hash: a claim -> the proposal that alerts find by it."""
        return f"{self.prefix}alerts:proposed"

    @property
    def proposals_open(self) -> str:
        """Sorted set: those that wait for an answer by when they were opened (ms)."""
        return f"{self.prefix}alerts:proposals:open"

    @property
    def proposals_answered(self) -> str:
        """Sorted set: all others by when they are forgotten (ms)."""
        return f"{self.prefix}alerts:proposals:answered"

    @property
    def proposals_count(self) -> str:
        """String: the last number that was given to a proposal."""
        return f"{self.prefix}alerts:proposals:count"

    def person(self, user: UserId) -> str:
        """String that expires: what Slack said of somebody, as JSON."""
        return f"{self.prefix}person:{user}"

    def writers(self, incident: IncidentId, section: str) -> str:
        """Sorted set that expires: who opened the form of a section of its postmortem, by when (s)."""
        return f"{self.prefix}writers:{incident}:{section}"

    @property
    def progress(self) -> str:
        """Hash: a walk through the incidents of older versions -> the number below which it goes on."""
        return f"{self.prefix}progress"

    def pseudonyms(self, incident: IncidentId) -> str:
        """String that expires: the secret by which whoever gave feedback on it goes by a name that is not theirs."""
        return f"{self.prefix}pseudonyms:{incident}"

    @staticmethod
    def gate(key: str) -> str:
        """Never written, and passed to every script beside `key`, in whose slot it lies.

        While a Cluster moves a slot key by key, it refuses whatever names a key that is not there. Without the gate
        a script would start, and break off half-way at the first key that it makes itself.
        """
        return f"{key[: key.index('}') + 1]}:gate"

    @property
    def clock(self) -> str:
        """String: the latest time (ms) that the scripts have seen, so that a clock set back is noticed."""
        return f"{self.prefix}clock"

    @property
    def checkpoints(self) -> str:
        """Stream: the heads of all logs, once a day; the id of an entry is '<number>-0'."""
        return f"{self.prefix}checkpoints"

    @property
    def checkpoint_posts(self) -> str:
        """Hash: the number of a checkpoint -> what is known of its post in Slack."""
        return f"{self.prefix}checkpoint_posts"

    @property
    def checkpoint_claim(self) -> str:
        """String that expires: the token of the process that makes and posts the day's checkpoint."""
        return f"{self.prefix}checkpoint_claim"

    @property
    def restoring(self) -> str:
        """String: the digest of the backup that is being restored."""
        return f"{self.prefix}restoring"

    @property
    def probe(self) -> str:
        """String that expires: written to see that writing works."""
        return f"{self.prefix}probe"
