// Each listener of a track has a card.
import { fill } from "../words.js";

const FAREWELL = 1600; // ms that the card of a listener that stopped stays

export class Cards {
  constructor(track) {
    this.list = track.querySelector(".cards");
    this.template = track.querySelector("template");
    this.others = track.querySelector(".others");
    this.nobody = track.querySelector(".nobody");
    this.list.replaceChildren(); // the server's cards are for pages without a script
    this.byId = new Map();
  }

  /**
   * Draw a card for each listener; return whether a card came, went, or changed its place or state,
   * so that the ways must be drawn again. `stopped`: ids of listeners that left in good order.
   * `stage` is what the demo has started, or null.
   * @param {import("./wire").Figures} figures
   */
  show(figures, stopped = [], stage = null) {
    const drawn = figures.listeners.map(({ id, state }) => `${id} ${state}`).join("\n");
    const changed = drawn !== this.drawn;
    this.drawn = drawn;
    const listed = new Set(figures.listeners.map((one) => one.id));
    for (const [id, card] of this.byId) {
      if (listed.has(id)) continue;
      this.byId.delete(id);
      if (stopped.includes(id)) bidFarewell(card);
      else card.remove();
    }
    let place = this.list.firstElementChild;
    for (const one of figures.listeners) {
      while (place?.classList.contains("left")) place = place.nextElementSibling;
      let card = this.byId.get(one.id);
      if (!card) {
        card = this.template.content.firstElementChild.cloneNode(true);
        card.dataset.id = one.id;
        this.byId.set(one.id, card);
      }
      if (card === place) place = card.nextElementSibling;
      else this.list.insertBefore(card, place);
      card.className = one.state;
      card.querySelector(".missed").hidden = !one.missed;
      fill(card, one);
      name(card.querySelector(".menu-of-card"), one.name);
      tell(card.querySelector(".told"), ownOf(stage, one));
    }
    this.others.hidden = !figures.more;
    fill(this.others, figures);
    this.nobody.hidden = figures.there > 0;
    this.list.classList.toggle("many", figures.listeners.length > 4);
    return changed;
  }
}

/**
 * Return what the demo says of a listener that it has started, or undefined.
 * @param {import("./wire").Card} card
 */
export function ownOf(stage, { name: named, pid }) {
  const own = stage?.listeners[named];
  return own?.pid === pid ? own : undefined;
}

function name(button, listener) {
  const label = `Controls of ${listener}`;
  button.hidden = false;
  if (button.ariaLabel !== label) button.ariaLabel = label;
}

/** Say on a card what its listener was told to do. */
function tell(element, own) {
  const told = [own?.ms && `${own.ms} ms each`, own?.is_oldest_first && "oldest first", own?.is_kept_out && "kept out"];
  const text = told.filter(Boolean).join(", ");
  if (element.textContent !== text) element.textContent = text;
  element.hidden = !text;
}

function bidFarewell(card) {
  card.querySelector(".menu-of-card").hidden = true;
  card.className = "left";
  card.querySelector("[data-f=state]").textContent = "left";
  card.querySelector("[data-f=doing]").textContent = "";
  setTimeout(() => card.remove(), FAREWELL);
}
