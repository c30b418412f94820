// What the app was sent and what it called, in order of time: follows the workspace's journal. It draws nothing.
import { get } from "./api.js";

const KEPT = 2000;
const PAGE = 200;
const AT_FIRST = 500;
/** How long an entry without an outcome is asked for again, in real milliseconds. */
const PATIENCE = 60_000;

const LISTS = { calls: "call", answers: "answer", deliveries: "delivery" };

/**
 * One delivery to the app, one call from it, or one answer of its through a response_url. `pending`: its outcome is not known yet.
 * @typedef {{key: string, source: "call"|"answer"|"delivery", n: number, time: number, pending: boolean, entry: object}} Item
 */

const item = (source, entry) => ({
  key: `${source}-${entry.n}`,
  source,
  n: entry.n,
  time: entry.time,
  pending: entry.duration_ms === undefined,
  entry,
});

/** Where one list was read up to, and which of its entries had no outcome then. */
class Reader {
  constructor(list) {
    this.list = list;
    this.upTo = 0;
    this.open = new Map();
  }

  since() {
    const deadline = performance.now() - PATIENCE;
    for (const [n, at] of this.open) if (at < deadline) this.open.delete(n);
    return Math.min(this.upTo, ...[...this.open.keys()].map((n) => n - 1));
  }

  note(found) {
    this.upTo = Math.max(this.upTo, found.n);
    if (!found.pending) this.open.delete(found.n);
    else if (!this.open.has(found.n)) this.open.set(found.n, performance.now());
  }

  /** At first the newest, then all that is new, page by page; an entry that was open comes again. */
  async *pages() {
    if (!this.upTo) return yield* this.some(await this.ask({ limit: AT_FIRST }));
    for (let since = this.since(); ; ) {
      const found = await this.ask({ since, limit: PAGE });
      yield* this.some(found);
      if (found.length < PAGE) return;
      since = found.at(-1).n;
    }
  }

  async ask(query) {
    const found = (await get(this.list, query)).map((entry) => item(LISTS[this.list], entry));
    found.forEach((each) => this.note(each));
    return found;
  }

  *some(found) {
    if (found.length) yield found;
  }
}

class Journal {
  constructor(live) {
    this.items = new Map();
    this.listeners = new Set();
    this.readers = Object.keys(LISTS).map((list) => new Reader(list));
    this.working = false;
    this.wanted = false;
    live.on("changed", (change) => change.journal && this.refresh());
    live.on("hello", () => this.refresh());
    this.refresh();
  }

  /** Calls `listener(items)` with all that is kept, at once, and with what is new or changed, at each change. */
  on(listener) {
    this.listeners.add(listener);
    if (this.items.size) listener(this.inOrder());
    return () => this.listeners.delete(listener);
  }

  inOrder() {
    return [...this.items.values()].sort((one, other) => one.time - other.time);
  }

  async refresh() {
    this.wanted = true;
    if (this.working) return;
    this.working = true;
    try {
      while (this.wanted) {
        this.wanted = false;
        await Promise.all(this.readers.map((reader) => this.read(reader)));
      }
    } catch (gone) {
      console.info("The journal cannot be read just now.", gone);
    } finally {
      this.working = false;
    }
  }

  async read(reader) {
    for await (const found of reader.pages()) {
      for (const each of found) this.items.set(each.key, each);
      this.forget();
      for (const listener of this.listeners) listener(found);
    }
  }

  forget() {
    if (this.items.size <= KEPT) return;
    for (const old of this.inOrder().slice(0, this.items.size - KEPT)) this.items.delete(old.key);
  }
}

const journals = new WeakMap();

/** The one journal of this page: the inspector and the guide read it together. */
export function journalOf(live) {
  if (!journals.has(live)) journals.set(live, new Journal(live));
  return journals.get(live);
}
