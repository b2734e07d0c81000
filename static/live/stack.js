// A stack, tank or log shows the messages of a column that wait.
import { fill } from "../words.js";
import { ownOf } from "./cards.js";

export class Stack {
  constructor(element) {
    this.element = element;
    this.boxes = element.querySelector("ol");
    this.dead = element.querySelector(".dead"); // where a pattern redelivers
  }

  /** @param {import("./wire").Figures} figures */
  show(figures) {
    const boxes = figures.newest ?? figures.oldest.toReversed(); // from the top
    const shown = boxes.map(([id, body]) => `${id} ${body}`).join("\n");
    fill(this.element, figures);
    this.element.classList.toggle("empty", !figures.waiting);
    if (this.dead) this.dead.hidden = !figures.dead_letters;
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

  /** Say which message comes next, where so many of all listeners were told to take the oldest. */
  sayOrder(oldestFirst, there) {
    const [newest, oldest] = this.element.querySelectorAll(".order span");
    const isMixed = oldestFirst > 0 && oldestFirst < there;
    const isTurned = oldestFirst > 0 && !isMixed;
    newest.textContent = isMixed ? "newest" : `newest: ${isTurned ? "last" : "next"}`;
    oldest.textContent = isMixed ? "oldest" : `oldest: ${isTurned ? "next" : "last"}`;
  }

  /** Return the box of a message, or of the one that stands where it would; null if none waits. */
  boxOf(id, isOldestFirst) {
    const item = [...this.boxes.children].find((box) => id && box.dataset.id === id);
    return item ?? (isOldestFirst ? this.boxes.lastElementChild : this.boxes.firstElementChild);
  }
}

/**
 * Return the ids of the listeners that the demo has told to take the oldest message first.
 * @param {import("./wire").Figures} figures
 */
export function turned({ listeners }, stage) {
  return new Set(listeners.filter((one) => ownOf(stage, one)?.is_oldest_first).map(({ id }) => id));
}
