// The app's Home: the view that the app has published for this person. That it is opened, the shell tells the app.

import { el } from "./dom.js";
import { renderBlocks } from "./blocks.js";

/**
 * @param {object | null} view
 * @param {{reader: object, act: (verb: string, args?: object) => Promise<object>}} host
 */
export function homeView(view, { reader, act }) {
  if (!view) return el("div", { class: "home home-empty", text: `${reader.app?.name ?? "The app"} has nothing to show here yet.` });
  const ctx = { reader, surface: "home", values: view.state?.values ?? {}, use: (block, element, value) => use(act, block, element, value) };
  return el("div", { class: "home" }, renderBlocks(view.blocks, ctx));
}

function use(act, block, element, value) {
  const at = { block: block.block_id, where: "home" };
  return value === undefined ? act("click", { button: element.action_id, ...at }) : act("select", { field: element.action_id, value, ...at });
}
