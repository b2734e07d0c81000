// The experiment on the order in which a backlog comes out.
import { grown } from "./trial.js";

const PILE = 3; // messages that wait together, at least

export const order = {
  steps: [
    {
      stage: [1, 1200],
      seen: ({ is }) => is.there === 1,
      holds: ({ is }) => is.there === 1,
    },
    {
      act: (hand) => hand.trickle(5, 150),
      seen({ was, is, base }, trial) {
        const { sent, taken, memory } = trial;
        const known = [...sent.keys()].filter((id) => sent.get(id).step >= 1);
        const pile = known.filter((id) => !taken.has(id));
        // The order can be checked only if each of those that wait is known.
        const isKnown = known.length === grown("sent", base, is) && (trial.facts.everyoneHears || pile.length === is.waiting);
        if (!isKnown || pile.length < PILE || is.sent !== was.sent) return false;
        Object.assign(memory, { pile, sent: is.sent });
        return true;
      },
      // What is sent meanwhile comes in between.
      holds: ({ is }, { memory }) => is.sent === memory.sent,
    },
    {
      within: 20,
      seen: (_, { taken, facts, memory: { pile } }) => {
        const came = [...taken.keys()].filter((id) => pile.includes(id));
        return came.length === pile.length && came.join() === (facts.newestFirst ? pile.toReversed() : pile).join();
      },
    },
  ],
  found(_, { sent, taken, memory: { pile } }) {
    const bodies = [...taken.keys()].filter((id) => pile.includes(id)).map((id) => taken.get(id).body);
    return `They waited as ${pile.map((id) => sent.get(id).body).join(", ")} and came out as ${bodies.join(", ")}.`;
  },
};
