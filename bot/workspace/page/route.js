// Where the page is, kept in the address: `#as=ada&at=C0123&message=…&thread=…`. Two windows are two people.

const KEPT = ["as", "at", "message", "thread"];

/** @returns {{as?: string, at?: string, message?: string, thread?: string}} `at`: a channel's id, or "home". */
export function readRoute() {
  const given = new URLSearchParams(location.hash.slice(1));
  return Object.fromEntries(KEPT.filter((name) => given.get(name)).map((name) => [name, given.get(name)]));
}

/** Goes there; `replace` leaves no step to go back to. */
export function go(route, { replace = false } = {}) {
  const kept = KEPT.filter((name) => route[name]).map((name) => [name, route[name]]);
  const address = `#${new URLSearchParams(kept)}`;
  if (replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}

/** Calls `listener(route)` now and whenever the address changes. */
export function onRoute(listener) {
  window.addEventListener("hashchange", () => listener(readRoute()));
  listener(readRoute());
}

/** What a link to this workspace's messages points to, or null: `https://harbour.slack.com/archives/C…/p1700000000123456`. */
export function placeOfLink(address, domain) {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const found = /^\/archives\/([A-Z0-9]+)(?:\/p(\d{10})(\d{6}))?\/?$/.exec(url.pathname);
  if (url.hostname !== `${domain}.slack.com` || !found) return null;
  const message = found[2] ? `${found[2]}.${found[3]}` : undefined;
  return { at: found[1], message, thread: url.searchParams.get("thread_ts") ?? undefined };
}
