// Questions that are asked again before they were answered: only the answer to the newest one counts.

/** Asks, and hands the answer to `take` unless the same was asked again meanwhile. Rejects as `ask` does. */
export function latest(ask, take) {
  let asked = 0;
  return async () => {
    const mine = (asked += 1);
    const answer = await ask();
    if (mine === asked) take(answer);
  };
}
