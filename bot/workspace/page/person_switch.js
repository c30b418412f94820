// "You are": who this window is. Choosing another begins the page anew for them.
import { el } from "./dom.js";
import { cityOf } from "./times.js";

/** `choose(name)` is called with another's name. */
export function personSwitch({ me }, people, choose) {
  const options = people.filter((each) => each.can_be).map((each) => option(each, me));
  const select = el("select", { class: "person-select", "aria-label": "You are", on: { change: () => choose(select.value) } }, options);
  const about = [me.title, cityOf(me.tz)].filter(Boolean).join(" · ");
  const label = el("span", { class: "person-label", "aria-hidden": "true", text: "You are" });
  return el("div", { class: "person-switch" }, label, select, el("p", { class: "person-about", text: about }));
}

/** Who one is stands there by name alone, as the rest is written below. */
function option({ name, real_name, title, tz }, me) {
  const text = name === me.name ? real_name : [real_name, title, cityOf(tz)].filter(Boolean).join(" · ");
  return el("option", { value: name, selected: name === me.name, text });
}
