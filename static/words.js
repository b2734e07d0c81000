// This module writes numbers in the same way for every page, and figures into their elements.

/**
 * Write a figure: a fraction below 100 with two digits, and a dash for what is not known. Halves
 * are rounded up. `quantity` in pages/words.py does the same; tests/cases/quantity.json tests both.
 * @param {number | null | undefined} value
 */
export function quantity(value) {
  if (value === null || value === undefined) return "–";
  const digits = Number.isInteger(value) || value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 2 };
  return value.toLocaleString("en-US", digits);
}

/** Write each value into the elements that name it by data-f; a string is written as it is. */
export function fill(root, values) {
  for (const element of root.querySelectorAll("[data-f]")) {
    const value = values[element.dataset.f];
    const text = typeof value === "string" ? value : quantity(value);
    if (element.textContent !== text) element.textContent = text;
  }
}
