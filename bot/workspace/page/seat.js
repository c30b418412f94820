// One viewer's page: joins the sidebar, the place that is open, what stands beside it, and the tools. Left, nothing of it remains.
import { Refused } from "./api.js";
import { el, fill } from "./dom.js";
import { channelView } from "./channel.js";
import { clockCorner } from "./clock.js";
import { makeDesk } from "./desk.js";
import { drillPanel } from "./drills.js";
import { front } from "./front.js";
import { guide } from "./guide.js";
import { inspector } from "./inspector.js";
import { monitoringPanel } from "./monitoring.js";
import { nowhere, homePlace } from "./other_places.js";
import { personSwitch } from "./person_switch.js";
import { go, placeOfLink } from "./route.js";
import { sidebar, unreadOf } from "./sidebar.js";
import { threadPane } from "./thread.js";

const NARROW = matchMedia("(max-width: 1099px)");

class Seat {
  #desk;
  #place = null;
  #hasFocused = false;
  #thread = null;
  #route = {};
  #step = 0;

  constructor(desk) {
    this.#desk = desk;
    desk.drawer = { toggle: () => this.#drawer(!this.page.classList.contains("page-drawer-open")) };
    desk.lostChannel = (channel) => channel === this.#place && this.#lose();
    desk.isSeen = (channel) => Boolean(this.#place?.channel === channel && this.#place.isSeen());
    this.as = desk.as;
    this.#build();
    this.#listen();
    this.#drawList();
  }

  #build() {
    const { reader, live, deed } = this.#desk;
    this.list = sidebar(this.#desk);
    this.main = el("main", { class: "place", "aria-labelledby": "place-heading" });
    this.guide = guide({ reader, live, act: deed, openModalShortcut: (callback_id) => deed("shortcut", { callback_id }) });
    this.guideAbove = el("div", { class: "guide-above" });
    this.guideBeside = el("div", { class: "guide-beside" });
    this.threadSlot = el("div", { class: "pane-slot" });
    this.inspector = inspector({ reader, live });
    this.drills = drillPanel({ reader, live, started: () => this.#drawer(false) });
    this.monitoring = monitoringPanel({ reader, left: () => this.#drawer(false) });
    this.front = front(this.#desk, () => this.#place?.drawHome?.());
    const middle = el("div", { class: "middle" }, this.drills.bar, this.guideAbove, this.main);
    const beside = el("div", { class: "beside" }, this.guideBeside, this.threadSlot, this.inspector.node);
    const shade = el("div", { class: "shade", on: { click: () => this.#drawer(false) } });
    this.page = el("div", { class: "page" }, this.#rail(), shade, middle, beside);
    this.node = el("div", { class: "seat" }, this.page, this.front.node);
    this.#settleGuide();
  }

  #rail() {
    const { reader, live, directory } = this.#desk;
    const inspect = el("button", { class: "rail-tool", type: "button", text: "Inspector", on: { click: () => this.#inspect() } });
    return el(
      "nav",
      { class: "rail", "aria-label": "Workspace", on: { keydown: (event) => event.key === "Escape" && this.#drawer(false) } },
      railHead(reader.app.team.name),
      personSwitch(reader, directory.people(), (name) => this.#become(name)),
      this.list.node,
      el("div", { class: "rail-foot" }, clockCorner({ reader, live }), el("div", { class: "rail-tools" }, inspect, this.monitoring, this.drills.node)),
    );
  }

  #listen() {
    const { live, directory, notices } = this.#desk;
    live.on("changed", (news) => this.#hear(news));
    live.on("gone", () => notices.lost(true));
    live.on("back", () => this.#again());
    live.on("clock", () => this.#place?.redrawAll?.());
    this.names = this.#channelNames();
    directory.on("sidebar", () => this.#listChanged());
    directory.on("people", () => this.#namesChanged());
    this.click = (event) => this.#follow(event);
    this.narrow = () => this.#settleGuide();
    document.addEventListener("click", this.click);
    NARROW.addEventListener("change", this.narrow);
  }

  leave() {
    this.#step += 1;
    this.#desk.live.end();
    this.#place?.close?.();
    this.#thread?.close();
    document.removeEventListener("click", this.click);
    NARROW.removeEventListener("change", this.narrow);
    this.node.remove();
    document.querySelectorAll("body > .popover").forEach((each) => each.remove());
  }

  /** Shows what the address asks for. */
  async show(route) {
    const step = (this.#step += 1);
    const before = this.#route;
    this.#route = route;
    if (!route.at) return go({ as: this.as, at: this.#firstPlace() }, { replace: true });
    this.#drawer(false);
    this.#desk.notices.clear();
    if (before.at !== route.at || this.#place?.isNowhere) await this.#open(route, step);
    else if (route.message && isAskedFor(route, before)) this.#place?.open?.(route.message);
    if (step !== this.#step) return;
    this.#openThread(route);
    this.#drawList();
    if (before.at !== route.at) this.list.showCurrent();
  }

  async #open(route, step) {
    const made = await this.#makePlace(route.at);
    if (step !== this.#step) return made.close?.();
    if (made.channel && made.channel !== route.at) return this.#moveTo(made, route);
    this.#place?.close?.();
    this.#place = made;
    made.open?.(route.message);
    this.#show(made.node);
    requestAnimationFrame(() => this.#focus(made));
  }

  /** Notices stand right above what one writes in, or at the foot. */
  #show(node) {
    const { notices } = this.#desk;
    const foot = node.querySelector(".channel-foot");
    if (foot) foot.before(notices.node);
    else node.append(notices.node);
    fill(this.main, node);
  }

  /** A channel was asked for by another name than its id; a person's, for instance. */
  #moveTo(made, route) {
    made.close();
    go({ ...route, at: made.channel }, { replace: true });
  }

  /** To where one writes, but not out of a dialog, a tool or a thread; nor, as the page begins, from anywhere else. */
  #focus(made) {
    const { activeElement } = document;
    const isElsewhere = this.#hasFocused ? activeElement?.closest("dialog, .thread, select, .rail-foot, .inspector") : activeElement !== document.body;
    this.#hasFocused = true;
    if (this.#place === made && !NARROW.matches && !isElsewhere) made.focus?.();
  }

  async #makePlace(at) {
    if (at === "home") return homePlace(this.#desk, this.front);
    try {
      return channelView(this.#desk, await this.#desk.ask("header", { channel: at }));
    } catch (problem) {
      if (!(problem instanceof Refused)) this.#desk.trouble(problem);
      return { ...nowhere(this.#desk), again: () => this.#openAgain() };
    }
  }

  /** What could not be opened may be there now. */
  #openAgain() {
    const route = this.#route;
    this.#route = {};
    return this.show(route);
  }

  #openThread({ at, thread }) {
    if (this.#thread && this.#thread.channel === at && this.#thread.ts === thread) return;
    this.#thread?.close();
    this.#thread = thread && this.#place?.thread ? threadPane(this.#desk, this.#place.thread(thread)) : null;
    fill(this.threadSlot, this.#thread?.node);
    this.page.classList.toggle("page-has-thread", Boolean(this.#thread));
    if (!this.#thread) return;
    this.inspector.close();
    this.#thread.look();
    this.#thread.focus();
  }

  #firstPlace() {
    const channels = this.#desk.directory.channels().filter((each) => each.is_member && !each.is_archived);
    return (channels.find(({ name }) => name === "general") ?? channels[0])?.id ?? "home";
  }

  #hear(news) {
    const { again } = this.#desk.directory;
    if (news.sidebar) again.sidebar();
    if (news.people) again.people();
    if (news.front) this.front.look();
    this.#place?.changed?.(news);
    this.#thread?.changed(news);
  }

  #again() {
    this.#desk.notices.lost(false);
    const { again } = this.#desk.directory;
    again.sidebar();
    again.people();
    this.front.look();
    this.#place?.again?.();
    this.#thread?.look();
  }

  #channelNames() {
    return this.#desk.directory.channels().map(({ id, name }) => `${id} ${name}`).join();
  }

  /** A message may have named a channel before this page heard of it. */
  #listChanged() {
    const before = this.names;
    this.names = this.#channelNames();
    if (this.names === before) this.#drawList();
    else this.#namesChanged();
  }

  #namesChanged() {
    this.#drawList();
    this.#place?.redrawAll?.();
    this.#thread?.redrawAll();
  }

  #drawList() {
    const { directory } = this.#desk;
    this.list.draw();
    const unread = unreadOf(directory.sidebar, this.#desk);
    const title = this.#place?.title?.() ?? directory.app.team.name;
    document.title = `${unread ? `(${unread}) ` : ""}${title} · ${directory.app.name} workspace`;
    if (this.#place?.channel && !directory.channel(this.#place.channel) && !directory.direct(this.#place.channel)) this.#place.lookAgain();
  }

  /** The channel that was shown is not there any more, or not for this person. */
  #lose() {
    this.#place?.close?.();
    this.#place = nowhere(this.#desk);
    this.#openThread({});
    this.#show(this.#place.node);
  }

  #inspect() {
    this.#drawer(false);
    if (this.#thread) this.#desk.closeThread();
    if (this.inspector.node.hidden) this.inspector.open();
    else this.inspector.close();
  }

  /** Links to this workspace's messages open here. */
  #follow(event) {
    const link = event.target.closest?.("a[href]");
    const place = link && placeOfLink(link.href, this.#desk.reader.app.team.domain);
    if (!place || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const isReply = place.thread && place.thread !== place.message;
    go({ as: this.as, at: place.at, message: place.thread ?? place.message, thread: isReply ? place.thread : undefined });
  }

  /** Another person sees the same place only where everybody may. */
  #become(name) {
    const { at } = this.#route;
    const isForAll = at === "home" || this.#desk.directory.channel(at)?.is_private === false;
    go({ as: name, at: isForAll ? at : undefined });
  }

  #drawer(isOpen) {
    const wasOpen = this.page.classList.contains("page-drawer-open");
    this.page.classList.toggle("page-drawer-open", isOpen);
    const opener = this.main.querySelector(".menu-button");
    opener?.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.list.node.querySelector("a")?.focus();
    else if (wasOpen) opener?.focus();
  }

  #settleGuide() {
    (NARROW.matches ? this.guideAbove : this.guideBeside).append(this.guide);
  }
}

function railHead(team) {
  const mark = el("img", { class: "rail-mark", src: "/page/icon.svg", alt: "" });
  return el("div", { class: "rail-head" }, mark, el("span", { class: "rail-team", text: team }));
}

/** Whether a message is to be pointed out: another than before, or the same once more. */
const isAskedFor = (route, before) => route.message !== before.message || route.thread === before.thread;

/** Loads all that `as` may know and shows it. */
export const takeSeat = async (as) => new Seat(await makeDesk(as));
