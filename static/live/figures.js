// This module writes the figures into their elements.
import { quantity } from "../words.js";

/** Write each value into the elements that name it by data-f; a string is written as it is. */
export function fill(root, values) {
  for (const element of root.querySelectorAll("[data-f]")) {
    const value = values[element.dataset.f];
    const text = typeof value === "string" ? value : quantity(value);
    if (element.textContent !== text) element.textContent = text;
  }
}
