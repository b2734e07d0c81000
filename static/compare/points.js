// This module turns the points of a cell into what a chart needs. Its functions are pure.

// A line is broken where no point follows for both of these: so many seconds, and so many times the
// interval in which the lab counted.
const GAP = 0.6;
const INTERVALS = 2.5;

/**
 * Return after how many seconds without a point the lines of a client are broken. All its charts
 * have the same intervals; where points are missing, two of them are further apart.
 */
export function longestGap(charts) {
  const steps = charts.flatMap((rows) => rows.slice(1).map(([second], i) => second - rows[i][0]));
  return Math.max(GAP, steps.length ? INTERVALS * Math.min(...steps) : 0);
}

/** Turn rows of [second, value of each line] into columns; an empty row at a gap breaks the lines. */
export function broken(rows, lines, gap) {
  const whole = rows.flatMap((row, i) => (i && row[0] - rows[i - 1][0] > gap ? [[(row[0] + rows[i - 1][0]) / 2], row] : [row]));
  return Array.from({ length: lines + 1 }, (_, n) => whole.map((row) => row[n] ?? null));
}

/** Return the indexes of points without a neighbour, which no line would show. */
export function alone(column) {
  return column.flatMap((value, i) => (value !== null && (column[i - 1] ?? null) === null && (column[i + 1] ?? null) === null ? [i] : []));
}

/** Return the lowest value above 0 and the highest value of all lists, or 1 and 1. */
export function reach(lists) {
  const above = lists.flat().filter((value) => value > 0);
  return above.length ? [Math.min(...above), Math.max(...above)] : [1, 1];
}
