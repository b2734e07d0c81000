// This module reads the events of the web, and connects again by itself when they end.
// What the page knows is a snapshot and the changes after it.

export const MINUTE = 60; // seconds, with a sample each; HISTORY in pages/live/hub.py is the same
const SILENCE = 5000; // ms until the web counts as away; it tells something each second
const AGAIN = 2000; // ms until the next try, where the browser would not make one
const HIDDEN = 20000; // ms until a hidden tab closes its stream, of which a browser has few for each site

/**
 * Call `snapshot`, then `change` for each change, and `away` when the web does not answer. If too
 * many watch, call `snapshot` every two seconds with what `ask` returns and a sentence.
 */
export function watch(url, { snapshot, change, away, ask = askOnce }, Source = EventSource) {
  let source, alarm, hiding;
  let begun = false; // changes mean nothing before the snapshot

  const open = () => {
    source?.close();
    begun = false;
    source = new Source(url);
    source.addEventListener("snapshot", (event) => {
      begun = true;
      heard();
      snapshot(JSON.parse(event.data));
    });
    source.addEventListener("change", (event) => {
      heard();
      if (begun) change(JSON.parse(event.data));
    });
    source.addEventListener("error", async () => {
      begun = false;
      if (source.readyState !== Source.CLOSED) return away(); // the browser tries again
      after(AGAIN, open);
      const figures = await ask();
      if (begun) return;
      if (figures) snapshot(figures, "Too many are watching: these are the figures of every other second.");
      else away();
    });
    heard();
  };
  const after = (wait, act) => {
    clearTimeout(alarm);
    alarm = setTimeout(act, wait);
  };
  const heard = () =>
    after(SILENCE, () => {
      away();
      open();
    });
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hiding);
    if (document.hidden) {
      hiding = setTimeout(() => {
        clearTimeout(alarm);
        source.close();
      }, HIDDEN);
    } else if (source.readyState === Source.CLOSED) open();
  });
  open();
}

/** Return the figures of /status, or null when the web does not answer. */
function askOnce() {
  return fetch("/status")
    .then((answer) => (answer.ok ? answer.json() : null))
    .catch(() => null);
}

/**
 * Return the state after a change, which has only the patterns that changed.
 * @param {import("./wire").Snapshot} state
 * @param {import("./wire").Change} change
 */
export function proceed(state, change) {
  const patterns = { ...state.patterns, ...change.patterns };
  const history = change.sample ? [...state.history, change.sample].slice(-MINUTE) : state.history;
  return { ...change, patterns, history };
}
