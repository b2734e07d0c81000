// What the web tells on /events (pages/live/told.py has the same types), and what is known after it.

/**
 * What /status tells, and what every event of the stream begins with.
 * @typedef {object} Status
 * @property {"up" | "away"} redis
 * @property {string} why why Redis is away; empty while it is up
 * @property {string} run_id of Redis: another one after each restart
 * @property {number} at seconds since the epoch
 * @property {boolean} zero whether nothing was counted since the figures were zeroed
 * @property {Record<string, Figures>} patterns by the pattern's name
 */

/**
 * The event `snapshot`: all there is.
 * @typedef {Status & {history: Sample[]}} Snapshot
 */

/**
 * The event `change`: only the patterns whose figures changed, and how they came to.
 * @typedef {Status & {moves: Record<string, Moves>, sample?: Sample}} Change
 */

/**
 * One second of the last minute: when it ended, and [sent/s, received/s, median, 99th percentile]
 * of each pattern; delays in ms, null where nothing was received.
 * @typedef {{at: number} & Record<string, (number | null)[]>} Sample
 */

/**
 * The newest messages that were sent and taken since the last change, and who stopped.
 * @typedef {object} Moves
 * @property {[id: string, body: string, reached: number | null][]} [sent] `reached`: how many
 * subscribers PUBLISH sent it to; null where it went into a place
 * @property {[id: string | null, body: string, listener: string][]} [taken] `listener`: its id
 * @property {string[]} [left] ids of listeners
 */

/**
 * What is known of one pattern. What a pattern has no use for is missing.
 * @typedef {object} Figures
 * @property {string} sentence all of it in words
 * @property {number} sent
 * @property {number} unknown sends whose reply was lost
 * @property {number} received
 * @property {number} elsewhere received from other programs
 * @property {number} malformed
 * @property {number} missed
 * @property {number} [deliveries] of a channel: the sum of what PUBLISH answered
 * @property {number} [unheard] of a channel: messages that reached nobody
 * @property {number} [waiting] of a place where messages rest
 * @property {number | null} [oldest_s] age of the oldest that waits
 * @property {Message[]} [newest] of a stack: some that wait, next one first
 * @property {Message[]} [oldest] of any other place: the same
 * @property {number} [kept] of a stream: messages in it
 * @property {number} [groups] of a stream
 * @property {number} [redelivered] where that is done
 * @property {number} [dead] the same: messages given up
 * @property {number} [dead_letters] the same: messages in the list of the dead
 * @property {number | null} delay_p50_ms
 * @property {number | null} delay_p99_ms
 * @property {Listener[]} listeners the first twelve
 * @property {number} more listeners beside these
 * @property {number} there listeners that are not gone
 */

/**
 * @typedef {object} Listener
 * @property {string} id of the process and pattern
 * @property {string} name
 * @property {string} host
 * @property {number} pid
 * @property {"waiting" | "working" | "gone"} state
 * @property {string} doing what else is to be said of the state
 * @property {number} received
 * @property {number} elsewhere
 * @property {number} malformed
 * @property {number} missed
 * @property {number} [redelivered]
 * @property {number} [dead]
 * @property {number} rate messages/s
 * @property {number | null} delay_p50_ms
 * @property {number | null} delay_p99_ms
 * @property {string | null} last body of its last message
 * @property {Message | null} in_hand what it works on
 */

/** @typedef {[id: string | null, body: string]} Message */

const MINUTE = 60; // samples

/**
 * What is known after a snapshot, or after what /status tells.
 * @param {Snapshot | Status} told
 * @returns {Snapshot}
 */
export function begin(told) {
  return { history: [], ...told };
}

/**
 * What is known after a change.
 * @param {Snapshot} state
 * @param {Change} change
 * @returns {Snapshot}
 */
export function proceed(state, change) {
  const patterns = { ...state.patterns, ...change.patterns };
  const history = change.sample ? [...state.history, change.sample].slice(-MINUTE) : state.history;
  return { ...change, patterns, history };
}
