// A hand does the steps of an experiment in one column, with the verbs and links of the page.
import { act } from "../act.js";
import { sendBy } from "../send.js";

const TICK = 100; // ms between two looks
const STAGED_WITHIN = 20; // seconds in which listeners have started or ended
const BACK_WITHIN = 15; // seconds in which the web reaches Redis again

/** The experiment cannot go on; the message is a sentence that says why. */
export class Halt extends Error {}

/** Do it to one after the other. */
export function inTurn(items, work) {
  return items.reduce((before, item) => before.then(() => work(item)), Promise.resolve());
}

export class Hand {
  /**
   * @param {object} facts of the pattern, as in trial.js
   * @param {() => import("../../live/wire").Status} latest
   * @param {AbortSignal} signal that the reader has stopped it
   * @param {boolean} isFirst whether it does what is done once for all columns
   */
  constructor(facts, latest, signal, isFirst) {
    Object.assign(this, { facts, latest, signal, isFirst });
  }

  get figures() {
    return this.latest().patterns[this.facts.name];
  }

  /** The listeners that the demo has started, as [name, what the stage says of it]. */
  get own() {
    const all = Object.entries(this.latest().stage?.listeners ?? {});
    return all.filter(([, one]) => one.pattern === this.facts.name);
  }

  /** The cards of listeners that are there and not the demo's. */
  get foreign() {
    const pids = new Set(this.own.map(([, one]) => one.pid));
    return this.figures.listeners.filter((one) => one.state !== "gone" && !pids.has(one.pid));
  }

  async verb(verb, options = {}, target = this.facts.name) {
    this.signal.throwIfAborted();
    const { error } = await act(verb, target, options);
    if (error) throw new Halt(error);
  }

  async verbForAll(verb) {
    if (this.isFirst) await this.verb(verb, {}, "");
  }

  /** Do it to the first of the demo's listeners that is as it should be, once there is one. */
  async verbOnOne(verb, isRight = () => true) {
    const names = new Set(this.own.map(([name]) => name));
    const found = () => this.figures.listeners.find((one) => one.state !== "gone" && names.has(one.name) && isRight(one));
    await this.until(found, STAGED_WITHIN, "No listener of the demo is as it should be.");
    await this.verb(verb, {}, found().name);
  }

  async stage(listeners, ms = 0) {
    await this.verb("stage", { listeners, ms });
    // The page may still show those that stood there before: it must show the same as the demo.
    const isSet = () =>
      this.figures.there === listeners &&
      this.own.length === listeners &&
      this.own.every(([, one]) => one.ms === ms && !one.is_frozen) &&
      !this.foreign.length;
    await this.until(isSet, STAGED_WITHIN, `There are not ${listeners} listeners of ${this.facts.title}.`);
  }

  async send(count = 1, body = "") {
    this.signal.throwIfAborted();
    const { error } = await sendBy(this.facts.name, count, body);
    if (error) throw new Halt(error);
  }

  trickle(count, gap = 500) {
    return inTurn(Array.from({ length: count }), async () => {
      await this.send();
      await this.pause(gap);
    });
  }

  /** Send one; then several at once, by all processes of the web, until it is as it should be. */
  async sendUntil(isRight, times) {
    await this.send();
    await this.pause(500);
    await this.sendByAll(isRight, times);
  }

  async sendByAll(isRight, times) {
    if (isRight() || !times) return;
    await Promise.all([1, 2, 3, 4].map(() => this.send()));
    await this.pause(500);
    await this.sendByAll(isRight, times - 1);
  }

  /** Send one whose answer does not come. */
  async sendUnsure(body) {
    const { error } = await sendBy(this.facts.name, 1, body);
    if (!error) throw new Halt("The answer came all the same: the reply was not lost.");
  }

  /** Send one as soon as Redis is back. */
  async sendAtLast(deadline = performance.now() + BACK_WITHIN * 1000) {
    this.signal.throwIfAborted();
    const { error } = await sendBy(this.facts.name);
    if (!error) return;
    if (performance.now() > deadline) throw new Halt(error);
    await this.pause(500);
    await this.sendAtLast(deadline);
  }

  /** Wait for a condition. Throws a Halt with this sentence, or what returns it, when that does not come. */
  until(condition, seconds, otherwise) {
    return this.waitFor(condition, performance.now() + seconds * 1000, otherwise);
  }

  async waitFor(condition, deadline, otherwise) {
    if (condition()) return;
    if (performance.now() > deadline) throw new Halt(typeof otherwise === "function" ? otherwise() : otherwise);
    await this.pause(TICK);
    await this.waitFor(condition, deadline, otherwise);
  }

  /** Wait so many ms, or throw as soon as the reader stops it. */
  pause(ms) {
    return new Promise((resolve, reject) => {
      this.signal.throwIfAborted();
      const stop = () => {
        clearTimeout(timer);
        reject(this.signal.reason);
      };
      const timer = setTimeout(() => {
        this.signal.removeEventListener("abort", stop);
        resolve();
      }, ms);
      this.signal.addEventListener("abort", stop, { once: true });
    });
  }
}
