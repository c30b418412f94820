// The pane beside a channel with one thread: its first message, the replies, and what one writes in.
import { Refused } from "./api.js";
import { composer } from "./composer.js";
import { el } from "./dom.js";
import { latest } from "./latest.js";
import { messageList } from "./message_list.js";
import { scrolling } from "./scrolling.js";

class ThreadPane {
  #desk;
  #ask;
  #list;
  #scroll;
  #composer;
  #messages = [];
  #isClosed = false;

  constructor(desk, { channel, ts, title, canAct }) {
    this.#desk = desk;
    this.channel = channel;
    this.ts = ts;
    this.#ask = latest(() => desk.ask("replies", { channel, ts }), (messages) => this.#take(messages));
    const place = { channel, canAct: () => canAct, inThread: true, openThread: () => {}, redraw: () => this.#draw() };
    this.#list = messageList(desk, place, "Replies");
    this.#scroll = scrolling(this.#list, {}, () => {});
    const on = { click: desk.closeThread };
    const close = el("button", { class: "pane-close", type: "button", "aria-label": "Close thread", text: "✕", on });
    const head = el("header", { class: "pane-head" }, el("h2", { text: "Thread" }), el("span", { class: "pane-of", text: title }), close);
    const onSent = () => this.#scroll.follow(true);
    this.#composer = canAct ? composer(desk, { label: "Reply in thread", channel, thread: ts, onSent }) : null;
    this.node = el("aside", { class: "pane thread", "aria-label": "Thread" }, head, this.#scroll.node, this.#composer?.node);
  }

  close() {
    this.#isClosed = true;
    this.#scroll.close();
  }

  focus() {
    this.#composer?.focus();
  }

  changed({ messages }) {
    if (messages?.[this.channel]?.some((ts) => ts >= this.ts)) this.look();
  }

  /** Asks for the thread anew; a thread that is gone is closed. */
  async look() {
    try {
      await this.#ask();
    } catch (problem) {
      if (problem instanceof Refused && !this.#isClosed) this.#desk.closeThread();
    }
  }

  #take(messages) {
    this.#messages = messages;
    this.#draw();
  }

  redrawAll() {
    this.#list.forgetAll();
    this.#draw();
  }

  #draw() {
    if (!this.#isClosed) this.#scroll.steadily(() => this.#list.draw(this.#messages));
  }
}

export const threadPane = (desk, about) => new ThreadPane(desk, about);
