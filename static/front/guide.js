// The guide ticks the experiments that have happened, and copies their commands.
import { blank, see } from "./experiments.js";

const KEY = "experiments";

export class Guide {
  constructor(element) {
    this.element = element;
    this.memory = { ...blank(), done: JSON.parse(sessionStorage.getItem(KEY) ?? "[]") };
    this.show();
    for (const button of element.querySelectorAll(".copy")) offerToCopy(button);
  }

  see(before, now, moves) {
    const done = this.memory.done.length;
    this.memory = see(this.memory, before, now, moves);
    if (this.memory.done.length > done) this.show();
  }

  show() {
    sessionStorage.setItem(KEY, JSON.stringify(this.memory.done));
    for (const name of this.memory.done) {
      const step = this.element.querySelector(`#try-${name}`);
      step.classList.add("done");
      step.querySelector(".tick").setAttribute("aria-label", "seen");
    }
  }
}

function offerToCopy(button) {
  button.hidden = !navigator.clipboard; // browsers offer it only to https and to this machine
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.previousElementSibling.textContent);
    button.textContent = "copied";
    setTimeout(() => (button.textContent = "copy"), 1500);
  });
}
