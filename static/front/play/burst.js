// The experiments with more messages than the listeners can handle at once.
import { grown, rest, there } from "./trial.js";

const BURST = 20; // messages that are not handled yet, at least
const SETTLED = 1; // second in which nothing moves
const WORKED = 2; // seconds before it leaves in which a listener worked

export const stop = {
  steps: [
    {
      stage: [2, 100],
      seen: ({ is }) => is.there >= 2,
      holds: ({ is }, trial) => trial.at > 1 || is.there >= 2,
    },
    {
      act: (hand) => hand.send(200),
      seen: ({ is, base }, trial) => isBurst(trial, base, is),
      // Who leaves tells in the same change that nothing is left to do.
      holds: ({ was }, trial) => trial.at > 2 || rest(trial.facts, trial.marks[0], was) > 0,
    },
    {
      act: async (hand) => {
        await hand.pause(1000);
        await hand.verbOnOne("stop");
      },
      seen: ({ was, is, moves }, trial) =>
        is.there > 0 && rest(trial.facts, trial.marks[0], was) > 0 && hasLeft(trial, was, is, moves),
      holds: ({ is }) => is.there > 0,
    },
    { within: 60, seen: ({ quiet }) => quiet >= SETTLED },
  ],
  note: noteWork,
  found([base, , left, last], { facts }) {
    const [sent, open] = [grown("sent", base, last), rest(facts, base, left)];
    const what = facts.everyoneHears ? `to each; ${open} deliveries were` : `in all; ${open} were`;
    return `${sent} sent ${what} not handled when one had stopped; ${fate(facts, base, last)}`;
  },
};

export const slow = {
  steps: [
    {
      stage: [1, 50],
      seen: ({ is }) => is.there === 1,
      holds: ({ is }, trial) => trial.at > 2 || is.there === 1 || (trial.at === 2 && is.there === 0),
    },
    {
      act: (hand) => hand.send(200),
      seen: ({ is, base }, trial) => isBurst(trial, base, is),
      // Who leaves tells in the same change that nothing is left to do.
      holds: ({ was }, trial) => trial.at > 2 || rest(trial.facts, trial.marks[0], was) > 0,
    },
    {
      act: async (hand) => {
        await hand.pause(2500); // so that one sees where it rests
        await hand.verbOnOne("stop");
      },
      seen: ({ was, is, moves }, trial) =>
        is.there === 0 && rest(trial.facts, trial.marks[0], was) > 0 && hasLeft(trial, was, is, moves),
      holds: ({ is }) => is.there === 0,
    },
    { seen: ({ quiet }) => quiet >= SETTLED },
  ],
  note: noteWork,
  found([base, , left, last], { facts }) {
    const where = facts.keeps ? "waited in Redis for the next listener" : "were in the connection of the listener";
    return `${grown("sent", base, last)} sent, ${grown("received", base, left)} handled until it stopped; ${
      facts.keeps ? `${last.waiting} ${where}, and nothing is lost.` : `${grown("missed", base, last)} ${where}, and are lost.`
    }`;
  },
};

function isBurst({ facts }, base, is) {
  return grown("sent", base, is) >= BURST && rest(facts, base, is) >= BURST;
}

function noteWork({ is, at }, { memory }) {
  memory.worked ??= {};
  for (const one of there(is)) if (one.state === "working") memory.worked[one.id] = at;
  memory.at = at;
}

/** Whether one that worked is not there any more and has said good-bye, as after a SIGTERM. */
function hasLeft({ memory }, was, is, { left = [] }) {
  const staying = new Set(is.listeners.map((one) => one.id));
  return there(was).some(
    ({ id }) => !staying.has(id) && left.includes(id) && memory.at - memory.worked[id] <= WORKED,
  );
}

function fate(facts, base, is) {
  if (!facts.keeps) return `the other heard all, the one that stopped has missed ${grown("missed", base, is)}.`;
  if (is.waiting) return `${is.waiting} wait for it to come back, and nothing is lost.`;
  return `the other took them: ${grown("received", base, is)} received.`;
}
