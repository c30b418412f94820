// Boots the page and seats whoever the address names. Another person means another seat: nothing of the former is kept.
import { get, Refused } from "./api.js";
import { el, fill } from "./dom.js";
import { go, onRoute, readRoute } from "./route.js";
import { takeSeat } from "./seat.js";

const NOT_THERE = "The workspace does not answer. Is it still running? Load this page again.";

let seat = null;
let seating = 0;

async function firstPerson() {
  const { people } = await get("about");
  return Object.keys(people)[0];
}

async function seatFor(as) {
  const mine = (seating += 1);
  seat?.leave();
  seat = null;
  const taken = await takeSeat(as);
  if (mine !== seating) return taken.leave();
  seat = taken;
  fill(document.body, seat.node);
  await seat.show(readRoute());
}

async function follow(route) {
  if (!route.as) return go({ ...route, as: await firstPerson() }, { replace: true });
  if (seat?.as === route.as) return seat.show(route);
  try {
    await seatFor(route.as);
  } catch (problem) {
    if (problem instanceof Refused) return go({ as: await firstPerson() }, { replace: true });
    fill(document.body, el("p", { class: "not-there", role: "alert", text: NOT_THERE }));
    throw problem;
  }
}

onRoute(follow);
