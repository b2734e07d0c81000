// The bar above the columns says whether the page is live, and has the buttons to pause, to reset
// the figures, and to empty the queues, which asks first.
import { post } from "../front/send.js";
import { fill } from "../words.js";

export class Bar {
  /** `resume` is called when the reader ends a pause. */
  constructor(bar, resume) {
    this.text = bar.querySelector("p");
    this.reset = bar.querySelector("#reset");
    this.ask = bar.querySelector("#ask-to-empty");
    this.empty = bar.querySelector("#empty");
    this.paused = false;
    this.trouble = "";
    const pause = bar.querySelector("#pause");
    pause.hidden = false;
    pause.addEventListener("click", () => {
      this.paused = !this.paused;
      pause.textContent = this.paused ? "Resume" : "Pause";
      this.show();
      if (!this.paused) resume();
    });
    for (const form of [this.reset, this.empty]) {
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        this.question(false);
        const { error } = await post(form.action, form);
        if (error) this.lose(error);
        else for (const last of document.querySelectorAll(".pattern .last")) last.textContent = "";
      });
    }
    this.ask.addEventListener("submit", (event) => {
      event.preventDefault();
      this.question(true);
    });
    this.empty.querySelector(".no").addEventListener("click", () => this.question(false));
    this.empty.addEventListener("keydown", (event) => event.key === "Escape" && this.question(false));
  }

  /** Ask whether messages are to be deleted, in the place of the button that leads there, or not. */
  question(isAsked) {
    if (this.empty.hidden !== isAsked) return;
    const hadFocus = this.empty.contains(document.activeElement);
    this.empty.hidden = !isAsked;
    this.ask.hidden = isAsked;
    if (isAsked) this.empty.querySelector(".no").focus(); // where one slips, nothing is deleted
    else if (hadFocus) this.ask.querySelector("button").focus();
  }

  /**
   * Show what the web has told. `crowd` is a sentence if too many watch for figures to be live.
   * @param {import("./wire").Status} state
   */
  hear(state, crowd = "") {
    this.trouble = state.why ? `${state.why} The figures are the last known.` : state.refused || crowd;
    const kept = Object.values(state.patterns).map((one) => (one.waiting ?? 0) + (one.dead_letters ?? 0));
    const deleted = kept.reduce((sum, count) => sum + count, 0);
    fill(this.empty, { deleted, noun: deleted === 1 ? "message is" : "messages are" });
    this.reset.querySelector("button").disabled = state.zero;
    this.ask.querySelector("button").disabled = !deleted;
    if (!deleted) this.question(false);
    this.show();
  }

  lose(why) {
    this.trouble = why;
    this.show();
  }

  show() {
    const text = this.trouble || (this.paused ? "Paused: counting goes on." : "Live");
    if (this.text.textContent !== text) this.text.textContent = text;
    document.body.classList.toggle("away", Boolean(this.trouble));
    this.text.classList.toggle("is-live", !this.trouble && !this.paused);
  }
}
