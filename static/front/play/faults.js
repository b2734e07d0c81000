// The experiments in which something dies or is cut off: what to do, and what shows that it has happened.
import { grown, isEmpty, there } from "./trial.js";

const SETTLED = 1; // second in which nothing moves
const BACK = 3; // seconds within which a listener has come back, and has what waited for it

export const restart = {
  steps: [
    {
      stage: [1, 2000],
      act: (hand) => hand.trickle(5, 150),
      seen: ({ is, base, run }, { facts }) =>
        Boolean(run) && is.there > 0 && (facts.keeps ? is.waiting > 0 : grown("sent", base, is) > 0),
      holds: ({ is, run }, { at, memory, facts }) => at > 1 || run !== memory.run || !facts.keeps || is.waiting > 0,
    },
    {
      act: (hand) => hand.verbForAll("restart_redis"),
      seen: ({ run }, { memory }) => Boolean(run) && run !== memory.run,
    },
    {
      seen: ({ is, run, quiet }, { facts, memory }) =>
        Boolean(run) && is.there > 0 && quiet >= SETTLED && (!facts.keeps || isLost(memory.before, is)),
    },
    {
      act: (hand) => hand.sendAtLast(),
      seen: ({ is, base }) => grown("sent", base, is) > 0 && grown("received", base, is) > 0,
    },
  ],
  note({ is, run }, { at, memory }) {
    if (at === 0 && run) memory.run = run;
    if (at <= 1 && run === memory.run) memory.before = is;
  },
  found: (marks, { facts, memory }) =>
    facts.keeps
      ? `${memory.before.waiting} waited when Redis went, ${marks[2].waiting} when it was back; the listener came back by itself and took the next one.`
      : "Nothing waited in it; the listener came back by itself and heard the next one.",
};

/** Whether what waited is gone, and not because somebody took it. */
function isLost(before, is) {
  return is.waiting === 0 && grown("received", before, is) < before.waiting;
}

export const killed = {
  steps: [
    {
      stage: [2, 1500],
      act: (hand) => hand.send(3),
      seen: ({ is }) => there(is).some((one) => one.in_hand),
      holds: ({ is }, { at, memory }) => at > 1 || isAnyHeld(is, memory) || Boolean(memory.died),
    },
    {
      within: 30,
      act: (hand) => hand.verbOnOne("kill", (one) => one.in_hand),
      // A frozen process falls silent as well, but comes back.
      seen({ is, stage }, { memory }) {
        const dead = is.listeners.find((one) => one.state === "gone" && memory.held?.has(one.id));
        if (!dead || stage[dead.name]?.pid === dead.pid) return false;
        memory.died = { ...dead, in_hand: memory.held.get(dead.id).in_hand };
        return true;
      },
      holds: ({ is }, { memory }) => !there(is).some((one) => one.id === memory.died?.id),
    },
    {
      within: 30,
      seen: ({ is, quiet }, { facts, marks }) =>
        facts.redelivers ? grown("redelivered", marks[0], is) > 0 && quiet >= SETTLED : quiet >= SETTLED,
    },
  ],
  note({ is }, { memory }) {
    memory.held ??= new Map(); // by listener, until it has handled it: another one may take it over before it is gone
    for (const { id, in_hand, received } of there(is)) {
      if (in_hand) memory.held.set(id, { in_hand, received });
      else if (received > memory.held.get(id)?.received) memory.held.delete(id);
    }
  },
  found([held, , last], { facts, memory, taken }) {
    const { name, id, in_hand: [message, body] } = memory.died;
    if (facts.redelivers) {
      const again = grown("redelivered", held, last);
      return `${name} died on ${body}; ${again === 1 ? "it was" : `${again} were`} handed over again after its lease of three seconds.`;
    }
    const others = new Set(taken.get(message)?.by.filter((one) => one !== id));
    return `${name} died on ${body}: ${body} is lost${others.size ? ` for it, ${others.size} other heard it` : ""}.`;
  },
};

function isAnyHeld({ listeners }, { held }) {
  return listeners.some(({ id }) => held.has(id));
}

export const cut = {
  steps: [
    {
      stage: [2],
      seen: ({ is, quiet }) => is.there >= 2 && quiet >= SETTLED,
      holds: ({ is }, { at }) => at > 1 || is.there >= 2,
    },
    {
      async act(hand) {
        await hand.sendByAll(() => false, 2); // who has heard a web process can find a gap in what it sends
        await Promise.all([hand.verbOnOne("keep_out"), hand.trickle(12, 200)]);
      },
      seen: ({ is }, { memory }) => memory.outAt && grown("sent", memory.outAt, is) > 0,
    },
    {
      within: 20,
      act: async (hand, { facts, marks }) => {
        await hand.until(() => !hand.own.some(([, one]) => one.is_kept_out), 10, "The line does not heal.");
        await hand.pause(2000);
        // A gap is found when the next message of the same web process comes, and there may be two.
        const isFound = () => facts.keeps || hand.figures.missed > marks[0].missed;
        await hand.sendUntil(isFound, 8);
      },
      seen({ is, base, quiet, stage }, { facts, marks }) {
        if (quiet < SETTLED || outside(stage)) return false;
        if (facts.keeps) return isEmpty(facts, is) && grown("received", marks[0], is) > 0 && quiet >= (facts.everyoneHears ? BACK : SETTLED);
        return grown("missed", marks[0], is) > 0 && is.sent >= base.sent;
      },
    },
  ],
  note({ was, stage }, { at, memory }) {
    if (at === 0) memory.outAt = null;
    if (outside(stage)) memory.outAt ??= was;
  },
  found([base, , last], { facts }) {
    const [sent, got, missed] = ["sent", "received", "missed"].map((name) => grown(name, base, last));
    if (!facts.keeps) return `${sent} sent; the numbers show the gap: the one that was cut off missed ${missed}.`;
    if (facts.everyoneHears) return `${sent} sent to each, ${got} received by two: what came meanwhile waited${missed ? `, ${missed} missed` : ""}.`;
    return `${sent} sent, ${got} received: the other took what came meanwhile.`;
  },
};

function outside(stage) {
  return Object.values(stage).some((one) => one.is_kept_out);
}
