// Work that is repeated while a part of the page is shown, and ends when it has been taken away.

/** `node` must stand in the page by the first turn. */
export function whileShown(node, work, everyMs) {
  const timer = setInterval(() => (node.isConnected ? work() : clearInterval(timer)), everyMs);
}
