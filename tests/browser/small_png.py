"""Pictures of a page as PNG with a palette: a third of the size, and what was flat stays as it was."""

import base64
import struct
import zlib
from typing import Final

from playwright.async_api import Page

_COLOURS: Final = 256
_INDEXED: Final = 3
_TO_PALETTE: Final = """async ([png, most]) => {
  const picture = await createImageBitmap(await (await fetch(png)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  canvas.drawImage(picture, 0, 0);
  const pixels = new Uint32Array(canvas.getImageData(0, 0, picture.width, picture.height).data.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const mostUsed = [...counts].sort((one, other) => other[1] - one[1] || one[0] - other[0]);
  const parts = (pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
  const known = mostUsed.slice(0, most).map(([pixel]) => parts(pixel));
  const nearest = (pixel) => {
    const [red, green, blue] = parts(pixel);
    let [best, least] = [0, Infinity];
    known.forEach(([r, g, b], index) => {
      const far = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
      if (far < least) [best, least] = [index, far];
    });
    return best;
  };
  const places = new Map([...counts.keys()].map((pixel) => [pixel, nearest(pixel)]));
  const indices = Uint8Array.from(pixels, (pixel) => places.get(pixel));
  let text = "";
  for (let from = 0; from < indices.length; from += picture.width) {
    text += String.fromCharCode(...indices.subarray(from, from + picture.width));
  }
  return [picture.width, picture.height, known.flat(), btoa(text)];
}"""
"""The colours that are used most; each other one becomes the nearest of these."""


async def with_palette(page: Page, png: bytes) -> bytes:
    """`page`: an empty one that reckons."""
    address = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    width, height, palette, indices = await page.evaluate(_TO_PALETTE, [address, _COLOURS])
    rows = base64.b64decode(indices)
    plain = b"".join(b"\0" + rows[start : start + width] for start in range(0, width * height, width))
    head = struct.pack(">IIBBBBB", width, height, 8, _INDEXED, 0, 0, 0)
    parts = [(b"IHDR", head), (b"PLTE", bytes(palette)), (b"IDAT", zlib.compress(plain, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
