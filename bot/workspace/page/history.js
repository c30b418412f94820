// The part of a channel's messages that the page holds: one unbroken run, bounded whatever the channel holds. No elements here.

const PAGE = 50;
export const MOST = 150;

/** Whether a message stands in the channel itself and not only in a thread. */
export const isTopLevel = (message) =>
  !message.thread_ts || message.thread_ts === message.ts || message.subtype === "thread_broadcast";

/** `messages` oldest first; `moreBefore` and `moreAfter`: whether the channel holds others beyond the ends. */
export class History {
  #fetchPage;
  messages = [];
  moreBefore = false;
  moreAfter = false;
  read = "";

  /** @param fetchPage asks the server: `{before | after | around, limit} -> {messages, more_before, more_after, read}` */
  constructor(fetchPage) {
    this.#fetchPage = fetchPage;
  }

  async newest() {
    this.#become(await this.#fetchPage({ limit: PAGE }));
  }

  async around(ts) {
    this.#become(await this.#fetchPage({ around: ts, limit: PAGE }));
  }

  #become(page) {
    this.messages = page.messages;
    this.moreBefore = page.more_before;
    this.moreAfter = page.more_after;
    this.read = page.read ?? "";
  }

  async older() {
    const page = await this.#fetchPage({ before: this.messages[0].ts, limit: PAGE });
    this.messages = [...page.messages, ...this.messages];
    this.moreBefore = page.more_before;
    if (this.messages.length > MOST) {
      this.messages.length = MOST;
      this.moreAfter = true;
    }
  }

  async newer() {
    const page = await this.#fetchPage({ after: this.messages.at(-1).ts, limit: PAGE });
    this.messages = [...this.messages, ...page.messages];
    this.moreAfter = page.more_after;
    this.#dropOldest();
  }

  #dropOldest() {
    if (this.messages.length <= MOST) return;
    this.messages = this.messages.slice(-MOST);
    this.moreBefore = true;
  }

  /** Takes in what became of the messages `asked`; those not among `shown` are gone. `followed`: the newest is looked at. */
  merge(asked, shown, followed) {
    const now = new Map(shown.filter(isTopLevel).map((message) => [message.ts, message]));
    const gone = new Set(asked.filter((ts) => !now.has(ts)));
    this.messages = this.messages.filter(({ ts }) => !gone.has(ts)).map((each) => now.get(each.ts) ?? each);
    const held = new Set(this.messages.map(({ ts }) => ts));
    const added = [...now.values()].filter((message) => !held.has(message.ts) && this.#belongs(message));
    if (added.length) this.#add(added, followed);
  }

  #belongs({ ts }) {
    if (!this.messages.length) return !this.moreAfter;
    return (!this.moreBefore || ts > this.messages[0].ts) && (!this.moreAfter || ts < this.messages.at(-1).ts);
  }

  #add(added, followed) {
    this.messages = [...this.messages, ...added].sort((one, other) => (one.ts < other.ts ? -1 : 1));
    if (followed) return this.#dropOldest();
    if (this.messages.length > MOST) {
      this.messages.length = MOST;
      this.moreAfter = true;
    }
  }
}
