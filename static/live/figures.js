// Numbers into their places.
import { quantity } from "../words.js";

/** @import { Figures } from "./state.js" */

/** Write values into the elements that name them by data-f; strings as they are. */
export function fill(root, values) {
  for (const element of root.querySelectorAll("[data-f]")) {
    const value = values[element.dataset.f];
    const text = typeof value === "string" ? value : quantity(value);
    if (element.textContent !== text) element.textContent = text;
  }
}

/**
 * The sentence and the figures of a column.
 * @param {Figures} figures
 */
export function showFigures(section, figures) {
  fill(section.querySelector("dl"), figures);
  fill(section.querySelector(".say"), figures);
}
