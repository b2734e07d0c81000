// The experiments in which nothing goes wrong: what to do, and what shows that it has happened.
import { grown, there } from "./trial.js";

const SETTLED = 1; // second in which nothing moves

export const nobody = {
  steps: [
    {
      stage: [0],
      seen: ({ is }) => is.there === 0,
      // What Redis says it handed to nobody may be told after somebody came.
      holds: ({ is, base }, trial) =>
        trial.at > 1 || is.there === 0 || (!trial.facts.keeps && is.deliveries === base.deliveries),
    },
    {
      act: (hand) => hand.trickle(3),
      seen: ({ is, base }) =>
        grown("unheard", base, is) > 0 || (is.there === 0 && grown("sent", base, is) > 0 && grown("waiting", base, is) > 0),
      holds: ({ is }, trial) => is.sent === trial.memory.sent,
    },
    {
      stage: [1],
      seen({ is, quiet }, { memory, marks: [alone, sent] }) {
        if (is.there === 0) return false;
        const isKept = grown("waiting", alone, sent) > 0;
        const got = grown("received", alone, is);
        return isKept ? got >= memory.sent - alone.sent : quiet >= SETTLED && got === 0;
      },
    },
  ],
  /** What is sent later, to somebody, proves nothing. */
  note({ was, is }, { memory }) {
    if (is.there === 0 || was.there === 0 || grown("unheard", was, is) > 0) memory.sent = is.sent;
  },
  found([alone, , last]) {
    const [sent, got] = [grown("sent", alone, last), grown("received", alone, last)];
    return `${sent} sent while nobody listened; whoever came then got ${got || "none"}.`;
  },
};

export const third = {
  steps: [
    { stage: [2], seen: ({ is }) => is.there === 2, holds: ({ is }) => is.there >= 2 },
    {
      act: (hand) => hand.verb("start"),
      seen: ({ is, base }) => is.there === 3 && there(is).some((one) => !ids(base).has(one.id)),
      holds: ({ is }) => is.there === 3,
    },
    {
      act: (hand) => hand.trickle(6),
      seen({ is, quiet }, trial) {
        const takers = ways(trial, 2);
        if (!takers.length || quiet < SETTLED) return false;
        return takers.every((by) => new Set(by).size === (trial.facts.everyoneHears ? is.there : 1));
      },
    },
  ],
  found([, before, last]) {
    const had = new Map(before.listeners.map((one) => [one.id, one.received]));
    const shares = there(last).map((one) => one.received - (had.get(one.id) ?? 0));
    return `${grown("sent", before, last)} sent to three listeners; they got ${shares.join(", ")}.`;
  },
};

function ids(figures) {
  return new Set(there(figures).map((one) => one.id));
}

/** Who took each of the messages that were sent in a step. */
function ways(trial, step) {
  const fresh = [...trial.sent].filter(([, one]) => one.step === step);
  return fresh.map(([id]) => trial.taken.get(id)?.by ?? []);
}
