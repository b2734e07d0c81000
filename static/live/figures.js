// Numbers into their places.

/** @import { Figures } from "./state.js" */

/**
 * A figure as the page writes it: fractions in two digits, and a dash for what is not known. Halves
 * are rounded up; tests/cases/quantity.json holds for this and for pages/words.py.
 * @param {number | null | undefined} value
 */
export function quantity(value) {
  if (value === null || value === undefined) return "–";
  const digits = Number.isInteger(value) || value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 2 };
  return value.toLocaleString("en-US", digits);
}

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
  const [head, ...rest] = figures.sentence.split(": ");
  const say = section.querySelector(".say");
  say.querySelector("b").textContent = `${head}:`;
  say.querySelector("span").textContent = rest.join(": ");
}
