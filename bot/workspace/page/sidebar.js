// The list of places: channels, direct messages, the app. It draws what the directory knows, and marks what is unread.
import { arrange } from "./arrange.js";
import { el } from "./dom.js";
import { face } from "./faces.js";

const SHOWN_PEOPLE = 12;

/**
 * @typedef {{at: string, label: string, spoken?: string, unread?: number, isMentioned?: boolean, isSoft?: boolean,
 *   face?: {name: string, isApp: boolean}, sign?: string}} Entry `spoken`: its name for screen readers.
 */

function channelEntry({ id, name, is_private, is_member, unread, mentioned }) {
  const label = is_private ? `🔒 ${name}` : `# ${name}`;
  const spoken = is_private ? `private channel ${name}` : label;
  return { at: id, label, spoken, unread: is_member ? unread : 0, isMentioned: mentioned, isSoft: !is_member };
}

function appEntries({ sidebar, app }) {
  const home = { at: "home", label: "Home", sign: "⌂" };
  const at = sidebar.app.channel ?? `@${app.user_id}`;
  const mark = { name: app.name, isApp: true };
  const messages = { at, label: app.name, unread: sidebar.app.unread, isMentioned: true, face: mark };
  return sidebar.app.has_home ? [home, messages] : [messages];
}

function directEntries(directory) {
  const { directs } = directory.sidebar;
  const known = new Set(directs.map(({ user }) => user));
  const others = directory.people().filter((each) => each.can_be && !known.has(each.id) && each.id !== directory.me.id);
  const begun = directs.map(({ id, user, unread }) => directEntry(id, directory.person(user), unread));
  return [...begun, ...others.slice(0, SHOWN_PEOPLE).map((each) => directEntry(`@${each.id}`, each, 0))];
}

function directEntry(at, person, unread) {
  const name = person?.real_name ?? "Unknown person";
  return { at, label: name, unread, isMentioned: true, face: { name, isApp: Boolean(person?.is_app) } };
}

const SECTIONS = [
  ["Channels", (directory) => joined(directory).filter((each) => each.is_member).map(channelEntry)],
  ["Channels you are not in", (directory) => joined(directory).filter((each) => !each.is_member).map(channelEntry)],
  ["Direct messages", directEntries],
];

const joined = (directory) => directory.channels().filter((each) => !each.is_archived);
const archived = (directory) => directory.channels().filter((each) => each.is_archived).map(channelEntry);

class Sidebar {
  #desk;
  #links = new Map();
  #sections;
  #archived = section("Archived channels", "details", "summary");

  constructor(desk) {
    this.#desk = desk;
    const { app } = desk.directory;
    this.#sections = [[app.name, appEntries], ...SECTIONS].map(([title, entriesOf]) => ({ ...section(title), entriesOf }));
    this.node = el("div", { class: "rail-list-box" }, this.#sections.map(({ node }) => node), this.#archived.node);
  }

  draw() {
    const { directory } = this.#desk;
    const shown = new Set();
    for (const each of this.#sections) this.#drawSection(each, each.entriesOf(directory), shown);
    const entries = archived(directory);
    this.#drawSection(this.#archived, entries, shown);
    this.#archived.title.textContent = `Archived channels (${entries.length})`;
    for (const key of this.#links.keys()) if (!shown.has(key)) this.#links.delete(key);
  }

  /** Brings the place that is open into sight. */
  showCurrent() {
    const current = this.node.querySelector("[aria-current]");
    const details = current?.closest("details");
    if (details) details.open = true;
    current?.scrollIntoView({ block: "nearest" });
  }

  #drawSection({ node, list }, entries, shown) {
    node.hidden = !entries.length;
    arrange(list, entries.map((entry) => this.#link(entry, shown)));
  }

  #link(entry, shown) {
    const isCurrent = this.#desk.isAt(entry.at);
    const unread = this.#desk.isSeen(entry.at) ? 0 : (entry.unread ?? 0);
    const key = JSON.stringify({ ...entry, unread, isCurrent });
    shown.add(key);
    if (!this.#links.has(key)) this.#links.set(key, link({ ...entry, unread, isCurrent }, this.#desk));
    return this.#links.get(key);
  }
}

function section(name, tag = "section", headingTag = "h2") {
  const title = el(headingTag, { class: "rail-heading", text: name });
  const list = el("ul", { class: "rail-list" });
  return { title, list, node: el(tag, { class: "rail-section", "aria-label": tag === "section" ? name : null }, title, list) };
}

function link({ at, label, spoken = label, unread, isMentioned, isSoft, isCurrent, face: who, sign }, desk) {
  const go = (event) => {
    event.preventDefault();
    desk.openPlace(at);
  };
  const kinds = ["place-link", unread && "place-link-unread", isSoft && "place-link-soft"].filter(Boolean).join(" ");
  const name = unread ? `${spoken}, ${unread} unread` : spoken;
  const badge = unread > 0 && el("span", { class: isMentioned ? "badge badge-mention" : "badge", text: String(unread) });
  const before = who ? face(who) : sign && el("span", { class: "place-sign", "aria-hidden": "true", text: sign });
  const state = { "aria-label": name, "aria-current": isCurrent ? "page" : null };
  const props = { class: kinds, href: desk.addressOf(at), ...state, on: { click: go } };
  return el("li", {}, el("a", props, before, el("span", { class: "place-link-name", text: label }), badge));
}

/** @returns {{node, draw(), showCurrent()}} */
export const sidebar = (desk) => new Sidebar(desk);

/** How much is unread to this viewer, in all but what they are looking at. */
export function unreadOf({ channels, directs, app }, desk) {
  const counted = channels.filter((each) => each.is_member && !each.is_archived);
  const places = [...counted, ...directs, { id: app.channel, unread: app.unread }];
  return places.reduce((sum, each) => sum + (desk.isSeen(each.id) ? 0 : each.unread), 0);
}
