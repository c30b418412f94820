// "Start afresh": asks first, lets the workspace begin anew, and loads the page again once it is back.
import { Refused, rule } from "./api.js";
import { el, fill } from "./dom.js";

const PATIENCE = 20_000;

const WHAT_IT_DOES =
  "All incidents, messages and channels of this workspace are thrown away, and its clock goes back to the real time. " +
  "Your own Slack is not touched: this workspace is only on this machine.";

const button = (text, listener, look = "tool-button") => el("button", { type: "button", class: look, text, on: { click: listener } });

/** Resolves when the live connection stands again after it has been lost. */
function comingBack(live) {
  return new Promise((resolve, reject) => {
    const offs = ["back", "hello"].map((kind) => live.on(kind, () => (offs.forEach((off) => off()), resolve())));
    setTimeout(reject, PATIENCE, new Error("the workspace did not come back"));
  });
}

/** The server may be gone before it can answer; only a refusal means that nothing happened. */
async function askServer() {
  try {
    await rule("reset");
  } catch (trouble) {
    if (trouble instanceof Refused) throw trouble;
  }
}

/** The page may load itself as soon as the workspace is back, so its address is made ready before. */
function forgetPlace(reader) {
  history.replaceState(null, "", `#as=${encodeURIComponent(reader.as)}`);
}

async function startAfresh({ reader, live }, say) {
  const back = comingBack(live);
  say("Starting afresh …");
  try {
    await askServer();
    forgetPlace(reader);
    await back;
    location.reload();
  } catch (trouble) {
    back.catch(() => {});
    say(trouble instanceof Refused ? trouble.sentence("Not started afresh") : "The workspace has not come back. Load the page again in a moment.");
  }
}

/** The button; its dialog stands beside it. Nothing where the workspace cannot be started afresh. */
export function startAfreshButton({ reader, live }) {
  if (!reader.app.can.reset) return el("span", { hidden: true });
  const said = el("p", { role: "status" });
  const actions = el("div", { class: "dialog-actions" });
  const title = "Start afresh?";
  const dialog = el("dialog", { class: "tool-dialog", "aria-label": title, on: { keydown: (event) => event.stopPropagation() } }, el("h2", { text: title }), el("p", { text: WHAT_IT_DOES }), said, actions);
  const go = () => (fill(actions), startAfresh({ reader, live }, (text) => (said.textContent = text)));
  const ask = () => {
    said.textContent = "";
    fill(actions, button("Keep everything", () => dialog.close()), button("Start afresh", go, "tool-button grave"));
    dialog.showModal();
  };
  return el("span", { class: "start-afresh" }, button("Start afresh", ask), dialog);
}
