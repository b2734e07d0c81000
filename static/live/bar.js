// The bar above the columns says whether the page is live, and has the buttons to pause and reset.
import { post } from "../front/send.js";

export class Bar {
  /** `resume` is called when the reader ends a pause. */
  constructor(bar, resume) {
    this.text = bar.querySelector("p");
    this.form = bar.querySelector("form");
    this.reset = this.form.querySelector("button");
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
    this.form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const { error } = await post(this.form.action, this.form);
      if (error) this.lose(error);
    });
  }

  /**
   * Show what the web has told. `crowd` is a sentence if too many watch for figures to be live.
   * @param {import("./wire").Status} state
   */
  hear(state, crowd = "") {
    this.trouble = state.why ? `${state.why} The figures are the last known.` : state.refused || crowd;
    const what = state.zero ? "queue" : "figures";
    const isEmpty = !Object.values(state.patterns).some((one) => one.waiting || one.dead_letters);
    this.form.elements.what.value = what;
    this.reset.textContent = this.reset.dataset[what];
    this.reset.disabled = state.zero && isEmpty;
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
