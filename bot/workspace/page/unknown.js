// What this page does not know how to draw: shown as it came, so that nothing an app sends is ever lost.

import { el } from "./dom.js";

export function unknownBox(kind, thing) {
  return el(
    "div",
    { class: "unknown" },
    el("div", { class: "unknown-name", text: `This page cannot draw this ${kind}: ${thing?.type ?? "it has no type"}` }),
    el("pre", { tabindex: "0", text: JSON.stringify(thing, null, 2) }),
  );
}
