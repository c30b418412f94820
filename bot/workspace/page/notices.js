// Short sentences at the foot of the page that go away by themselves, and the line that says the workspace is gone.
import { el } from "./dom.js";

const SHOWN_MS = 8_000;

/** @returns {{node: Element, say(text: string), clear(), lost(isLost: boolean)}} */
export function notices() {
  const told = el("div", { class: "notices", role: "status", "aria-live": "polite" });
  const lost = el("p", { class: "notice-lost", role: "alert", hidden: true });
  const say = (text) => {
    [...told.children].filter((each) => each.dataset.text === text).forEach((each) => each.remove());
    const notice = el("div", { class: "notice", dataset: { text } }, el("span", { text }), dismissal(() => notice.remove()));
    told.append(notice);
    setTimeout(() => notice.remove(), SHOWN_MS);
  };
  const lose = (isLost) => {
    lost.hidden = !isLost;
    lost.textContent = isLost ? "The workspace cannot be reached. Trying again …" : "";
  };
  return { node: el("div", { class: "notices-layer" }, lost, told), say, clear: () => told.replaceChildren(), lost: lose };
}

const dismissal = (close) =>
  el("button", { class: "notice-close", type: "button", "aria-label": "Close this notice", text: "×", on: { click: close } });
