// This module turns the points of a cell into what a chart needs. Its functions are pure.

// A line is broken where no point follows for both of these: so many seconds, and so many times the
// usual distance between two points.
const GAP = 0.6;
const SPACINGS = 2.5;

/**
 * Return after how many seconds without a point the lines of a client are broken. All charts of a
 * client have the same intervals, but some lack points; therefore the densest chart counts.
 */
export function longestGap(charts) {
  const usual = charts.filter((rows) => rows.length > 1).map((rows) => median(steps(rows)));
  return Math.max(GAP, usual.length ? SPACINGS * Math.min(...usual) : 0);
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

function steps(rows) {
  return rows.slice(1).map(([second], i) => second - rows[i][0]);
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
