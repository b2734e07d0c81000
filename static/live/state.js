// What the page knows is a snapshot and the changes after it; pages/live/wire.py has their fields.

export const MINUTE = 60; // seconds, with a sample each; HISTORY in pages/live/hub.py is the same

/** Return the state after a snapshot, or after an answer of /status, which has no history. */
export function begin(told) {
  return { history: [], ...told };
}

/** Return the state after a change, which has only the patterns that changed. */
export function proceed(state, change) {
  const patterns = { ...state.patterns, ...change.patterns };
  const history = change.sample ? [...state.history, change.sample].slice(-MINUTE) : state.history;
  return { ...change, patterns, history };
}
