// The guide ticks the experiments that have happened, and copies their commands.
import { Experiments } from "./experiments.js";

const KEY = "experiments";

export class Guide {
  constructor(element) {
    this.element = element;
    this.experiments = new Experiments(element.dataset.queue, element.dataset.channel);
    this.done = new Set(JSON.parse(sessionStorage.getItem(KEY) ?? "[]"));
    for (const name of this.done) this.tick(name);
    for (const button of element.querySelectorAll(".copy")) offerToCopy(button);
  }

  see(before, now, moves) {
    for (const name of this.experiments.see(before, now, moves)) {
      if (!this.done.has(name)) this.tick(name);
    }
  }

  tick(name) {
    this.done.add(name);
    sessionStorage.setItem(KEY, JSON.stringify([...this.done]));
    const step = this.element.querySelector(`#try-${name}`);
    step.classList.add("done");
    step.querySelector(".tick").setAttribute("aria-label", "seen");
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
