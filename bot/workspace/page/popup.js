// A list that opens over everything else, below or above the element it belongs to. It knows nothing of what it lists.

const MARGIN = 8;
const HIGHEST = 320;

/** @param {HTMLElement} node the list. @param {() => void} closed called when it is closed from outside. */
export function popup(node, closed) {
  node.setAttribute("popover", "manual");
  let anchor = null;

  const outside = (event) => {
    if (!node.contains(event.target) && !anchor.contains(event.target)) close();
  };
  const moved = (event) => {
    if (event.type === "resize" || !node.contains(event.target)) place(node, anchor);
  };
  const watch = (how) => {
    document[how]("pointerdown", outside, true);
    document[how]("scroll", moved, true);
    window[how]("resize", moved);
  };

  function open(beside) {
    if (anchor || !beside.isConnected) return;
    anchor = beside;
    node.showPopover();
    place(node, anchor);
    watch("addEventListener");
  }

  function close() {
    if (!anchor) return;
    watch("removeEventListener");
    anchor = null;
    if (node.isConnected) node.hidePopover();
    closed();
  }

  return { open, close, isOpen: () => anchor !== null, place: () => anchor && place(node, anchor) };
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
