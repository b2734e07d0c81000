// This module recognises from the figures when an experiment has happened. Its functions are pure,
// except that each `see…` below writes into the memory that `see` has copied for it.

/** @import { Moves, Status } from "../live/state.js" */

const BURST = 50; // messages that one change tells as sent, at least
const OVER = 2; // seconds without any movement after which a burst is over
const BACKLOG = 5; // messages that wait, at least

/** Return the memory before anything has happened. */
export function blank() {
  return { done: [], nobody: {}, third: {}, stop: {}, order: {}, restart: {} };
}

/**
 * Return the memory after a change, in which `moves` led from the figures before to those now.
 * @param {Status} before
 * @param {Status} now
 * @param {Record<string, Moves>} moves
 */
export function see(memory, before, now, moves) {
  const next = structuredClone(memory);
  const queue = [before.patterns.prodcons, now.patterns.prodcons];
  const channel = [before.patterns.pubsub, now.patterns.pubsub];
  const both = (look) => [look("queue", queue), look("channel", channel)].every(Boolean);
  const seen = {
    nobody: seeNobody(next.nobody, queue, channel),
    third: both((name, figures) => seeThird(next.third, name, figures)),
    stop: both((name, figures) => seeStop(next.stop, name, figures, now.at)),
    order: seeOrder(next.order, queue, moves.prodcons?.taken ?? []),
    restart: now.redis === "up" && seeRestart(next.restart, before, now),
  };
  for (const [name, happened] of Object.entries(seen)) {
    if (happened && !next.done.includes(name)) next.done.push(name);
  }
  return next;
}

/** Both sides sent to nobody; then a listener took what the queue kept, and the channel has one. */
function seeNobody(memory, [queueWas, queue], [channelWas, channel]) {
  if (!queueWas.there && !queue.there && queue.sent > queueWas.sent && queue.waiting) memory.kept = true;
  else if (memory.kept && queue.there && queue.received > queueWas.received) memory.taken = true;
  else if (!queue.there && !queue.waiting) memory.kept = false; // it was emptied
  if (!channelWas.there && !channel.there && channel.unheard > channelWas.unheard) memory.unheard = true;
  return Boolean(memory.taken && memory.unheard && channel.there);
}

/** A third listener joined two; then a message reached one on the queue or three on the channel. */
function seeThird(memory, name, [was, is]) {
  const own = (memory[name] ??= {});
  if (was.there === 2) own.two = true;
  if (is.there < 3 || is.sent < was.sent) delete own.from; // a listener left, or the figures were zeroed
  if (own.two && is.there >= 3 && !own.from) {
    own.from = Object.fromEntries(there(is).map((one) => [one.id, one.received]));
    own.sent = is.sent;
  }
  if (!own.from || is.sent <= own.sent) return false;
  const more = there(is).filter((one) => one.received > (own.from[one.id] ?? 0)).length;
  return more >= (name === "queue" ? 1 : 3);
}

/** A listener that was working on a burst is gone. */
function seeStop(memory, name, [was, is], at) {
  const own = (memory[name] ??= {});
  if (is.sent - was.sent >= BURST) own.burst = true;
  if (is.sent !== was.sent || is.received !== was.received) own.moved = at;
  else if (at - own.moved > OVER) own.burst = false;
  const staying = new Set(there(is).map((one) => one.id));
  const working = there(was).filter((one) => one.state === "working" && one.received > 0);
  const stopped = working.some((one) => !staying.has(one.id));
  if (own.burst && stopped && is.there < was.there) own.stopped = true;
  return Boolean(own.stopped);
}

/** The only listener took from a backlog a message that was sent before one it took earlier. */
function seeOrder(memory, [was, is], taken) {
  for (const [id, , listener] of taken) {
    const [, sender, number] = id?.match(/^(.*)-(\d+)$/) ?? [];
    if (!sender) continue;
    const key = `${listener} ${sender}`;
    const isBack = Number(number) < (memory[key] ?? 0);
    if (isBack && is.there === 1 && was.waiting >= BACKLOG) return true;
    memory[key] = Number(number);
  }
  return false;
}

/** Redis runs as another process than when the page was opened. */
function seeRestart(memory, before, now) {
  memory.first ??= before.run_id || undefined;
  return Boolean(memory.first && now.run_id && now.run_id !== memory.first);
}

function there(figures) {
  return figures.listeners.filter((one) => one.state !== "gone");
}
