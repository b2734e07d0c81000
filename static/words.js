// This module writes numbers in the same way for every page.

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
