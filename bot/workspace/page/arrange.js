// Puts elements in order without moving those that stand right, so that a click, the focus and the scrolling survive it.

/** `parent` holds exactly `wanted` afterwards, in this order. */
export function arrange(parent, wanted) {
  const kept = new Set(wanted);
  [...parent.children].filter((child) => !kept.has(child)).forEach((child) => child.remove());
  let next = parent.firstElementChild;
  for (const node of wanted) {
    if (node === next) next = next.nextElementSibling;
    else parent.insertBefore(node, next);
  }
}
