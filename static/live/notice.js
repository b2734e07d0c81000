// The line above the columns: whether all this is live, and the buttons beside it.

/** @import { Snapshot } from "./state.js" */

export class Notice {
  /** Calls `resume` when the display is to go on. */
  constructor(bar, resume) {
    this.text = bar.querySelector("#link");
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
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask();
    });
  }

  /**
   * The web has told something: of Redis, and perhaps that it is too crowded to tell it live.
   * @param {Snapshot} state
   */
  hear(state, crowd = "") {
    this.trouble = state.why ? `${state.why} The figures are the last known.` : crowd;
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

  /** Ask for what the button says. */
  async ask() {
    const { action } = this.form;
    const body = new URLSearchParams(new FormData(this.form));
    try {
      const answer = await fetch(action, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok) this.lose((await answer.json()).error);
    } catch {
      this.lose("The web does not answer.");
    }
  }
}
