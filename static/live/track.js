// A track draws the messages of one column: those that wait, those that move, and who takes them.
import { fill } from "../words.js";
import { Cards } from "./cards.js";
import { fly, motion, still } from "./dots.js";
import { ONE_BY_ONE, spread } from "./load.js";
import { Stack, turned } from "./stack.js";
import { Ways, straight } from "./ways.js";

const STRIDE = 11; // picks messages of many listeners, because a change lists them by listener
const ASIDE = [0, 46, -46, 23, -23]; // px; messages that fall at once are set aside, so that all are legible
const STAGGER = 45; // ms between two dots of one change
const SLOW_STAGGER = 250; // ms, in slow motion
const PATIENCE = 400; // ms that a message at the gate waits to hear who took it
const REMEMBER = 8000; // ms that a sent message waits to be matched with who took it

export class Track {
  constructor(section) {
    this.element = section.querySelector(".track");
    const stack = this.element.querySelector(".stack");
    this.stack = stack && new Stack(stack);
    this.redelivers = "redelivers" in section.dataset;
    this.wave = this.element.querySelector(".wave svg");
    this.unread = this.element.querySelector(".wave .unread");
    this.cards = new Cards(this.element);
    this.ways = new Ways(this.element);
    this.layer = this.element.querySelector(".dots");
    this.flights = new Map(); // messages by id, from sending until REMEMBER has passed
    this.fallen = 0;
    this.element.classList.add("drawn");
    const resized = new ResizeObserver(() => this.ways.draw());
    resized.observe(this.element);
    resized.observe(this.cards.list);
  }

  /**
   * Show the figures; if `before` is given, animate the `moves` that led from there to them.
   * @param {import("./wire").Figures} figures
   * @param {import("./wire").Moves} moves
   * @param {import("./wire").Figures | null} before
   * @param stage what the demo has started, or null
   */
  show(figures, moves = {}, before = null, stage = null) {
    // First the cards, to which messages fly; last the stack, from whose old boxes they start.
    if (this.cards.show(figures, moves.left, stage)) this.ways.draw();
    this.figures = figures;
    this.turned = turned(figures, stage);
    if (before) {
      this.move(moves, figures, before);
      this.dropLost(before, figures);
    }
    this.stack?.show(figures);
    if (this.stack && !this.ways.tap) this.stack.sayOrder(this.turned.size, figures.there);
    if (this.unread) this.showUnread(figures);
  }

  /** Say what was sent and is not received: it is in the connections, for Redis keeps nothing. */
  showUnread(figures) {
    fill(this.unread, figures);
    this.unread.hidden = !figures.unreceived;
    this.unread.previousElementSibling.hidden = !this.unread.hidden;
  }

  move({ sent = [], taken = [] }, figures, before) {
    const sends = figures.sent - before.sent;
    const takes = figures.received - before.received;
    const stagger = motion.isSlow ? SLOW_STAGGER : STAGGER;
    if (sends > ONE_BY_ONE) {
      for (const delay of spread(sends)) fly(this.layer, this.ways.toGate, { delay });
    } else {
      sent.forEach(([id, body, reached], i) => this.send(id, body, reached, i * stagger));
    }
    if (takes > ONE_BY_ONE * 2 && taken.length && !motion.isSlow) {
      spread(takes).forEach((delay, i) => {
        const [, , to] = taken[(i * STRIDE) % taken.length];
        fly(this.layer, this.ways.toCard(to), { delay, to });
      });
    } else {
      taken.forEach(([id, body, to], i) => this.take(id, body, to, i * stagger));
    }
  }

  /** Let a message fly to the gate, where it falls if nobody heard it, or rests until it is taken. */
  async send(id, body, reached, delay) {
    if (this.flights.has(id)) return; // the listener's report came first: its dot flies already
    const atGate = fly(this.layer, this.ways.toGate, { body, delay, id, part: 0.5 });
    const flight = { atGate, isTaken: false, rests: false };
    this.remember(id, flight);
    await atGate;
    if (!still.matches) this.wave?.animate([{ opacity: 1 }, { opacity: 0.35 }, { opacity: 1 }], 350);
    if (reached === 0) return this.fall(this.ways.gate, id, body, "gone");
    if (!this.stack || flight.isTaken) return;
    if (!this.isSeenToWait(id)) await new Promise((done) => setTimeout(done, PATIENCE));
    if (flight.isTaken || !this.figures.waiting) return;
    flight.rests = true;
    fly(this.layer, this.ways.toStack, { body, id, kind: "rests", part: 0.5 });
  }

  /** Let a message fly to its taker: from the gate once it is there, or from where it waited. */
  async take(id, body, to, delay) {
    const flight = this.flights.get(id);
    if (flight) flight.isTaken = true;
    else this.remember(id, { atGate: null, isTaken: true, rests: false });
    if (!flight?.atGate || flight.rests) {
      fly(this.layer, this.ways.toCard(to, this.waitedAt(id, to)), { body, delay, id, to });
    } else {
      await flight.atGate;
      fly(this.layer, this.ways.toCard(to), { body, id, to, part: 0.5 });
    }
  }

  /** Remember a message that has an id, so that it is drawn once whichever end reports it first. */
  remember(id, flight) {
    if (id === null) return;
    this.flights.set(id, flight);
    setTimeout(() => this.flights.delete(id), REMEMBER);
  }

  /** Whether this message is among the waiting ones that are shown. */
  isSeenToWait(id) {
    const { newest, oldest } = this.figures;
    return (newest ?? oldest).some(([waiting]) => waiting === id);
  }

  /** Let a message fall, because nobody heard it or because the listener that had it is gone. */
  fall(from, id, body, word) {
    this.fallen += 1;
    const x = from.x + ASIDE[this.fallen % ASIDE.length];
    const down = straight(from, { x, y: from.y + 70 + 13 * (this.fallen % 4) });
    fly(this.layer, down, { body, id, word });
  }

  /** Let fall what listeners had in hand that are gone since the last figures. */
  dropLost(before, figures) {
    if (this.redelivers) return; // here another listener takes the message over
    const there = new Set(before.listeners.filter((one) => one.state !== "gone").map((one) => one.id));
    for (const { id, state, in_hand } of figures.listeners) {
      const end = this.ways.ends.get(id)?.end;
      if (state === "gone" && in_hand && end && there.has(id)) this.fall(end, ...in_hand, "lost");
    }
  }

  waitedAt(id, to) {
    const box = this.stack?.boxOf(id, this.ways.tap || this.turned.has(to));
    return box ? this.ways.placeOf(box) : null;
  }
}
