// "You are": who this window is. Choosing another begins the page anew for them.
import { el } from "./dom.js";
import { cityOf, clockTime } from "./times.js";

/** @returns {{node, tick()}} `choose(name)` is called with another's name. */
export function personSwitch({ me, now }, people, choose) {
  const options = people.filter((each) => each.can_be).map((each) => option(each, me));
  const select = el("select", { class: "person-select", "aria-label": "You are", on: { change: () => choose(select.value) } }, options);
  const about = el("p", { class: "person-about" });
  const tick = () => {
    about.textContent = [me.title, `${clockTime(now(), me.tz)} in ${cityOf(me.tz)}`].filter(Boolean).join(" · ");
  };
  tick();
  return { node: el("div", { class: "person-switch" }, el("span", { class: "person-label", "aria-hidden": "true", text: "You are" }), select, about), tick };
}

function option({ name, real_name, title, tz }, me) {
  const text = [real_name, title, cityOf(tz)].filter(Boolean).join(" · ");
  return el("option", { value: name, selected: name === me.name, text });
}
