// The workspace's own API from the page. It speaks only to the server that served the page.

/** The workspace said no. `error` is Slack's word for it ("not_in_channel") or the workspace's own. */
export class Refused extends Error {
  constructor(answer) {
    super(answer.error);
    this.error = answer.error;
    this.answer = answer;
  }

  /** Hosts refuse in a sentence, the workspace in a word, which is told after `what` was not done. */
  sentence(what) {
    return this.error.includes(" ") ? this.error : `${what}: ${this.error.replaceAll("_", " ")}.`;
  }
}

const CONFLICT = 409;

async function ask(path, options) {
  const response = await fetch(`/control/${path}`, options);
  const answer = await response.json();
  if (response.status === CONFLICT) throw new Refused(answer);
  return answer;
}

const post = (path, body) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

const known = (query) => new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined && value !== null));

/** GET /control/<what>. */
export const get = (what, query = {}) => ask(`${what}?${known(query)}`);

/** What `as` sees: one of the questions of the control API. */
export const see = (as, what, query = {}) => get("see", { as, what, ...query });

/** What `as` does: one of the verbs of the control API. */
export const act = (as, verb, args = {}) => post("act", { as, do: verb, ...args });

/** What only whoever runs the workspace can do: move the clock, start afresh, play a drill. */
export const rule = (what, args = {}) => post("rule", { do: what, ...args });
