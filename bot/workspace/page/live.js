// The WebSocket by which the workspace says what changed, and the workspace's clock. It fetches and draws nothing.

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/** Listeners by kind: `on(kind, listener)` answers a function that takes the listener off again. */
export function listeners() {
  const known = new Map();
  const on = (kind, listener) => {
    if (!known.has(kind)) known.set(kind, new Set());
    known.get(kind).add(listener);
    return () => known.get(kind).delete(listener);
  };
  const tell = (kind, news) => [...(known.get(kind) ?? [])].forEach((listener) => listener(news));
  return { on, tell };
}

/** The workspace's time, which moves on between two messages of the server. */
function timepiece() {
  let told = Date.now() / 1000;
  let toldAt = performance.now();
  const set = (now) => ([told, toldAt] = [now, performance.now()]);
  return { set, now: () => told + (performance.now() - toldAt) / 1000 };
}

/** The workspace was started afresh: no place of the former one means anything in it. */
function beginAnew(as) {
  history.replaceState(null, "", `#${new URLSearchParams({ as })}`);
  location.reload();
}

class Live {
  #as;
  #socket = null;
  #ended = false;
  #wait = FIRST_WAIT_MS;
  #workspace = null;
  #number = 0;
  #isGone = false;
  #clock = timepiece();
  #heard = listeners();

  constructor(as) {
    this.#as = as;
    this.#connect();
  }

  /** Kinds: "hello", "changed", "clock" with the server's news; "gone" when the connection is lost; "back" when something
   *  may have been missed: ask for everything anew. */
  on(kind, listener) {
    return this.#heard.on(kind, listener);
  }

  now() {
    return this.#clock.now();
  }

  number() {
    return this.#number;
  }

  /** The workspace's id: another one after it was started afresh. */
  workspace() {
    return this.#workspace;
  }

  end() {
    this.#ended = true;
    this.#socket?.close();
  }

  #connect() {
    const socket = new WebSocket(`ws://${location.host}/control/live?${new URLSearchParams({ as: this.#as })}`);
    this.#socket = socket;
    socket.addEventListener("message", (event) => this.#hear(JSON.parse(event.data)));
    socket.addEventListener("close", () => this.#lose());
  }

  #hear(news) {
    if (this.#ended) return;
    if (news.now) this.#clock.set(news.now);
    if (news.number !== undefined) this.#number = news.number;
    if (news.kind === "hello") this.#greet(news);
    else this.#heard.tell(news.kind, news);
  }

  #greet(hello) {
    if (this.#workspace && hello.workspace !== this.#workspace) return beginAnew(this.#as);
    const mayHaveMissed = this.#isGone || this.#workspace !== null;
    this.#isGone = false;
    this.#workspace = hello.workspace ?? "";
    this.#wait = FIRST_WAIT_MS;
    this.#heard.tell("hello", hello);
    if (mayHaveMissed) this.#heard.tell("back", hello);
  }

  #lose() {
    if (this.#ended) return;
    if (!this.#isGone) this.#heard.tell("gone", {});
    this.#isGone = true;
    setTimeout(() => this.#ended || this.#connect(), this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
  }
}

/** @returns {{on, now: () => number, number: () => number, end: () => void}} */
export const connect = (as) => new Live(as);
