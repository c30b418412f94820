// What a press or a choice looks like while the app has not answered, and what is said when it did not. It decides
// nothing and calls no server itself.

import { el } from "./dom.js";

const SENTENCES = {
  operation_timeout: (app) => `${app} did not answer in time. Try again?`,
  dispatch_failed: (app) => `We could not reach ${app}. Try again?`,
  no_such_element: () => "This has changed meanwhile, and the button is gone.",
  not_in_channel: () => "Only members of this channel can do that. Join it first.",
};

/** A sentence for `{ok: false, error}`, or for a refusal that was thrown. */
export function failureText(failure, reader) {
  const app = reader.app?.name ?? "the app";
  const made = SENTENCES[failure?.error];
  if (made) return made(app);
  return failure?.error ? `Not done: ${failure.error.replaceAll("_", " ")}.` : `We had trouble reaching ${app}. Try again?`;
}

/**
 * Runs `work` once at a time, `node` being marked as busy; a failure is told beside it.
 * @param {HTMLElement} node
 * @param {() => Promise<{ok: boolean, error: string} | undefined>} work
 */
export async function press(node, work, reader) {
  if (node.getAttribute("aria-busy") === "true") return undefined;
  node.setAttribute("aria-busy", "true");
  tell(node, "");
  try {
    const answer = await work();
    if (answer && answer.ok === false) tell(node, failureText(answer, reader));
    return answer;
  } catch (failure) {
    tell(node, failureText(failure, reader));
    return undefined;
  } finally {
    node.removeAttribute("aria-busy");
  }
}

function tell(node, sentence) {
  const next = node.nextElementSibling;
  if (next?.classList.contains("failure")) next.remove();
  if (sentence && node.isConnected) node.after(el("span", { class: "failure", role: "alert", text: sentence }));
}
