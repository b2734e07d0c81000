// These types repeat pages/live/wire.py, which explains them; the functions merge what /events tells.

/**
 * @typedef {"waiting" | "working" | "gone"} ListenerState
 * @typedef {[id: string | null, body: string]} Message
 * @typedef {{ received: number, elsewhere: number, malformed: number, missed: number,
 *   redelivered?: number, dead?: number, delay_p50_ms: number | null,
 *   delay_p99_ms: number | null }} Counts
 * @typedef {Counts & { id: string, name: string, host: string, pid: number, state: ListenerState,
 *   doing: string, rate: number, last: string | null, in_hand: Message | null }} Listener
 * @typedef {Counts & { sent: number, unknown: number, deliveries?: number, unheard?: number,
 *   waiting?: number, oldest_s?: number | null, newest?: Message[], oldest?: Message[],
 *   kept?: number, groups?: number, dead_letters?: number, listeners: Listener[], more: number,
 *   there: number, head: string, rest: string }} Figures
 * @typedef {{ redis: "up" | "away", why: string, run_id: string, at: number, zero: boolean,
 *   patterns: Record<string, Figures> }} Status
 * @typedef {{ at: number } & Record<string, (number | null)[]>} Sample
 * @typedef {Status & { history: Sample[] }} Snapshot
 * @typedef {{ sent?: [id: string, body: string, reached: number | null][],
 *   taken?: [id: string | null, body: string, listener: string][], left?: string[] }} Moves
 * @typedef {Status & { moves: Record<string, Moves>, sample?: Sample }} Change
 */

const MINUTE = 60; // samples, one a second; HISTORY in pages/live/hub.py is the same

/**
 * Return the state after a snapshot, or after an answer of /status, which has no history.
 * @param {Snapshot | Status} told
 * @returns {Snapshot}
 */
export function begin(told) {
  return { history: [], ...told };
}

/**
 * Return the state after a change.
 * @param {Snapshot} state
 * @param {Change} change
 * @returns {Snapshot}
 */
export function proceed(state, change) {
  const patterns = { ...state.patterns, ...change.patterns };
  const history = change.sample ? [...state.history, change.sample].slice(-MINUTE) : state.history;
  return { ...change, patterns, history };
}
