// What each experiment needs to have happened. Pure: from what was seen to what is seen.

const BURST = 50; // messages of one change
const BACKLOG = 5; // messages

/** The memory of somebody who has seen nothing yet. */
export function blank() {
  return { done: [], nobody: {}, third: {}, stop: {}, order: {}, restart: {} };
}

/** What is remembered after a change, from the figures before to those now, by `moves`. */
export function see(memory, before, now, moves) {
  const next = structuredClone(memory);
  const queue = [before.patterns.prodcons, now.patterns.prodcons];
  const channel = [before.patterns.pubsub, now.patterns.pubsub];
  const seen = {
    nobody: seeNobody(next.nobody, queue, channel),
    third: [seeThird(next.third, "queue", queue), seeThird(next.third, "channel", channel)].every(Boolean),
    stop: [seeStop(next.stop, "queue", queue), seeStop(next.stop, "channel", channel)].every(Boolean),
    order: seeOrder(next.order, queue[0].waiting, moves.prodcons?.taken ?? []),
    restart: seeRestart(next.restart, before, now),
  };
  for (const [name, happened] of Object.entries(seen)) {
    if (happened && !next.done.includes(name)) next.done.push(name);
  }
  return next;
}

/** Sent to nobody on both sides; then the queue hands over what it kept, and the channel is heard. */
function seeNobody(memory, [queueWas, queue], [channelWas, channel]) {
  if (!queueWas.there && !queue.there && queue.sent > queueWas.sent && queue.waiting) memory.kept = true;
  else if (memory.kept && queue.there && queue.received > queueWas.received) memory.taken = true;
  if (!channelWas.there && !channel.there && channel.unheard > channelWas.unheard) memory.unheard = true;
  return Boolean(memory.taken && memory.unheard && channel.there);
}

/** Two listen, then three; then something is sent, and all of the channel's hear it. */
function seeThird(memory, name, [was, is]) {
  const own = (memory[name] ??= {});
  if (was.there === 2) own.two = true;
  if (own.two && is.there >= 3 && !own.from) {
    own.from = Object.fromEntries(there(is).map((one) => [one.id, one.received]));
    own.sent = is.sent;
  }
  if (!own.from || is.sent <= own.sent) return false;
  const more = there(is).filter((one) => one.received > (own.from[one.id] ?? 0)).length;
  return more >= (name === "queue" ? 1 : 3);
}

/** After a burst a listener that was at work is there no longer. */
function seeStop(memory, name, [was, is]) {
  const own = (memory[name] ??= {});
  if (is.sent - was.sent >= BURST) own.burst = true;
  const staying = new Set(there(is).map((one) => one.id));
  const worked = there(was).filter((one) => one.state === "working" && one.received + one.missed > 0);
  if (own.burst && worked.some((one) => !staying.has(one.id))) own.stopped = true;
  return Boolean(own.stopped);
}

/** From a backlog, a listener takes a message that was sent before one that it took earlier. */
function seeOrder(memory, waiting, taken) {
  for (const [id, , listener] of taken) {
    const [, sender, number] = id?.match(/^(.*)-(\d+)$/) ?? [];
    if (!sender) continue;
    const key = `${listener} ${sender}`;
    if (waiting >= BACKLOG && Number(number) < (memory[key] ?? 0)) return true;
    memory[key] = Number(number);
  }
  return false;
}

/** Redis was there, was away, and is back. */
function seeRestart(memory, before, now) {
  if (before.redis === "up" && now.redis === "away") memory.away = true;
  return Boolean(memory.away && now.redis === "up");
}

function there(figures) {
  return figures.listeners.filter((one) => one.state !== "gone");
}
