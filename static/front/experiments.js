// This module recognises from the figures when an experiment has happened.

const BURST = 50; // messages that one change tells as sent, at least
const OVER = 2; // seconds without any movement after which a burst is over
const BACKLOG = 5; // messages that wait, at least

export class Experiments {
  /** `queue` and `channel` are the names of the two patterns on the page. */
  constructor(queue, channel) {
    this.names = [queue, channel];
    this.sides = [new Side(1), new Side(3)];
    this.seen = {}; // of the first experiment: what both sides have shown of it
    this.latest = {}; // the number of the last message, by listener and sender
  }

  /**
   * Return the names of the experiments that the change to `now`, by these moves, completes.
   * @param {import("../live/wire").Status} before
   * @param {import("../live/wire").Status} now
   * @param {Record<string, import("../live/wire").Moves>} moves
   */
  see(before, now, moves) {
    const [queue, channel] = this.names.map((name) => [before.patterns[name], now.patterns[name]]);
    const thirds = this.sides.map((side, i) => side.seeThird([queue, channel][i]));
    const stops = this.sides.map((side, i) => side.seeStop([queue, channel][i], now.at));
    const happened = {
      nobody: this.seeNobody(queue, channel),
      third: thirds.every(Boolean),
      stop: stops.every(Boolean),
      order: this.seeOrder(queue, moves[this.names[0]]?.taken ?? []),
      restart: now.redis === "up" && this.seeRestart(before, now),
    };
    return Object.keys(happened).filter((name) => happened[name]);
  }

  /** Both sides sent to nobody; then one took what the queue kept, and the channel has one. */
  seeNobody([queueWas, queue], [channelWas, channel]) {
    const { seen } = this;
    const isAlone = !queueWas.there && !queue.there;
    if (isAlone && queue.sent > queueWas.sent) seen.sent = queue.sent;
    if (queue.sent < queueWas.sent) seen.kept = false; // a reset
    const isTheSame = queue.sent === seen.sent; // what is sent later is no proof
    if (isAlone && isTheSame && queue.waiting) seen.kept = true;
    const isTaken = queue.there && queue.received > queueWas.received;
    if (seen.kept && isTheSame && isTaken) seen.taken = true;
    if (channel.unheard > channelWas.unheard) seen.unheard = true; // Redis itself said so
    return seen.taken && seen.unheard && channel.there > 0;
  }

  /** The only listener took from a backlog a message that was sent before one it took earlier. */
  seeOrder([was, is], taken) {
    for (const [id, , listener] of taken) {
      const [, sender, number] = id?.match(/^(.*)-(\d+)$/) ?? [];
      if (!sender) continue;
      const key = `${listener} ${sender}`;
      const isBack = Number(number) < (this.latest[key] ?? 0);
      if (isBack && is.there === 1 && was.waiting >= BACKLOG) return true;
      this.latest[key] = Number(number);
    }
    return false;
  }

  /** Redis runs as another process than when the page was opened. */
  seeRestart(before, now) {
    this.first ??= before.run_id || undefined;
    return Boolean(this.first && now.run_id && now.run_id !== this.first);
  }
}

/** What one side has shown of the experiments that need both sides. */
class Side {
  /** `takers`: how many of three listeners get a message. */
  constructor(takers) {
    this.takers = takers;
    this.hadTwo = this.isBurst = this.stopped = false;
    this.worked = {}; // the time when a listener worked last, by its id
  }

  /** A third listener joined two; then a message reached as many as it should. */
  seeThird([was, is]) {
    if (was.there === 2) this.hadTwo = true;
    if (is.there < 3 || is.sent < was.sent) delete this.joined; // one left, or a reset
    if (this.hadTwo && is.there >= 3) this.joined ??= is;
    if (!this.joined || is.sent <= this.joined.sent) return false;
    const had = new Map(there(this.joined).map((one) => [one.id, one.received]));
    return there(is).filter((one) => one.received > (had.get(one.id) ?? 0)).length >= this.takers;
  }

  /** A listener that was working on a burst is gone. */
  seeStop([was, is], at) {
    if (is.sent - was.sent >= BURST) this.isBurst = true;
    if (is.sent !== was.sent || is.received !== was.received) this.moved = at;
    else if (at - this.moved > OVER) this.isBurst = false;
    const staying = new Set(there(is).map((one) => one.id));
    for (const one of there(was)) {
      if (one.state === "working" && one.received > 0) this.worked[one.id] = at;
    }
    // Whoever stops in the middle of its work may say that it works no more before it has left.
    const hasLeft = (one) => !staying.has(one.id) && at - this.worked[one.id] <= OVER;
    this.stopped ||= this.isBurst && is.there < was.there && there(was).some(hasLeft);
    return this.stopped;
  }
}

function there(figures) {
  return figures.listeners.filter((one) => one.state !== "gone");
}
