// The experiments on what one cannot know: whether a message was sent, and whether it can be done.
import { arrived, grown, isEmpty, there } from "./trial.js";

const SETTLED = 1; // second in which nothing moves
const POISON = "poison"; // the text that the demo's line watches for
const BILL = "bill 17"; // a text that one would not like to have twice

export const reply = {
  steps: [
    {
      stage: [1],
      seen: ({ is, quiet }, { facts }) => is.there > 0 && quiet >= SETTLED && isEmpty(facts, is),
      holds: ({ is }, { at }) => at > 1 || is.there > 0,
    },
    {
      isInTurn: true,
      act: async (hand) => {
        await hand.verb("lose_send");
        await hand.sendUnsure(BILL);
      },
      seen: ({ is, base }) => grown("unknown", base, is) > 0,
    },
    { seen: ({ is, quiet }, trial) => quiet >= SETTLED && extra(trial, is) > 0 && Boolean(stray(trial)) },
    {
      act: (hand) => hand.send(1, BILL),
      seen(_, trial) {
        const [lost, { body }] = stray(trial);
        return [...trial.taken].some(([id, one]) => id !== lost && one.body === body && one.step === 3);
      },
    },
  ],
  found: (_, trial) =>
    `The answer to «${stray(trial)[1].body}» was lost: unknown. It was there all the same, and sent again it was there twice.`,
};

/** How many messages arrived beyond those that are counted as sent. */
function extra({ facts, marks }, is) {
  return arrived(marks[0], is) - grown(facts.everyoneHears ? "deliveries" : "sent", marks[0], is);
}

/** The id and the ways of a message that came although nobody counted it as sent. */
function stray({ sent, taken }) {
  return [...taken].find(([id, { step }]) => step >= 1 && !sent.has(id));
}

export const poison = {
  steps: [
    {
      stage: [2],
      seen: ({ is }) => is.there >= 2,
      holds: ({ is }, { at }) => at > 1 || is.there >= 2,
    },
    {
      within: 30,
      act: async (hand) => {
        await hand.verb("poison");
        await hand.send(1, POISON);
      },
      seen: ({ is }, { sent, memory }) =>
        [...sent.values()].some((one) => one.body === POISON && one.step >= 1) &&
        is.listeners.some((one) => one.state === "gone" && memory.present?.has(one.id)),
    },
    {
      within: 60,
      seen: ({ is, quiet }, { facts, marks }) =>
        quiet >= SETTLED && (facts.redelivers ? grown("dead_letters", marks[0], is) > 0 : isEmpty(facts, is)),
    },
  ],
  note({ is }, { at, memory }) {
    if (at === 0) memory.present = new Set();
    if (at <= 1) for (const one of there(is)) memory.present.add(one.id);
  },
  found([base, , last], { facts }) {
    const died = [...gone(last)].filter((id) => !gone(base).has(id)).length;
    const whole = `${died} died of it, and the demo started ${died === 1 ? "another" : "others"} in place`;
    if (facts.redelivers) return `${whole}; then it was put aside as a dead letter.`;
    return `${whole}; the message is gone${facts.everyoneHears ? " for each of them" : ""}.`;
  },
};

function gone(figures) {
  return new Set(figures.listeners.filter((one) => one.state === "gone").map((one) => one.id));
}
