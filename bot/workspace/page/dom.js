// The only maker of elements. Text goes in as text nodes, so nothing that anybody writes is ever read as HTML.

/**
 * An element. `props`: `class`, `text`, `dataset` {…}, `on` {event: listener}; `value`, `checked`, `selected`,
 * `disabled`, `hidden`, `open` are set as properties; everything else is an attribute (true: empty, false/null: absent).
 * @returns {HTMLElement}
 */
export function el(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) set(made, name, value);
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

const PROPERTIES = new Set(["value", "checked", "selected", "disabled", "hidden", "open"]);

function set(made, name, value) {
  if (name === "text") made.textContent = value;
  else if (name === "class") made.className = value;
  else if (name === "dataset") Object.assign(made.dataset, value);
  else if (name === "on") for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
  else if (PROPERTIES.has(name)) made[name] = value;
  else if (value === true) made.setAttribute(name, "");
  else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, String(value));
}

/** Puts `children` in the place of all that `parent` held. */
export function fill(parent, ...children) {
  parent.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return parent;
}

const FOLLOWED = new Set(["http:", "https:", "mailto:"]);

/** A link that leaves the page, or plain text where its address is none that a browser should follow. */
export function outward(address, ...children) {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !FOLLOWED.has(url.protocol)) return el("span", { title: address }, ...children);
  return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}
