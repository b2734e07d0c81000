// A run does all steps of an experiment in all columns that it makes sense for.
import { act } from "../act.js";
import { Halt, Hand, inTurn } from "./hand.js";

const WITHIN = 15; // seconds in which a step is seen, unless it names more
const KNOWN_WITHIN = 6; // seconds in which the page knows whose the listeners are
const EMPTY_WITHIN = 30; // seconds in which the listeners take what waited before

export class Run {
  /**
   * @param {import("./trial.js").Trial[]} trials one for each column
   * @param {() => import("../../live/wire").Status} latest
   * @param {(step: number, more?: string) => void} tell says a step before it is done
   */
  constructor(trials, latest, tell) {
    Object.assign(this, { trials, latest, tell, stopping: new AbortController() });
    this.hands = trials.map((one, i) => new Hand(one.facts, latest, this.stopping.signal, i === 0));
  }

  stop() {
    this.stopping.abort(new Halt("Stopped."));
  }

  /** Do all steps; return nothing, or a sentence that says why it ended before. */
  async go() {
    try {
      await this.prepare();
      await inTurn([...this.trials[0].experiment.steps.keys()], (step) => this.take(step));
      return "";
    } catch (error) {
      if (error instanceof Halt) return error.message;
      throw error;
    } finally {
      this.stopping.abort();
      for (const trial of this.trials) trial.isHeld = false;
      // Whatever happened, two normal listeners stand in each column afterwards.
      await Promise.all(this.hands.map(({ facts }) => act("stage", facts.name, { listeners: 2, ms: 0 })));
    }
  }

  /** Let two normal listeners stand in each column, with nothing to do. */
  async prepare() {
    // A listener that just started or ended is not known everywhere at the same moment.
    const isOurs = (hand) => this.latest().stage && !hand.foreign.length;
    await this.each((hand) => hand.until(() => isOurs(hand), KNOWN_WITHIN, () => this.notOurs(hand)));
    const waiting = this.hands.filter((hand) => hand.figures.waiting);
    const more = waiting.map((hand) => `${hand.figures.waiting.toLocaleString("en-US")} by ${hand.facts.title}`);
    this.tell(-1, more.length ? `Messages wait (${more.join(", ")}): the listeners take them first.` : "");
    await this.each(async (hand) => {
      await hand.stage(2);
      const { everyoneHears, title } = hand.facts;
      const isIdle = () => (everyoneHears || !hand.figures.waiting) && hand.figures.listeners.every((one) => one.state !== "working");
      await hand.until(isIdle, EMPTY_WITHIN, `Messages still wait by ${title}: empty the queues first, with the button above, if nobody needs them.`);
    });
    for (const trial of this.trials) trial.clear();
  }

  notOurs({ foreign }) {
    if (!this.latest().stage) return "The demo does not say which listeners are its own: it is too busy, or has ended.";
    const [names, pids] = ["name", "pid"].map((field) => foreign.map((one) => one[field]));
    return `${names.join(", ")} was not started by this demo, which touches no others: end it first (kill ${pids.join(" ")}).`;
  }

  async take(number) {
    const { steps } = this.trials[0].experiment;
    const step = steps[number];
    this.tell(number);
    for (const trial of this.trials) trial.isHeld = true;
    // The demo does one after the other: nothing is sent before the listeners stand in all columns.
    if (step.stage) await this.each((hand) => hand.stage(...step.stage));
    if (step.isInTurn) await inTurn(this.hands, step.act); // what the demo can do only to one at a time
    else await this.each((hand, i) => step.act?.(hand, this.trials[i]));
    for (const trial of this.trials) trial.isHeld = number + 1 < steps.length;
    await this.each((hand, i) => {
      const trial = this.trials[i];
      return hand.until(() => trial.at > number, step.within ?? WITHIN, this.notSeen(hand, number));
    });
  }

  /** Do it in all columns at once, and end with the first that fails. */
  async each(work) {
    try {
      await Promise.all(this.hands.map((hand, i) => work(hand, i)));
    } catch (error) {
      this.stopping.abort(error);
      throw error;
    }
  }

  notSeen({ facts }, number) {
    return `Step ${number + 1} was not seen by ${facts.title}: this machine may be too busy, or another window or program sends or stops something just now. Run it again.`;
  }
}
