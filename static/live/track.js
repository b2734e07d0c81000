// A track draws the messages of one column: those that wait, those that move, and who takes them.
import { fill } from "../words.js";
import { Cards } from "./cards.js";
import { fly, still } from "./dots.js";
import { Ways, straight } from "./ways.js";

const ONE_BY_ONE = 12; // messages of a change that get a dot each; more are drawn as grains
const STRIDE = 11; // picks messages of many listeners, because a change lists them by listener
const ASIDE = [0, 46, -46, 23, -23]; // px; messages that fall at once are set aside, so that all are legible
const STAGGER = 45; // ms between two dots of one change
const PATIENCE = 400; // ms that a message at the gate waits to hear who took it
const REMEMBER = 4000; // ms that a sent message waits to be matched with who took it

export class Track {
  constructor(section) {
    this.element = section.querySelector(".track");
    this.stack = this.element.querySelector(".stack");
    this.boxes = this.element.querySelector(".stack ol");
    this.dead = this.element.querySelector(".dead");
    this.redelivers = "redelivers" in section.dataset;
    this.wave = this.element.querySelector(".wave svg");
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
   */
  show(figures, moves = {}, before = null) {
    // First the cards, to which messages fly; last the stack, from whose old boxes they start.
    if (this.cards.show(figures, moves.left)) this.ways.draw();
    this.figures = figures;
    if (before) {
      this.move(moves, figures, before);
      this.dropLost(before, figures);
    }
    if (this.stack) this.showStack(figures);
  }

  showStack(figures) {
    const boxes = figures.newest ?? figures.oldest.toReversed(); // from the top
    const shown = boxes.map(([id, body]) => `${id} ${body}`).join("\n");
    fill(this.stack, figures);
    this.stack.classList.toggle("empty", !figures.waiting);
    if (this.redelivers) this.dead.hidden = !figures.dead_letters;
    const rest = figures.waiting - boxes.length;
    this.boxes.dataset.rest = rest > 0 ? `+ ${rest.toLocaleString("en-US")}` : "";
    if (shown === this.shown) return;
    this.shown = shown;
    this.boxes.replaceChildren(
      ...boxes.map(([id, body]) => {
        const item = Object.assign(document.createElement("li"), { dir: "auto", textContent: body });
        item.dataset.id = id;
        return item;
      }),
    );
  }

  move({ sent = [], taken = [] }, figures, before) {
    const sends = figures.sent - before.sent;
    const takes = figures.received - before.received;
    if (sends > ONE_BY_ONE) {
      for (const delay of spread(sends)) fly(this.layer, this.ways.toGate, { delay });
    } else {
      sent.forEach(([id, body, reached], i) => this.send(id, body, reached, i * STAGGER));
    }
    if (takes > ONE_BY_ONE * 2 && taken.length) {
      spread(takes).forEach((delay, i) => {
        const [, , to] = taken[(i * STRIDE) % taken.length];
        fly(this.layer, this.ways.toCard(to), { delay, to });
      });
    } else {
      taken.forEach(([id, body, to], i) => this.take(id, body, to, i * STAGGER));
    }
  }

  /** Let a message fly to the gate, where it falls if nobody heard it, or rests until it is taken. */
  async send(id, body, reached, delay) {
    const atGate = fly(this.layer, this.ways.toGate, { body, delay, id });
    const flight = { atGate, isTaken: false, rests: false };
    this.flights.set(id, flight);
    setTimeout(() => this.flights.delete(id), REMEMBER);
    await atGate;
    if (!still.matches) this.wave?.animate([{ opacity: 1 }, { opacity: 0.35 }, { opacity: 1 }], 350);
    if (reached === 0) return this.fall(this.ways.gate, id, body, "gone");
    if (!this.stack || flight.isTaken) return;
    if (!this.figures.waiting) await new Promise((done) => setTimeout(done, PATIENCE));
    if (flight.isTaken || !this.figures.waiting) return;
    flight.rests = true;
    fly(this.layer, this.ways.toStack, { body, id, kind: "rests" });
  }

  /** Let a message fly to its taker: from the gate once it is there, or from where it waited. */
  async take(id, body, to, delay) {
    const flight = this.flights.get(id);
    if (flight) flight.isTaken = true;
    if (!flight || flight.rests) {
      fly(this.layer, this.ways.toCard(to, this.waitedAt(id)), { body, delay, id, to });
    } else {
      await flight.atGate;
      fly(this.layer, this.ways.toCard(to), { body, id, to });
    }
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

  waitedAt(id) {
    if (!this.stack || !this.boxes.firstElementChild) return null;
    const item = [...this.boxes.children].find((box) => id && box.dataset.id === id);
    const next = this.ways.tap ? this.boxes.lastElementChild : this.boxes.firstElementChild;
    return this.ways.placeOf(item ?? next);
  }
}

/** Return a delay in ms for each of the grains that stand for so many messages. */
export function spread(count) {
  const grains = Math.round(Math.log2(1 + count) * 0.8);
  return Array.from({ length: grains }, (_, i) => (i * 100) / grains);
}
