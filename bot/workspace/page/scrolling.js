// The scrolled box around a list of messages: follows the newest, or keeps what is looked at where it is. It loads nothing.
import { el } from "./dom.js";

const AT_END = 30;
const NEAR = 700;
const IN_VIEW = 0.4;

class Scrolling {
  #list;
  #watch;
  #isFollowing = true;
  #top = 0;

  constructor(list, { above, below }, moved) {
    this.#list = list;
    this.node = el("div", { class: "scroller" }, above, list.node, below);
    this.node.addEventListener("scroll", () => this.#scrolled(moved), { passive: true });
    this.#watch = new ResizeObserver(() => this.#isFollowing && this.#toEnd());
    this.#watch.observe(list.node);
    this.#watch.observe(this.node);
  }

  close() {
    this.#watch.disconnect();
  }

  isFollowing() {
    return this.#isFollowing;
  }

  follow(isFollowing) {
    this.#isFollowing = isFollowing;
  }

  isNearStart() {
    return this.node.scrollTop < NEAR;
  }

  isNearEnd() {
    return this.#below() < NEAR;
  }

  /** Goes up to `node` where it is out of sight, and shows some of what stands before it. */
  bringDown(node) {
    const box = this.node.getBoundingClientRect();
    const above = node ? box.top - node.getBoundingClientRect().top : 0;
    if (above <= 0) return;
    this.#isFollowing = false;
    this.node.scrollTop -= above + box.height * IN_VIEW;
    this.#top = this.node.scrollTop;
  }

  /** Makes `change`; what is looked at does not move, except that the end stays in sight where it was. */
  steadily(change) {
    const anchor = this.#anchor();
    change();
    if (this.#isFollowing) return this.#toEnd();
    const row = anchor && this.#list.row(anchor.ts);
    if (row) this.node.scrollTop += row.getBoundingClientRect().top - anchor.top;
    this.#top = this.node.scrollTop;
  }

  /** The first message that is in sight, and how far down it stands. */
  #anchor() {
    const edge = this.node.getBoundingClientRect().top;
    const row = [...this.#list.node.children].find((child) => child.getBoundingClientRect().bottom > edge);
    return row && { ts: row.dataset.ts, top: row.getBoundingClientRect().top };
  }

  #below() {
    return this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight;
  }

  #toEnd() {
    this.node.scrollTop = this.node.scrollHeight;
    this.#top = this.node.scrollTop;
  }

  /** Going up ends the following; reaching the end begins it. */
  #scrolled(moved) {
    if (this.#below() < AT_END) this.#isFollowing = true;
    else if (this.node.scrollTop < this.#top) this.#isFollowing = false;
    this.#top = this.node.scrollTop;
    moved();
  }
}

/** @param list `{node, row(ts)}`; @param around elements `above` and `below` it; @param moved called after each scroll. */
export const scrolling = (list, around, moved) => new Scrolling(list, around, moved);

/** The button that leads back to the newest message. It stands within the scrolled box, so that a wheel over it scrolls. */
export function jumpButton(jump) {
  const count = el("span", { class: "jump-count" });
  const button = el("button", { class: "jump", type: "button", hidden: true, on: { click: jump } }, "Jump to newest", count);
  const show = (isShown, unseen) => {
    button.hidden = !isShown;
    count.textContent = unseen ? ` (${unseen} new)` : "";
  };
  return { node: el("div", { class: "jump-box" }, button), show };
}
