// A list that opens over everything else, below or above the element it belongs to. It knows nothing of what it lists.

const MARGIN = 8;
const HIGHEST = 320;

/** Shown by the browser above everything; where it stands in the page it stays, so a dialog keeps it within its reach. */
class Popup {
  #node;
  #closed;
  #anchor = null;

  constructor(node, closed) {
    this.#node = node;
    this.#closed = closed;
    node.setAttribute("popover", "manual");
  }

  isOpen = () => this.#anchor !== null;

  open = (anchor) => {
    if (this.#anchor || !anchor.isConnected) return;
    this.#anchor = anchor;
    this.#node.showPopover();
    this.place();
    this.#watch("addEventListener");
  };

  close = () => {
    if (!this.#anchor) return;
    this.#watch("removeEventListener");
    this.#anchor = null;
    if (this.#node.isConnected) this.#node.hidePopover();
    this.#closed();
  };

  /** Anew, after what it lists or where its anchor is has changed. Without its anchor in sight it goes. */
  place = () => {
    if (!this.#anchor) return;
    if (isInSight(this.#anchor)) place(this.#node, this.#anchor);
    else this.close();
  };

  #outside = (event) => {
    if (!this.#node.contains(event.target) && !this.#anchor.contains(event.target)) this.close();
  };

  #moved = (event) => {
    if (event.type === "resize" || !this.#node.contains(event.target)) this.place();
  };

  #watch(how) {
    document[how]("pointerdown", this.#outside, true);
    document[how]("scroll", this.#moved, true);
    window[how]("resize", this.#moved);
  }
}

/** @param {HTMLElement} node the list. @param {() => void} closed called whenever it has closed. */
export const popup = (node, closed) => new Popup(node, closed);

function isInSight(anchor) {
  const { top, bottom } = anchor.getBoundingClientRect();
  return anchor.isConnected && bottom > 0 && top < window.innerHeight;
}

function place(node, anchor) {
  const spot = anchor.getBoundingClientRect();
  const below = window.innerHeight - spot.bottom - MARGIN;
  const isBelow = below >= Math.min(node.scrollHeight, HIGHEST) || below >= spot.top;
  const room = Math.min(HIGHEST, (isBelow ? below : spot.top) - MARGIN);
  const style = { "max-height": `${room}px`, "min-width": `${spot.width}px`, "max-width": `${window.innerWidth - 2 * MARGIN}px` };
  for (const [name, value] of Object.entries(style)) node.style.setProperty(name, value);
  const left = Math.max(MARGIN, Math.min(spot.left, window.innerWidth - node.offsetWidth - MARGIN));
  node.style.setProperty("left", `${left}px`);
  node.style.setProperty("top", isBelow ? `${spot.bottom + 2}px` : `${spot.top - node.offsetHeight - 2}px`);
}
