// A small panel beside the button that opened it. It closes by Escape, by a click elsewhere, and by its own acts.
import { el } from "./dom.js";

const EDGE = 8;

/** Shows `content` near `anchor`; answers `close()`. The anchor hears "menuclosed" and gets the focus back. */
export function openPopover(anchor, content, { role = "dialog", label, focus } = {}) {
  const panel = el("div", { class: "popover", popover: "auto", role, "aria-label": label }, content);
  document.body.append(panel);
  anchor.setAttribute("aria-expanded", "true");
  panel.addEventListener("toggle", (event) => event.newState === "closed" && closed(anchor, panel));
  panel.showPopover();
  settle(panel, anchor);
  focus?.focus();
  return () => panel.isConnected && panel.hidePopover();
}

function closed(anchor, panel) {
  const hadFocus = panel.contains(document.activeElement) || document.activeElement === document.body;
  panel.remove();
  anchor.setAttribute("aria-expanded", "false");
  if (hadFocus && anchor.isConnected) anchor.focus({ preventScroll: true });
  anchor.dispatchEvent(new CustomEvent("menuclosed", { bubbles: true }));
}

/** Below the anchor where there is room, else above it, and never beyond the window. */
function settle(panel, anchor) {
  const from = anchor.getBoundingClientRect();
  const size = panel.getBoundingClientRect();
  const fitsBelow = from.bottom + EDGE + size.height < innerHeight;
  const top = fitsBelow ? from.bottom + EDGE / 2 : Math.max(EDGE, from.top - size.height - EDGE / 2);
  const wanted = from.left < innerWidth / 2 ? from.left : from.right - size.width;
  const left = Math.max(EDGE, Math.min(wanted, innerWidth - size.width - EDGE));
  panel.style.setProperty("top", `${top}px`);
  panel.style.setProperty("left", `${left}px`);
}
