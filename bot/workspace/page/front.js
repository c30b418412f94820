// What stands before this person: the open modal, and the Home that the app published for them.
import { modalLayer } from "./modal.js";

/** @returns {{node, look(), home(): object | null}} `changed()` is called when the Home may be another. */
export function front(desk, changed) {
  const layer = modalLayer({ reader: desk.reader, act: desk.act });
  let home = null;
  let isLooking = false;
  let isStale = false;
  const look = async () => {
    isStale = true;
    if (isLooking) return;
    isLooking = true;
    while (isStale) {
      isStale = false;
      await show();
    }
    isLooking = false;
  };
  const show = async () => {
    try {
      const shown = await desk.ask("front");
      layer.show(shown.modal, shown.depth);
      const isAnother = JSON.stringify(shown.home) !== JSON.stringify(home);
      home = shown.home;
      if (isAnother) changed();
    } catch (problem) {
      desk.trouble(problem);
    }
  };
  look();
  return { node: layer.node, look, home: () => home };
}
