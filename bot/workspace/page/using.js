// What pressing a button or choosing in a menu of a message does. What fails is told beside the element, by whoever draws it.
import { Refused } from "./api.js";
import { refused } from "./refusals.js";

/** Every element that can be used, with the block that it stands in. */
function elementsOf(blocks) {
  const within = ({ elements = [], accessory, element }) => [...elements, accessory, element].filter(Boolean);
  return blocks.flatMap((block) => within(block).map((element) => ({ block, element })));
}

/** What the app hears of an element: two that agree in it mean the same, however they look. */
const meaningOf = ({ type, action_id, value, options, option_groups }) => JSON.stringify([type, action_id, value, options, option_groups]);

/** The block in which the same element stands in the newest version: it may have been edited while somebody pressed. */
async function blockNow(element, message, desk) {
  const [newest] = await desk.ask("shown", { channel: message.channel, ts: message.ts });
  const same = elementsOf(newest?.blocks ?? []).filter((each) => meaningOf(each.element) === meaningOf(element));
  return same.length === 1 ? same[0].block : undefined;
}

function deed(message, block, element, value) {
  const where = message.ephemeral ? "ephemeral" : "message";
  const spot = { channel: message.channel, ts: message.ts, block: block.block_id, where };
  return value === undefined ? ["click", { ...spot, button: element.action_id }] : ["select", { ...spot, field: element.action_id, value }];
}

/** @returns `use(block, element, value)`, without a value for a button; it throws what the workspace refuses. Where the
 *  message has changed so that the press would mean something else, nothing is done and a notice says so. */
export function usesOf(message, desk) {
  return async (block, element, value) => {
    try {
      return await desk.act(...deed(message, block, element, value));
    } catch (problem) {
      const isOld = problem instanceof Refused && problem.error === "no_such_element";
      if (!isOld) throw problem;
      const current = await blockNow(element, message, desk);
      return current ? desk.act(...deed(message, current, element, value)) : desk.notices.say(refused(problem.error));
    }
  };
}
