// Numbers in words, as every page writes them.

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
