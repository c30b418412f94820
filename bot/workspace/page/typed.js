// A stored message's text back in the form in which people type it: mentions by name, addresses bare, escapes undone.

const UNESCAPED = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };

function typedReference(inner, reader) {
  const [target, label] = inner.split("|");
  if (target.startsWith("@")) return `@${reader.person(target.slice(1))?.name ?? label ?? target.slice(1)}`;
  if (target.startsWith("#")) return `#${reader.channel(target.slice(1))?.name ?? label ?? target.slice(1)}`;
  if (target.startsWith("!")) return `@${target.slice(1)}`;
  return target;
}

/** "<@U0BEN00001> look at <https://a.example>" -> "@ben look at https://a.example" */
export const asTyped = (text, reader) =>
  text
    .replace(/<([^<>]+)>/g, (_, inner) => typedReference(inner, reader))
    .replace(/&(?:lt|gt|amp);/g, (escape) => UNESCAPED[escape]);
