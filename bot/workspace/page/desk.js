// What every part of one viewer's page is given: who they are, what they may know, how to ask and act, where to go.
import { act, Refused, see } from "./api.js";
import { connect } from "./live.js";
import { deeds } from "./deeds.js";
import { notices } from "./notices.js";
import { go, readRoute } from "./route.js";
import { loadDirectory } from "./state.js";

const ANSWERED_MS = 10_000;

/** What the renderers and the tools are given of it. What this viewer may not know is undefined. */
function readerOf(desk) {
  const { as, directory, live } = desk;
  return {
    as,
    get me() {
      return directory.me;
    },
    app: directory.app,
    now: () => live.now(),
    person: (id) => directory.person(id),
    channel: (id) => directory.channel(id),
    group: () => undefined,
    openChannel: (id, ts) => go({ as, at: id, message: ts }),
    openPerson: (id) => desk.openPlace(`@${id}`),
  };
}

function trouble(desk, problem) {
  if (problem instanceof Refused) return desk.notices.say("That cannot be shown: it is not there, or not for you to see.");
  if (!(problem instanceof TypeError)) throw problem;
  desk.notices.say("The workspace did not answer. What you see may be out of date.");
}

/**
 * Everything for `as`, loaded. A place (`at`) is a channel's id, "home", or "@" and a person's id, with whom direct
 * messages are begun. seat.js adds what only the whole page can do: `drawer`, `lostChannel`, `isSeen`.
 */
export async function makeDesk(as) {
  const live = connect(as);
  try {
    const desk = { as, live, notices: notices(), directory: await loadDirectory(as), drafts: new Map(), actedAt: -Infinity };
    return Object.assign(desk, abilities(desk), { reader: readerOf(desk) });
  } catch (problem) {
    live.end();
    throw problem;
  }
}

function abilities(desk) {
  const { as } = desk;
  const acting = (verb, args = {}) => {
    desk.actedAt = performance.now();
    return act(as, verb, args);
  };
  return {
    ask: (what, query) => see(as, what, query),
    act: acting,
    deed: deeds(acting, desk.notices),
    hasJustActed: () => performance.now() - desk.actedAt < ANSWERED_MS,
    mark: (channel, ts) => act(as, "mark", { channel, ts }).catch(() => {}),
    trouble: (problem) => trouble(desk, problem),
    openPlace: (at) => go({ as, at }),
    addressOf: (at) => `#${new URLSearchParams({ as, at })}`,
    isAt: (at) => readRoute().at === at,
    openThread: (channel, ts) => go({ as, at: channel, thread: ts }),
    closeThread: () => go({ as, at: readRoute().at }),
  };
}
