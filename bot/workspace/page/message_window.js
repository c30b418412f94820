// A channel's messages as one scrolls through them: pages come and go at the ends without a jump, and the newest stay in sight.
import { el } from "./dom.js";
import { History } from "./history.js";
import { messageList } from "./message_list.js";
import { jumpButton, scrolling } from "./scrolling.js";
import { isSystem } from "./system_messages.js";

const ASKED_AT_ONCE = 100;
const POINTED_MS = 2_500;

class MessageWindow {
  #desk;
  #place;
  #history;
  #list;
  #scroll;
  #jump;
  #work = Promise.resolve();
  #isFilling = false;
  #isClosed = false;
  #isOpening = false;
  #readUpTo = "";
  #marked = "";
  #unseen = 0;

  constructor(desk, place, beginning) {
    this.#desk = desk;
    this.#place = { ...place, redraw: () => this.#draw() };
    this.#history = new History((query) => desk.ask("history", { channel: place.channel, ...query }));
    this.#list = messageList(desk, this.#place, "Messages");
    this.beginning = el("p", { class: "beginning", text: beginning, hidden: true });
    this.#jump = jumpButton(() => this.toNewest());
    this.#scroll = scrolling(this.#list, { above: this.beginning, below: this.#jump.node }, () => this.#scrolled());
    this.node = el("div", { class: "history" }, this.#scroll.node);
    this.seen = () => this.#see();
    document.addEventListener("visibilitychange", this.seen);
  }

  close() {
    this.#isClosed = true;
    this.#scroll.close();
    document.removeEventListener("visibilitychange", this.seen);
  }

  /** Shows the newest messages, or those around `ts`, which is pointed out. */
  open(ts) {
    return this.#next(async () => {
      await (ts ? this.#history.around(ts) : this.#history.newest());
      this.#readUpTo = this.#firstUnreadAfter();
      this.#marked = this.#history.read;
      this.#isOpening = true;
      this.#scroll.follow(!ts);
      this.#draw();
      if (ts) this.#pointOut(ts);
      else this.#scroll.bringDown(this.#list.node.querySelector(".line-new"));
      this.#isOpening = false;
      this.#scrolled();
    });
  }

  /** After the connection was lost: what is shown may be out of date. */
  again() {
    return this.#next(async () => {
      const { messages, moreAfter } = this.#history;
      if (moreAfter && messages.length) await this.#history.around(messages[Math.floor(messages.length / 2)].ts);
      else await this.#history.newest();
      this.#marked = this.#history.read;
      this.#list.forgetAll();
      this.#draw();
    });
  }

  /** Names may have changed, or what this person may do here. */
  redrawAll() {
    this.#list.forgetAll();
    this.#draw();
  }

  /** The workspace says that these messages are new, changed or gone. */
  changed(touched) {
    return this.#next(async () => {
      for (let from = 0; from < touched.length; from += ASKED_AT_ONCE) await this.#take(touched.slice(from, from + ASKED_AT_ONCE));
    });
  }

  /** `isOwn`: because this person wrote something, so nothing is new to them. */
  toNewest({ isOwn = false } = {}) {
    return this.#next(async () => {
      if (isOwn) this.#readUpTo = "";
      if (this.#history.moreAfter) await this.#history.newest();
      this.#scroll.follow(true);
      this.#draw();
    });
  }

  async #take(asked) {
    const shown = await this.#desk.ask("shown", { channel: this.#place.channel, ts: asked.join(",") });
    const newest = this.#newest();
    const wasSeen = this.isSeen();
    this.#history.merge(asked, shown, this.#scroll.isFollowing());
    const isNews = (message) => message.ts > newest && message.user !== this.#desk.reader.me.id && !isSystem(message);
    const arrived = shown.filter(isNews).length;
    if (arrived && !wasSeen) this.#note(newest, arrived);
    const isAnswered = this.#isAnswered(shown, newest);
    if (isAnswered) this.#scroll.follow(!this.#history.moreAfter);
    this.#draw();
    if (isAnswered && this.#history.moreAfter) this.toNewest();
  }

  /** What only this person sees, right after they did something, is the answer to it: it is brought into sight. */
  #isAnswered(shown, newest) {
    return this.#desk.hasJustActed() && shown.some(({ ts, ephemeral, thread_ts }) => ephemeral && !thread_ts && ts > newest);
  }

  #note(newest, arrived) {
    if (!this.#unseen && this.#marked >= newest) this.#readUpTo = newest;
    this.#unseen += arrived;
  }

  /** Work is done one after the other, so that two pages never mix. */
  #next(job) {
    const run = () => (this.#isClosed ? undefined : job());
    this.#work = this.#work.then(run).catch((problem) => this.#isClosed || this.#desk.trouble(problem));
    return this.#work;
  }

  #draw() {
    if (this.#isClosed) return;
    const { messages, moreBefore } = this.#history;
    this.#scroll.steadily(() => {
      this.beginning.hidden = moreBefore;
      this.#list.draw(messages, { readUpTo: this.#readUpTo, hasMoreBefore: moreBefore });
    });
    this.#scrolled();
  }

  #scrolled() {
    this.#scroll.follow(this.#scroll.isFollowing() && !this.#history.moreAfter);
    this.#see();
    this.#jump.show(!this.#scroll.isFollowing() && this.#isFar(), this.#unseen);
    this.#fill();
  }

  #isFar() {
    return this.#history.moreAfter || this.#unseen > 0 || !this.#scroll.isNearEnd();
  }

  async #fill() {
    if (this.#isFilling) return;
    this.#isFilling = true;
    while (!this.#isClosed && this.#missing()) {
      const before = this.#history.messages;
      await this.#next(async () => {
        await this.#missing()?.();
        this.#draw();
      });
      if (this.#history.messages === before) break;
    }
    this.#isFilling = false;
  }

  /** What to load for where one has scrolled to, or null. */
  #missing() {
    if (!this.#history.messages.length) return null;
    if (this.#history.moreBefore && this.#scroll.isNearStart()) return () => this.#history.older();
    return this.#history.moreAfter && this.#scroll.isNearEnd() ? () => this.#history.newer() : null;
  }

  #newest() {
    return this.#history.messages.at(-1)?.ts ?? "";
  }

  /** Whether the newest message is in sight. */
  isSeen() {
    return !this.#isOpening && document.visibilityState === "visible" && this.#scroll.isFollowing() && !this.#history.moreAfter;
  }

  #see() {
    if (!this.isSeen()) return;
    this.#unseen = 0;
    if (this.#newest() <= this.#marked) return;
    this.#marked = this.#newest();
    this.#desk.mark(this.#place.channel, this.#marked);
  }

  /** The ts after which "New" stands: before the first that somebody else wrote since it was last read. */
  #firstUnreadAfter() {
    const { messages, read } = this.#history;
    const first = messages.findIndex(({ ts, user, ephemeral }) => ts > read && user !== this.#desk.reader.me.id && !ephemeral);
    if (!read || first < 0) return "";
    return first > 0 ? messages[first - 1].ts : read;
  }

  #pointOut(ts) {
    const row = this.#list.row(ts);
    if (!row) return this.#desk.notices.say("That message is no longer there.");
    row.classList.add("message-row-pointed");
    row.scrollIntoView({ block: "center" });
    setTimeout(() => row.classList.remove("message-row-pointed"), POINTED_MS);
  }
}

/** @param place see message.js; @param beginning what stands above a channel's first message. */
export const messageWindow = (desk, place, beginning) => new MessageWindow(desk, place, beginning);
