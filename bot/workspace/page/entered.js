// What a person has entered in an element, in the form that the control API takes: the value of an option, the id of
// a person or channel, a date, a time, epoch seconds, a text, or a list of these. Pure.

const SHAPES = {
  plain_text_input: ["value", "initial_value"],
  email_text_input: ["value", "initial_value"],
  url_text_input: ["value", "initial_value"],
  number_input: ["value", "initial_value"],
  rich_text_input: ["rich_text_value", "initial_value"],
  static_select: ["selected_option", "initial_option"],
  external_select: ["selected_option", "initial_option"],
  radio_buttons: ["selected_option", "initial_option"],
  users_select: ["selected_user", "initial_user"],
  conversations_select: ["selected_conversation", "initial_conversation"],
  channels_select: ["selected_channel", "initial_channel"],
  multi_static_select: ["selected_options", "initial_options"],
  multi_external_select: ["selected_options", "initial_options"],
  checkboxes: ["selected_options", "initial_options"],
  multi_users_select: ["selected_users", "initial_users"],
  multi_conversations_select: ["selected_conversations", "initial_conversations"],
  multi_channels_select: ["selected_channels", "initial_channels"],
  datepicker: ["selected_date", "initial_date"],
  timepicker: ["selected_time", "initial_time"],
  datetimepicker: ["selected_date_time", "initial_date_time"],
};

const isOption = (value) => typeof value === "object" && value !== null && "value" in value && "text" in value;

const simple = (value) => (isOption(value) ? value.value : value);

/** `entry`: what `state.values` holds for this element, if anything; without it the element's own initial value. */
export function enteredValue(element, entry) {
  const [name, initial] = SHAPES[element.type] ?? ["value", "initial_value"];
  const value = entry && name in entry ? entry[name] : element[initial];
  if (Array.isArray(value)) return value.map(simple);
  return simple(value ?? (name.endsWith("s") ? [] : null));
}

/** The name under which an element's typed value is kept within its view. */
export const keyOf = (block, element) => `${block.block_id}\n${element.action_id}`;

/** What to show in an element: what was just typed, else what the workspace knows, else its initial value. */
export function shownValue(block, element, ctx) {
  const key = keyOf(block, element);
  if (ctx.typed?.has(key)) return ctx.typed.get(key);
  return enteredValue(element, ctx.values?.[block.block_id]?.[element.action_id]);
}

/** Every option of a static menu: [{option, group}]. */
export function optionsOf(element) {
  const grouped = (element.option_groups ?? []).flatMap((group) => group.options.map((option) => ({ option, group: group.label })));
  return [...(element.options ?? []).map((option) => ({ option, group: null })), ...grouped];
}

/** Whether two entered values are the same. */
export const isSame = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
