// Text fields for writing: they grow with their text, up to what the sheet allows.

function fit(field) {
  field.style.setProperty("height", "auto");
  field.style.setProperty("height", `${field.scrollHeight + 2}px`);
}

/** Makes the field as high as its text, now and from now on. */
export function growing(field) {
  field.addEventListener("input", () => fit(field));
  fit(field);
}

/** Sets the text, as if it had been typed. */
export function setText(field, text, caret = text.length) {
  field.value = text;
  field.setSelectionRange(caret, caret);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
