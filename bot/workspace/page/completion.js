// What may be meant by the text before the caret: a command, its verb, a person, a channel, an emoji. Pure.

const MOST = 8;
const SHORTEST_EMOJI = 2;

/**
 * @typedef {{label: string, hint: string, insert: string}} Option
 * @typedef {{from: number, to: number, options: Option[], isExact: boolean, usage: string}} Completion
 *   `options` replace the text from `from` to `to`; `isExact`: what stands there is complete already;
 *   `usage`: a line of help where there is nothing to choose.
 */

/** @returns {Completion | null} `sources`: `{commands, people, channels, emoji: [[name, character]]}` */
export function completionOf(text, caret, sources) {
  const before = text.slice(0, caret);
  const isCommand = before.startsWith("/") && !before.includes("\n");
  return ofWord(before, sources) ?? (isCommand ? ofCommand(before, sources.commands) : null);
}

function replacing(from, to, options, { most = MOST, isExact = false, usage = "" } = {}) {
  return { from, to, options: options.slice(0, most), isExact, usage };
}

function ofCommand(before, commands) {
  const [, name, gap, rest] = /^(\/\S*)(\s*)(.*)$/.exec(before);
  if (!gap) return ofName(name, commands);
  const command = commands.find((each) => each.command === name);
  return command ? ofVerb(rest, before.length, command) : null;
}

function ofName(name, commands) {
  const fits = commands.filter((each) => each.command.startsWith(name));
  const options = fits.map((each) => ({ label: each.command, hint: each.description, insert: `${each.command} ` }));
  const isExact = fits.some((each) => each.command === name);
  return options.length ? replacing(0, name.length, options, { isExact }) : null;
}

const wordOf = (verb) => verb.usage.split(/[\s[<(]/)[0];

function ofVerb(rest, caret, command) {
  const [, word, gap] = /^(\S*)(\s*)/.exec(rest);
  const from = caret - rest.length;
  if (gap) return usageOf(command.verbs.find((verb) => wordOf(verb) === word), caret);
  const fits = command.verbs.filter((verb) => wordOf(verb).startsWith(word.toLowerCase()));
  const options = fits.map((verb) => ({ label: verb.usage, hint: verb.does, insert: `${wordOf(verb)} ` }));
  const isExact = word === "" || fits.some((verb) => wordOf(verb) === word);
  return options.length ? replacing(from, caret, options, { isExact, most: command.verbs.length }) : null;
}

const usageOf = (verb, caret) => (verb ? replacing(caret, caret, [], { usage: `${verb.usage}: ${verb.does}` }) : null);

const WORD = /(?:^|[\s(])([@#:])([\p{L}\p{N}_+.-]*)$/u;

function ofWord(before, sources) {
  const found = WORD.exec(before);
  if (!found) return null;
  const [, sign, part] = found;
  const options = OPTIONS[sign](part.toLowerCase(), sources);
  const isExact = options.length === 1 && options[0].insert === `${sign}${part} `;
  return options.length ? replacing(before.length - part.length - 1, before.length, options, { isExact }) : null;
}

/** Whether the text, or one of its words, starts with `part`. */
const starts = (part) => (text) => {
  const low = text.toLowerCase();
  return low.startsWith(part) || low.split(/[\s_-]+/).some((word) => word.startsWith(part));
};

const OPTIONS = {
  "@": (part, { people }) =>
    people
      .filter(({ name, real_name }) => starts(part)(name) || starts(part)(real_name))
      .map(({ name, real_name, title }) => ({ label: real_name, hint: title ? `@${name} · ${title}` : `@${name}`, insert: `@${name} ` })),
  "#": (part, { channels }) =>
    channels
      .filter(({ name }) => starts(part)(name))
      .map(({ name, is_private }) => ({ label: is_private ? `🔒 ${name}` : `# ${name}`, hint: "", insert: `#${name} ` })),
  ":": (part, { emoji }) =>
    part.length < SHORTEST_EMOJI
      ? []
      : emoji
          .filter(([name]) => name.startsWith(part))
          .map(([name, character]) => ({ label: `${character} :${name}:`, hint: "", insert: `:${name}: ` })),
};
