// A trial watches one column for the steps of one experiment, and ticks each in its turn.

const REMEMBERED = 600; // messages of a column whose ways are remembered

/**
 * What a step looks at. `base` are the figures at the end of the step before it.
 * @typedef {object} View
 * @property {import("../../live/wire").Figures} was
 * @property {import("../../live/wire").Figures} is
 * @property {import("../../live/wire").Figures} base
 * @property {import("../../live/wire").Moves} moves
 * @property {number} at seconds since the epoch
 * @property {number} quiet seconds for which nothing has moved, and nobody has worked
 * @property {string} run the run_id of Redis, empty while it is away
 * @property {Record<string, any>} stage the demo's listeners of this pattern, by name
 */

export class Trial {
  /**
   * @param {object} experiment one of experiments.js
   * @param {{ name: string, keeps: boolean, redelivers: boolean, everyoneHears: boolean,
   *   followsGaps: boolean, newestFirst: boolean }} facts what the pattern declares
   */
  constructor(experiment, facts) {
    this.experiment = experiment;
    this.facts = facts;
    this.isHeld = false; // while a run still does what its last step says, that is not ticked
    this.clear();
  }

  /** Forget all that was seen. */
  clear() {
    this.marks = []; // the figures at the end of each step that is ticked
    this.memory = {}; // what the steps note
    this.sent = new Map(); // by id: body, and the number of the step in which it was sent
    this.taken = new Map(); // by id: body, and the listeners that took it, in this order
    this.begin = null; // the figures before the first step
    this.movedAt = Infinity;
  }

  get at() {
    return this.marks.length;
  }

  get isDone() {
    return this.at === this.experiment.steps.length;
  }

  /**
   * Look at a change; what is done stays so until `clear`.
   * @param {import("../../live/wire").Status} before
   * @param {import("../../live/wire").Status} now
   * @param {Record<string, import("../../live/wire").Moves>} moves
   */
  see(before, now, moves) {
    const [was, is] = [before.patterns[this.facts.name], now.patterns[this.facts.name]];
    if (this.isDone) return;
    if (is.sent < was.sent || (now.zero && !before.zero)) this.clear(); // a reset
    const view = this.look(was, is, now, moves[this.facts.name] ?? {});
    this.remember(view.moves);
    this.experiment.note?.(view, this);
    this.takeBack(view);
    this.tick(view);
  }

  look(was, is, now, moves) {
    this.begin ??= was;
    const isMoving = COUNTED.some((name) => is[name] !== was[name]) || there(is).some((one) => one.state === "working");
    if (isMoving || this.movedAt === Infinity) this.movedAt = now.at;
    const stage = Object.entries(now.stage?.listeners ?? {}).filter(([, one]) => one.pattern === this.facts.name);
    return {
      was,
      is,
      moves,
      at: now.at,
      base: this.begin,
      quiet: now.at - this.movedAt,
      run: now.redis === "up" ? now.run_id : "",
      stage: Object.fromEntries(stage),
    };
  }

  /** Note who got which message. */
  remember({ sent = [], taken = [] }) {
    for (const [id, body] of sent) if (id) this.sent.set(id, { body, step: this.at });
    for (const [id, body, listener] of taken) {
      if (!id) continue;
      if (!this.taken.has(id)) this.taken.set(id, { body, by: [], step: this.at });
      this.taken.get(id).by.push(listener);
    }
    for (const map of [this.sent, this.taken]) {
      for (const id of map.keys()) {
        if (map.size <= REMEMBERED) break;
        map.delete(id);
      }
    }
  }

  /** Take back what rests on something that has ended. */
  takeBack(view) {
    const { steps } = this.experiment;
    for (let i = 0; i < this.at; i += 1) {
      view.base = this.marks[i];
      if (!steps[i].holds || steps[i].holds(view, this)) continue;
      this.marks.length = i;
      for (const one of [...this.sent.values(), ...this.taken.values()]) one.step = Math.min(one.step, i);
    }
  }

  tick(view) {
    const { steps } = this.experiment;
    while (this.at < steps.length - (this.isHeld ? 1 : 0)) {
      view.base = this.marks.at(-1) ?? this.begin;
      if (!steps[this.at].seen(view, this)) return;
      this.marks.push(view.is);
    }
  }

  /** What has been seen, in a sentence; empty until all has. */
  get sentence() {
    if (!this.isDone) return "";
    return this.experiment.found(this.marks, this);
  }
}

const COUNTED = ["sent", "received", "waiting", "there", "missed", "unknown", "redelivered", "dead", "deliveries"];

/** The listeners that are not gone. */
export function there(figures) {
  return figures.listeners.filter((one) => one.state !== "gone");
}

/** By how much a figure has grown. */
export function grown(name, from, to) {
  return (to[name] ?? 0) - (from[name] ?? 0);
}

/** How many messages were handed over since `base` and not handled: they wait, or are on their way. */
export function rest({ keeps }, base, is) {
  if (keeps) return is.waiting;
  return grown("deliveries", base, is) - grown("received", base, is) - grown("missed", base, is);
}

/** How many messages listeners have got, or will: each for itself where everyone hears. */
export function arrived(base, is) {
  return grown("received", base, is) - grown("elsewhere", base, is) + grown("waiting", base, is);
}

/** Whether nothing waits, except for listeners that are away: some patterns keep a list for each. */
export function isEmpty({ everyoneHears }, figures) {
  return everyoneHears || figures.waiting === 0;
}
