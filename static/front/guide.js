// The guide shows the experiments: what is ticked, what runs, and the commands to copy.
import { secret } from "./act.js";
import { offerToCopy } from "./copy.js";
import { EXPERIMENTS } from "./play/experiments.js";
import { draw, factsOf, fillIn } from "./play/place.js";
import { Run } from "./play/run.js";
import { Trial } from "./play/trial.js";

const KEY = "experiments"; // of sessionStorage: by experiment and pattern, what was seen

export class Guide {
  constructor(element) {
    this.element = element;
    this.state = null;
    this.bar = document.getElementById("playing");
    this.ended = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    this.trials = {};
    for (const place of element.querySelectorAll(".experiment")) this.fit(place);
    for (const button of element.querySelectorAll(".copy")) offerToCopy(button);
    const clearAll = element.querySelector("#clear-all");
    clearAll.hidden = false;
    clearAll.addEventListener("click", () => {
      for (const name of Object.keys(this.trials)) this.clear(name);
    });
    this.bar.querySelector(".halt").addEventListener("click", () => {
      if (!this.run) this.bar.hidden = true;
      else this.bar.querySelector("p").textContent = "Stopping: two normal listeners are started in each column …";
      this.run?.stop();
    });
    const asked = element.querySelector("[data-play]");
    asked?.scrollIntoView();
    asked?.querySelector("summary").focus();
  }

  /** Make the trials of an experiment, one for each column, and its buttons. */
  fit(place) {
    const name = place.id.replace(/^try-/, "");
    this.trials[name] = place.dataset.in.split(" ").map((one) => new Trial(EXPERIMENTS[name], factsOf(document.getElementById(one))));
    place.querySelector(".clear").addEventListener("click", () => {
      this.clear(name);
      place.querySelector("summary").focus(); // the button is gone
    });
    place.querySelector(".play").addEventListener("click", () => this.play(name));
    this.show(name);
  }

  /** Look at a change, or at the first state, before which there was none. */
  see(before, now, moves) {
    this.state = now;
    this.offer();
    for (const [name, trials] of Object.entries(this.trials)) {
      for (const trial of trials) trial.see(before ?? now, now, moves ?? {});
      this.keep(name);
      this.show(name);
    }
    for (const code of this.element.querySelectorAll("[data-typed]")) fillIn(code, now);
  }

  /** Offer to run experiments where a demo does what the page asks for. */
  offer() {
    const canPlay = Boolean(secret && this.state.stage);
    for (const button of this.element.querySelectorAll(".play")) {
      if (button.hidden !== canPlay) continue;
      button.hidden = !canPlay;
      if (canPlay && button.closest("[data-play]")) button.focus();
    }
  }

  async play(name) {
    if (this.run) return;
    this.clear(name);
    const title = this.place(name).querySelector("b").textContent;
    const steps = [...this.place(name).querySelectorAll(".steps > li")];
    const mark = (number) => {
      for (const [i, step] of steps.entries()) step.classList.toggle("now", i === number);
    };
    this.run = new Run(this.trials[name], () => this.state, (number, more = "") => {
      mark(number);
      const said = number < 0 ? `Two normal listeners in each column: none is slow, frozen or cut off any more. ${more}` : `Step ${number + 1} of ${steps.length}: ${steps[number].querySelector("p").textContent}`;
      this.say(`${title} ${said}`, name);
    });
    this.lock(true);
    // On a phone there is room for the picture, and not for what stands above it.
    document.querySelector(matchMedia("(max-width: 820px)").matches ? ".track" : ".columns").scrollIntoView();
    try {
      const why = await this.run.go();
      this.say(`${title} ${why || this.sentences(name)}`, name, true);
    } finally {
      this.run = null;
      mark(-1);
      this.lock(false);
    }
  }

  sentences(name) {
    return this.trials[name].map(({ facts }) => `${facts.title}: ${this.ended[name]?.[facts.name] ?? ""}`).join(" ");
  }

  say(text, name, isOver = false) {
    this.bar.hidden = false;
    this.bar.querySelector("p").textContent = text;
    this.bar.querySelector(".halt").textContent = isOver ? "Close" : "Stop";
    const link = this.bar.querySelector("a");
    link.hidden = !isOver;
    link.href = `#try-${name}`;
  }

  lock(isLocked) {
    for (const button of this.element.querySelectorAll(".play, .clear, #clear-all")) button.disabled = isLocked;
  }

  clear(name) {
    delete this.ended[name];
    for (const trial of this.trials[name]) trial.clear();
    this.keep(name);
    this.show(name);
  }

  /** Remember what is done, also for when the page is loaded again. */
  keep(name) {
    for (const trial of this.trials[name]) {
      if (trial.isDone) (this.ended[name] ??= {})[trial.facts.name] ??= trial.sentence;
    }
    const kept = JSON.stringify(this.ended);
    if (kept !== this.kept) sessionStorage.setItem(KEY, (this.kept = kept));
  }

  show(name) {
    draw(this.place(name), this.trials[name], this.ended[name] ?? {});
  }

  place(name) {
    return this.element.querySelector(`#try-${name}`);
  }
}
