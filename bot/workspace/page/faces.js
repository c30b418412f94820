// The small square beside a name: two letters for a person, the app's mark for the app.
import { el } from "./dom.js";

const TONES = 6;

const lettersOf = (name) =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((part) => [...part][0] ?? "")
    .join("")
    .toUpperCase();

const toneOf = (name) => [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 9973, 7) % TONES;

/** @param {{name: string, isApp?: boolean}} who */
export function face({ name, isApp = false }) {
  if (isApp) return el("img", { class: "face", src: "/page/icon.svg", alt: "" });
  return el("span", { class: `face face-${toneOf(name)}`, "aria-hidden": "true", text: lettersOf(name) });
}
