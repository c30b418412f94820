// What this person does, sent to the workspace. A deed that is refused becomes a notice and an answer with `ok: false`.
import { Refused } from "./api.js";
import { failed, refused } from "./refusals.js";

/**
 * @param act `act(verb, args)` throws what is refused
 * @returns {(verb: string, args?: object) => Promise<{ok: boolean, error: string, refused?: boolean}>} it never throws
 */
export function deeds(act, notices) {
  return async (verb, args = {}) => {
    notices.clear();
    try {
      const answer = await act(verb, args);
      if (answer.error) notices.say(failed(verb, args, answer.error));
      return { ok: !answer.error, error: "", ...answer };
    } catch (problem) {
      return notDone(args, problem, notices);
    }
  };
}

function notDone(args, problem, notices) {
  const error = problem instanceof Refused ? problem.error : "unreachable";
  notices.say(sentenceOf(error, args));
  return { ok: false, error, refused: true };
}

function sentenceOf(error, { command }) {
  if (error === "unreachable") return "The workspace cannot be reached: this was not sent.";
  return error === "unknown_command" ? `${command} is not a command here.` : refused(error);
}
