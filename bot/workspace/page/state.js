// Who and what this viewer may know: people, channels, the app. Made anew for each viewer; nothing is kept in the module.
import { get, see } from "./api.js";
import { latest } from "./latest.js";
import { listeners } from "./live.js";

const COALESCE_MS = 50;

/** Calls of the answered function within a moment become one call of `work`. */
function coalesced(work) {
  let timer = null;
  return () => {
    timer ??= setTimeout(() => {
      timer = null;
      work().catch(unlessCutOff);
    }, COALESCE_MS);
  };
}

/** Without a connection nothing is known anew; when it is back, all is asked again. */
function unlessCutOff(problem) {
  if (!(problem instanceof TypeError)) throw problem;
}

class Directory {
  #as;
  #heard = listeners();
  #people = new Map();
  #channels = new Map();

  constructor(as) {
    this.#as = as;
    this.loadPeople = latest(() => see(as, "people"), (people) => this.#takePeople(people));
    this.loadSidebar = latest(() => see(as, "sidebar"), (sidebar) => this.#takeSidebar(sidebar));
    this.again = { people: coalesced(this.loadPeople), sidebar: coalesced(this.loadSidebar) };
  }

  /** Kinds: "sidebar", "people". */
  on(kind, listener) {
    return this.#heard.on(kind, listener);
  }

  async load() {
    const [app] = await Promise.all([get("app"), this.loadPeople(), this.loadSidebar()]);
    this.app = app;
    return this;
  }

  get me() {
    return this.people().find((each) => each.name === this.#as);
  }

  #takePeople(people) {
    this.#people = new Map(people.map((each) => [each.id, each]));
    this.#heard.tell("people", people);
  }

  #takeSidebar(sidebar) {
    this.sidebar = sidebar;
    this.#channels = new Map(this.sidebar.channels.map((each) => [each.id, each]));
    this.#heard.tell("sidebar", this.sidebar);
  }

  person(id) {
    return this.#people.get(id);
  }

  channel(id) {
    return this.#channels.get(id);
  }

  people() {
    return [...this.#people.values()];
  }

  channels() {
    return [...this.#channels.values()];
  }

  /** The direct messages with this id, or undefined: `{id, user, unread}`. */
  direct(id) {
    const { app, directs } = this.sidebar;
    return directs.find((each) => each.id === id) ?? (app.channel === id ? { id, user: this.app.user_id, unread: app.unread } : undefined);
  }
}

/** Loads what `as` may know. */
export const loadDirectory = (as) => new Directory(as).load();
