// One channel, or direct messages: head, messages, and what one writes in. It listens to what the workspace says of it.
import { Refused } from "./api.js";
import { channelHeader, titleOf } from "./channel_header.js";
import { composer } from "./composer.js";
import { el, fill } from "./dom.js";
import { latest } from "./latest.js";
import { messageWindow } from "./message_window.js";

const ARCHIVED = "This channel is archived. It can be read, and nothing new can be written in it.";

class ChannelView {
  #desk;
  #ask;
  #header;
  #window;
  #composer = null;
  #head = el("div", { class: "channel-head" });
  #foot = el("div", { class: "channel-foot" });

  constructor(desk, header) {
    this.#desk = desk;
    this.#header = header;
    this.#ask = latest(() => desk.ask("header", { channel: header.id }), (answer) => this.#take(answer));
    const place = { channel: header.id, canAct: () => this.#canAct(), inThread: false, openThread: (ts) => desk.openThread(header.id, ts) };
    this.#window = messageWindow(desk, place, `This is the very beginning of ${header.is_im ? "your messages with " : ""}${titleOf(header, desk.reader)}.`);
    this.node = el("div", { class: "channel" }, this.#head, this.#window.node, this.#foot);
    this.channel = header.id;
    this.#drawHead();
    this.#drawFoot();
  }

  title() {
    return titleOf(this.#header, this.#desk.reader);
  }

  open(ts) {
    return this.#window.open(ts);
  }

  close() {
    this.#window.close();
  }

  focus() {
    this.#composer?.focus();
  }

  /** Whether the newest message is before this person's eyes. */
  isSeen() {
    return this.#window.isSeen();
  }

  changed({ messages, headers }) {
    const touched = messages?.[this.channel];
    if (touched?.length) this.#window.changed(touched);
    if (headers?.includes(this.channel)) this.#lookAtHead();
  }

  /** What the thread of `ts` needs to know, see thread.js. */
  thread(ts) {
    return { channel: this.channel, ts, title: this.title(), canAct: this.#canAct() };
  }

  /** The channel may be gone, or not this person's any more. */
  lookAgain() {
    return this.#lookAtHead();
  }

  async again() {
    await Promise.all([this.#lookAtHead(), this.#window.again()]);
  }

  /** Names may have changed, or what day it is. */
  redrawAll() {
    this.#drawHead();
    this.#window.redrawAll();
  }

  #canAct() {
    return this.#header.is_member && !this.#header.is_archived;
  }

  async #lookAtHead() {
    try {
      await this.#ask();
    } catch (problem) {
      if (problem instanceof Refused) this.#desk.lostChannel(this);
    }
  }

  #take(header) {
    const before = this.#canAct();
    this.#header = header;
    this.#drawHead();
    if (before === this.#canAct()) return;
    this.#drawFoot();
    this.#window.redrawAll();
  }

  #drawHead() {
    fill(this.#head, channelHeader(this.#header, this.#desk));
  }

  #drawFoot() {
    this.#composer = this.#canAct() ? this.#makeComposer() : null;
    fill(this.#foot, this.#composer?.node ?? this.#whyNot());
  }

  #makeComposer() {
    const { drafts } = this.#desk;
    const { is_im, name } = this.#header;
    return composer(this.#desk, {
      label: is_im ? `Message ${this.title()}` : `Message # ${name}`,
      channel: this.channel,
      draft: drafts.get(this.channel),
      onDraft: (text) => drafts.set(this.channel, text),
      onSent: () => this.#window.toNewest({ isOwn: true }),
    });
  }

  #whyNot() {
    if (this.#header.is_archived) return el("p", { class: "why-not", text: ARCHIVED });
    const join = () => this.#desk.deed("join", { channel: this.channel });
    return el(
      "div",
      { class: "why-not" },
      el("p", { text: `You are looking at ${this.title()} and are not in it.` }),
      el("button", { class: "button button-primary", type: "button", text: "Join channel", on: { click: join } }),
    );
  }
}

/** @param header the answer of the workspace, see control.py. */
export const channelView = (desk, header) => new ChannelView(desk, header);
