// What this page sends is numbered 1, 2, 3 … in each column, also after the tab was loaded again.

const KEY = "numbers"; // of the next message, by pattern, in the storage of the tab

/** Return the first of so many numbers that no message of these columns has had yet. */
export function take(patterns, count) {
  const next = read();
  const first = Math.max(...patterns.map((pattern) => next[pattern] ?? 1));
  for (const pattern of patterns) next[pattern] = first + count;
  write(next);
  return first;
}

/** Give numbers back that were not sent, unless later ones have been taken meanwhile. */
export function giveBack(pattern, first, count) {
  const next = read();
  if (next[pattern] === first + count) write({ ...next, [pattern]: first });
}

/** Begin at 1 again, after the figures of a pattern were reset. */
export function beginAgain(pattern) {
  write({ ...read(), [pattern]: 1 });
}

function read() {
  return JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
}

function write(next) {
  sessionStorage.setItem(KEY, JSON.stringify(next));
}
