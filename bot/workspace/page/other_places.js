// The app's Home, and what is shown where there is nothing to show.
import { el, fill } from "./dom.js";
import { heading } from "./channel_header.js";
import { homeView } from "./home.js";

/** `front.home()` is the view that the app published for this person, or null. */
export function homePlace(desk, front) {
  const body = el("div", { class: "home-body" });
  const { app } = desk.reader;
  const drawHome = () => {
    const view = front.home();
    const nothing = () => el("p", { class: "empty-note", text: `${app.name} has put nothing here yet.` });
    fill(body, view ? homeView(view, { reader: desk.reader, act: desk.act }) : nothing());
  };
  const open = async () => {
    drawHome();
    await desk.deed("open_home");
    front.look();
  };
  const node = el("div", { class: "channel" }, heading(`${app.name} Home`, desk), body);
  return { node, open, drawHome, again: open, title: () => `${app.name} Home` };
}

/** The same whether a channel does not exist or is not for this person. */
export function nowhere(desk) {
  const text = "There is no such channel here, or it is private and you are not in it.";
  const node = el("div", { class: "channel" }, heading("Nothing to see here", desk), el("p", { class: "empty-note", text }));
  return { node, isNowhere: true, title: () => "Nothing to see here" };
}
