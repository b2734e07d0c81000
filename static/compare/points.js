// What was measured of a cell, as a chart needs it. Pure.

const GAP = 0.6; // seconds without a point, at least, where a line is broken
const SPACINGS = 2.5; // the same, in usual distances between two points

/**
 * Seconds without a point after which the lines of a client are broken. All its charts have the
 * same intervals, but one may lack many: the densest one tells.
 */
export function longestGap(charts) {
  const usual = charts.filter((rows) => rows.length > 1).map((rows) => median(steps(rows)));
  return Math.max(GAP, usual.length ? SPACINGS * Math.min(...usual) : 0);
}

/** Rows of [second, value of each line] as columns; a row of nothing breaks the lines at a gap. */
export function broken(rows, lines, gap) {
  const whole = rows.flatMap((row, i) => (i && row[0] - rows[i - 1][0] > gap ? [[(row[0] + rows[i - 1][0]) / 2], row] : [row]));
  return Array.from({ length: lines + 1 }, (_, n) => whole.map((row) => row[n] ?? null));
}

/** The places of the points that stand alone: no line leads to them. */
export function alone(column) {
  return column.flatMap((value, i) => (value !== null && (column[i - 1] ?? null) === null && (column[i + 1] ?? null) === null ? [i] : []));
}

/** The lowest value above 0 and the highest, of all lists; 1 where there is none. */
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
