// Monitoring: ready-made alerts to send to the app, and what became of each. They are sent by the server, as a monitoring system would.
import { get, Refused, rule } from "./api.js";
import { el, fill } from "./dom.js";

const NOTHING = { alerts: [], firing: [], own: "" };
const LEAD = "Alerts, as a monitoring system sends them: over HTTP, in the shape of Prometheus Alertmanager. Told twice, they change nothing.";
const OWN = "Paste this into a terminal; what stands in it is yours to change. Other shapes go to the same address: write grafana, pagerduty, datadog or cloudevents instead of alertmanager.";

const button = (text, listener, look = "tool-button") => el("button", { type: "button", class: look, text, on: { click: listener } });

class Monitoring {
  constructor({ reader, left = () => {} }) {
    Object.assign(this, { reader, left, known: NOTHING, channel: "" });
    this.said = el("p", { role: "status" });
    this.way = button("", () => this.leave());
    this.outcome = el("div", { class: "tool-outcome", hidden: true }, this.said, this.way);
    this.list = el("ul", { class: "choice-list" });
    this.line = el("code");
    this.copy = button("Copy", () => this.copyLine());
    this.dialog = this.makeDialog();
    this.opener = button("Monitoring", () => this.open());
    this.opener.setAttribute("aria-haspopup", "dialog");
    this.node = el("div", { class: "tool-panel" }, this.opener, this.dialog);
  }

  makeDialog() {
    const closer = el("button", { type: "button", class: "tool-button", "aria-label": "Close", text: "✕", on: { click: () => this.dialog.close() } });
    const head = el("header", { class: "dialog-head" }, el("h2", { text: "Monitoring" }), closer);
    const own = el("details", { class: "own-alert" }, el("summary", { text: "An alert of your own" }), el("p", { text: OWN }), el("pre", { tabindex: "0", "aria-label": "Command" }, this.line), this.copy);
    const keys = { keydown: (event) => event.stopPropagation() };
    return el("dialog", { class: "tool-dialog", "aria-label": "Monitoring", on: keys }, head, el("p", { text: LEAD }), this.outcome, this.list, own);
  }

  /** At once, so that the next key is for it; what it shows comes in a moment. */
  open() {
    this.tell({ said: "" });
    this.copy.textContent = "Copy";
    this.dialog.showModal();
    return this.look();
  }

  async look() {
    try {
      this.known = await get("alerts");
    } catch (gone) {
      console.info("The alerts cannot be read just now.", gone);
    }
    this.draw();
  }

  /** The buttons stay while it is open, so that none loses the focus. */
  draw() {
    this.line.textContent = this.known.own;
    if (this.list.childElementCount !== this.known.alerts.length) fill(this.list, this.known.alerts.map((each) => this.choice(each)));
    for (const each of this.list.children) each.querySelector(".fires").hidden = !this.known.firing.includes(each.dataset.name);
  }

  choice({ name, title, about }) {
    const send = button("Send", () => this.send(name), "tool-button leading");
    send.setAttribute("aria-label", `Send ${title}`);
    const head = el("div", { class: "choice-head" }, el("h3", { text: title }), el("span", { class: "choice-beside fires", text: "fires", hidden: true }), send);
    return el("li", { class: "choice", dataset: { name } }, head, el("p", { text: about }));
  }

  async send(name) {
    if (this.isSending) return;
    this.isSending = true;
    this.tell({ said: "Sending …" });
    try {
      this.tell(await rule("send_alert", { name }));
    } catch (refused) {
      this.tell({ said: refused instanceof Refused ? refused.sentence("Not sent") : "The workspace does not answer. Try again in a moment." });
    } finally {
      this.isSending = false;
    }
    await this.look();
  }

  tell({ said, channel = "", name = "" }) {
    this.channel = channel;
    this.said.textContent = said;
    this.outcome.hidden = !said;
    this.way.hidden = !channel;
    this.way.textContent = channel ? `Go to #${name}` : "";
  }

  leave() {
    this.dialog.close();
    this.left();
    this.reader.openChannel(this.channel);
  }

  async copyLine() {
    await navigator.clipboard.writeText(this.known.own);
    this.copy.textContent = "Copied";
  }
}

/** The button with its dialog; nothing where no alerts can be sent. `left` is called when it leads elsewhere. */
export const monitoringPanel = (parts) => (parts.reader.app.can.alerts ? new Monitoring(parts).node : el("span", { hidden: true }));
