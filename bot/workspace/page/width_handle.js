// The edge by which a drawer on the right is made wider, by pointer or by arrow keys. Its width is kept for this window.
import { el } from "./dom.js";

const KEY = "muster-inspector-width";
const STEP = 40;
const LEAST = 320;

const most = () => Math.max(LEAST, window.innerWidth - 360);

function set(drawer, handle, width) {
  const fitting = Math.round(Math.min(most(), Math.max(LEAST, width)));
  drawer.style.setProperty("--inspector-width", `${fitting}px`);
  handle.setAttribute("aria-valuenow", String(fitting));
  handle.setAttribute("aria-valuemax", String(most()));
  sessionStorage.setItem(KEY, String(fitting));
}

function onKey(event, drawer, handle) {
  const by = { ArrowLeft: STEP, ArrowRight: -STEP }[event.key];
  if (!by) return;
  event.preventDefault();
  set(drawer, handle, drawer.getBoundingClientRect().width + by);
}

/** `drawerOf` answers the drawer, which does not exist yet when its handle is made. */
export function widthHandle(drawerOf) {
  const drag = (event) => set(drawerOf(), handle, window.innerWidth - event.clientX);
  const handle = el("div", {
    class: "width-handle",
    role: "separator",
    tabindex: "0",
    "aria-label": "Width of the inspector",
    "aria-orientation": "vertical",
    "aria-valuemin": String(LEAST),
    "aria-valuemax": String(most()),
    "aria-valuenow": sessionStorage.getItem(KEY) ?? String(LEAST),
    on: {
      keydown: (event) => onKey(event, drawerOf(), handle),
      pointerdown: (event) => handle.setPointerCapture(event.pointerId),
      pointermove: (event) => handle.hasPointerCapture(event.pointerId) && drag(event),
    },
  });
  const kept = Number(sessionStorage.getItem(KEY));
  if (kept) queueMicrotask(() => set(drawerOf(), handle, kept));
  return handle;
}
