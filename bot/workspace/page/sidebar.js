// The list of places: channels, direct messages, the app. It draws what the directory knows, and marks what is unread.
import { el, fill } from "./dom.js";
import { face } from "./faces.js";

const SHOWN_PEOPLE = 12;

const counted = (label, unread) => (unread ? `${label}, ${unread} unread` : label);

function placeLink({ label, spoken = label, at, unread: counts = 0, isMentioned = false, isSoft = false, sign }, desk) {
  const unread = desk.isSeen(at) ? 0 : counts;
  const go = (event) => {
    event.preventDefault();
    desk.openPlace(at);
  };
  const kinds = ["place-link", unread && "place-link-unread", isSoft && "place-link-soft"].filter(Boolean).join(" ");
  const badge = unread > 0 && el("span", { class: isMentioned ? "badge badge-mention" : "badge", text: String(unread) });
  return el(
    "li",
    {},
    el(
      "a",
      { class: kinds, href: desk.addressOf(at), "aria-label": counted(spoken, unread), "aria-current": desk.isAt(at) ? "page" : null, on: { click: go } },
      sign,
      el("span", { class: "place-link-name", text: label }),
      badge,
    ),
  );
}

const section = (title, links, more = {}) =>
  links.length > 0 && el("section", { class: "rail-section", "aria-label": title, ...more }, el("h2", { class: "rail-heading", text: title }), el("ul", { class: "rail-list" }, links));

function channelLink({ id, name, is_private, is_member, unread, mentioned }, desk) {
  const shown = is_member ? unread : 0;
  const label = is_private ? `🔒 ${name}` : `# ${name}`;
  const spoken = is_private ? `private channel ${name}` : label;
  return placeLink({ label, spoken, at: id, unread: shown, isMentioned: mentioned, isSoft: !is_member }, desk);
}

function appLinks({ sidebar, app }, desk) {
  const home = sidebar.app.has_home && placeLink({ label: "Home", at: "home", sign: el("span", { class: "place-sign", "aria-hidden": "true", text: "⌂" }) }, desk);
  const sign = face({ name: app.name, isApp: true });
  const at = sidebar.app.channel ?? `@${app.user_id}`;
  return [home, placeLink({ label: app.name, at, unread: sidebar.app.unread, isMentioned: true, sign }, desk)].filter(Boolean);
}

function directLinks(directory, desk) {
  const { directs } = directory.sidebar;
  const known = new Set(directs.map(({ user }) => user));
  const others = directory.people().filter((each) => each.can_be && !known.has(each.id) && each.id !== directory.me.id);
  const open = directs.map(({ id, user, unread }) => ({ at: id, user, unread }));
  const rest = others.slice(0, Math.max(0, SHOWN_PEOPLE - open.length)).map(({ id }) => ({ at: `@${id}`, user: id, unread: 0 }));
  return [...open, ...rest].map(({ at, user, unread }) => {
    const name = directory.person(user)?.real_name ?? "Unknown person";
    return placeLink({ label: name, at, unread, isMentioned: true, sign: face({ name, isApp: directory.person(user)?.is_app }) }, desk);
  });
}

function archived(channels, desk) {
  if (!channels.length) return null;
  const isOpen = channels.some(({ id }) => desk.isAt(id));
  return el(
    "details",
    { class: "rail-section", open: isOpen },
    el("summary", { class: "rail-heading", text: `Archived channels (${channels.length})` }),
    el("ul", { class: "rail-list" }, channels.map((each) => channelLink(each, desk))),
  );
}

/** Fills `list` with all places this viewer may know. */
export function drawSidebar(list, directory, desk) {
  const channels = directory.channels();
  const alive = channels.filter((each) => !each.is_archived);
  const links = (of) => of.map((each) => channelLink(each, desk));
  const focusedAt = list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  fill(
    list,
    section(directory.app.name, appLinks(directory, desk)),
    section("Channels", links(alive.filter((each) => each.is_member))),
    section("Channels you are not in", links(alive.filter((each) => !each.is_member))),
    section("Direct messages", directLinks(directory, desk)),
    archived(channels.filter((each) => each.is_archived), desk),
  );
  if (focusedAt) list.querySelector(`a[href="${CSS.escape(focusedAt)}"]`)?.focus({ preventScroll: true });
}

/** How much is unread to this viewer, in all but what they are looking at. */
export function unreadOf({ channels, directs, app }, desk) {
  const joined = channels.filter((each) => each.is_member && !each.is_archived);
  const places = [...joined, ...directs, { id: app.channel, unread: app.unread }];
  return places.reduce((sum, each) => sum + (desk.isSeen(each.id) ? 0 : each.unread), 0);
}
