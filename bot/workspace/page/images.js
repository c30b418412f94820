// Images. The page loads none from elsewhere, so those are shown by their description and a link.

import { el, outward } from "./dom.js";

const isOwn = (address) => URL.canParse(address) && (address.startsWith("data:image/") || new URL(address).origin === location.origin);

/** @param {{image_url?: string, slack_file?: object, alt_text: string}} image */
export function imageElement(image, size = "image-small") {
  const address = image.image_url ?? image.slack_file?.url ?? "";
  if (isOwn(address)) return el("img", { class: size, src: address, alt: image.alt_text });
  const said = el("span", { class: "image-words", text: `🖼️ ${image.alt_text || "Image"}` });
  return address ? outward(address, said) : said;
}
