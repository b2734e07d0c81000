// This module knows what became of the last messages of a column, from what was told and no more.

export const SHOWN = 12;
const KEPT = 400; // messages; one that was forgotten begins anew when something is told of it
const SETTLED = 2000; // ms after which a listener has told what it took

export class Fates {
  /** What the pattern declares: `hears` is one, each, or one_of_each_group. */
  constructor({ hears, redelivers }, clock = () => performance.now()) {
    this.hears = hears;
    this.redelivers = redelivers !== undefined;
    this.clock = clock;
    this.names = new Map(); // of listeners, by id; also of those that left
    this.forget();
  }

  forget() {
    this.known = new Map(); // by id, oldest first
    this.nameless = 0; // messages of other programs, which have no id
  }

  /**
   * Learn the figures and the moves that led to them.
   * @param {import("./wire").Figures} figures
   * @param {import("./wire").Moves} moves
   * @param {string} run the process of Redis, another one after a restart
   */
  hear(figures, { sent = [], taken = [] } = {}, run = "") {
    if (this.figures && figures.sent < this.figures.sent) this.forget(); // a reset
    this.figures = figures;
    if (run && this.run && run !== this.run) for (const one of this.known.values()) one.isOfFormerRedis = true;
    this.run = run || this.run;
    for (const { id, name } of figures.listeners) this.names.set(id, name);
    for (const [id, body, reached] of sent) {
      const one = this.note(id, body);
      this.known.delete(id); // who took it may have told so first, and in another order
      this.known.set(id, Object.assign(one, { reached, isSent: true }));
    }
    for (const [id, body, by] of taken) this.note(id, body).takers.push(by);
    for (const { id, state, in_hand } of figures.listeners) this.hearOf(id, state === "gone" ? in_hand : null);
    for (const id of [...this.known.keys()].slice(0, -KEPT)) this.known.delete(id);
  }

  /** Learn what a listener had in hand when it was last heard of; null while it lives. */
  hearOf(listener, inHand) {
    for (const one of this.known.values()) if (one.lostWith === listener) one.lostWith = null;
    const one = inHand?.[0] && this.known.get(inHand[0]);
    if (one && one.takers.at(-1) === listener) one.lostWith = listener;
  }

  /** Learn that the reply to the sending of these was lost. */
  hearUnknown(sender, first, bodies) {
    bodies.slice(-SHOWN).forEach((body, i, { length }) => {
      this.note(`${sender}-${first + bodies.length - length + i}`, body).isUnknown = true;
    });
  }

  /** Return what is known of a message, which is listed as one of the last from now on. */
  note(id, body) {
    const key = id ?? `nameless ${(this.nameless += 1)}`;
    const one = this.known.get(key) ?? { id, body, takers: [], at: this.clock() };
    const isLast = this.last().includes(one);
    if (!isLast) this.known.delete(key);
    this.known.set(key, one);
    return one;
  }

  /** Return the last messages, newest first. */
  last() {
    return [...this.known.values()].slice(-SHOWN).toReversed();
  }

  /** Say what became of a message. */
  words(one) {
    const takers = one.takers.map((id) => this.names.get(id) ?? "another listener");
    if (!takers.length) return this.wordsBeforeTaken(one);
    const lost = one.isUnknown ? "reply lost, and yet " : "";
    const foreign = one.id ? "" : "from another program, ";
    if (this.hears === "each") return `${lost}${foreign}${heard(one, takers)}`;
    const expected = this.hears === "one" ? 1 : Math.max(1, this.figures.groups);
    if (takers.length <= expected) return `${lost}${foreign}taken by ${takers.join(", ")}${this.end(one)}`;
    const times = takers.length === 2 ? "twice" : `${takers.length} times`;
    return `${lost}${times}: taken by ${takers.join(", then by ")}${this.end(one)}`;
  }

  end({ id, lostWith }) {
    if (this.figures.aside?.some(([aside]) => aside !== null && aside === id)) return ", and then put aside as a dead letter";
    if (!lostWith) return "";
    return this.redelivers ? ", which is gone: another one takes it over" : " and lost with it";
  }

  wordsBeforeTaken(one) {
    const isOld = this.clock() - one.at > SETTLED;
    if (one.reached === 0) return "gone: heard by nobody";
    if (this.isWaiting(one)) return one.isUnknown ? "reply lost, and yet waiting" : "waiting";
    if (one.isUnknown) return "unknown: the reply was lost";
    if (this.hears === "each") return `sent to ${one.reached} listener${one.reached === 1 ? "" : "s"}`;
    if (this.figures.waiting || !isOld) return "sent";
    return one.isOfFormerRedis ? "waits no longer: Redis was restarted" : "waits no longer; who took it was not told";
  }

  /** Whether it is seen to wait, or all that was not received waits. */
  isWaiting({ id, isSent }) {
    const { newest, oldest, waiting, sent, received, elsewhere, earlier, listeners } = this.figures;
    if (!waiting || this.hears === "each") return false;
    if ((newest ?? oldest).some(([shown]) => shown !== null && shown === id)) return true;
    const inHand = listeners.filter((one) => one.in_hand).length;
    const isFirstTime = !this.figures.redelivered && !this.figures.dead && !this.figures.unknown;
    const rest = sent - (received - elsewhere - earlier) - inHand;
    return Boolean(isSent && isFirstTime && this.hears === "one" && rest === waiting);
  }
}

function heard({ reached }, takers) {
  if (reached > 2 && new Set(takers).size === reached) return `heard by all ${reached}`;
  return `${reached > takers.length ? `sent to ${reached}, ` : ""}heard by ${takers.join(", ")}`;
}

/** Write the last messages into the list of a column; what has not changed is left alone. */
export function list(element, fates) {
  const last = fates.last();
  element.hidden = false;
  const ol = element.querySelector("ol");
  element.querySelector(".none").hidden = last.length > 0;
  while (ol.childElementCount > last.length) ol.lastElementChild.remove();
  last.forEach((one, i) => {
    const item = ol.children[i] ?? ol.appendChild(blank());
    write(item.firstElementChild, one.body);
    write(item.lastElementChild, fates.words(one));
  });
}

function blank() {
  const item = document.createElement("li");
  item.append(document.createElement("bdi"), " ", document.createElement("span"));
  return item;
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
