// Ways lead from the sender to the gate, which is above the stack or at the wave, and from there to
// each card. Where the oldest message comes first, they leave the stack at its bottom, by the tap.
// A way is written as the `d` of an SVG path.

const TAP = 16; // px above the bottom, where the oldest stands

export class Ways {
  constructor(track) {
    this.track = track;
    this.svg = track.querySelector(".ways");
    const { keeps, order } = track.closest("section").dataset; // what the pattern declares
    this.keeps = keeps !== undefined;
    this.isTapped = this.keeps && order === "oldest first";
  }

  /** Measure where the elements are, and draw the ways between them. */
  draw() {
    const middle = this.track.querySelector(this.keeps ? ".stack" : ".wave");
    const sender = box(this.track, this.track.querySelector(".sender span"));
    const rest = box(this.track, middle.firstElementChild);
    const y = sender.y + sender.height / 2;
    const start = { x: sender.x + sender.width, y };
    this.gate = { x: rest.x + rest.width / 2, y };
    this.toGate = straight(start, this.gate);
    this.toStack = straight(this.gate, { x: this.gate.x, y: rest.y + 14 });
    const right = rest.x + rest.width;
    this.tap = this.isTapped ? { x: this.gate.x, y: rest.y + rest.height - TAP } : null;
    const junction = this.tap ? { x: right, y: this.tap.y } : { x: right + (this.keeps ? 14 : 4), y };
    const intoTank = `M${start.x} ${y}H${this.gate.x - 12}q12 0 12 12V${rest.y - 4}`;
    const past = straight(start, this.keeps ? junction : { x: rest.x - 6, y });
    const lines = [path(this.tap ? intoTank : past)];
    this.ends = new Map();
    for (const card of this.track.querySelectorAll(".cards > li:not(.left)")) {
      const place = box(this.track, card);
      const end = { x: place.x, y: place.y + Math.min(place.height / 2, 40) };
      const [half, down] = [(end.x - junction.x) / 2, end.y - junction.y];
      const bend = `c${half} 0 ${half} ${down} ${half * 2} ${down}`;
      const fromJunction = `${junction.x} ${junction.y}${bend}`;
      lines.push(path(`M${fromJunction}`, card.className));
      this.ends.set(card.dataset.id, { end, fromJunction });
    }
    this.svg.replaceChildren(...lines);
  }

  /** Return the way from the gate, or from `from`, to a listener's card; null if it has none. */
  toCard(id, from = null) {
    const way = this.ends.get(id);
    if (!way) return null;
    if (this.tap) return `${straight(from ?? this.gate, this.tap)}L${way.fromJunction}`;
    return `${straight(...(from ? [from] : []), this.gate)}L${way.fromJunction}`;
  }

  /** Return the middle of a waiting message's box. */
  placeOf(element) {
    const place = box(this.track, element);
    return { x: place.x + place.width / 2, y: place.y + place.height / 2 };
  }
}

/** Return the straight way through these points. */
export function straight(...points) {
  return `M${points.map(({ x, y }) => `${x} ${y}`).join("L")}`;
}

/** Return the SVG element of a way. */
export function path(way, kind = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", "path");
  element.setAttribute("d", way);
  element.setAttribute("class", kind);
  return element;
}

function box(track, element) {
  const [outer, inner] = [track.getBoundingClientRect(), element.getBoundingClientRect()];
  const [x, y] = [inner.x - outer.x - track.clientLeft, inner.y - outer.y - track.clientTop];
  return { x, y, width: inner.width, height: inner.height };
}
