// Ways lead from the sender to the gate, which is above the stack or at the wave, and from there to
// each card. Where the oldest message comes first, they leave the stack at its bottom, by the tap.

const SVG = "http://www.w3.org/2000/svg";
const STEPS = 10; // straight steps in which a dot follows a curve
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
    this.start = { x: sender.x + sender.width, y };
    this.gate = { x: rest.x + rest.width / 2, y };
    this.floor = { x: this.gate.x, y: rest.y + 14 };
    const right = rest.x + rest.width;
    this.tap = this.isTapped ? { x: this.gate.x, y: rest.y + rest.height - TAP } : null;
    const junction = this.tap ? { x: right, y: this.tap.y } : { x: right + (this.keeps ? 14 : 4), y };
    this.ends = new Map();
    const lines = this.tap
      ? [path(`M${this.start.x} ${y}H${this.gate.x - 12}q12 0 12 12V${rest.y - 4}`, "")]
      : [line([this.start, this.keeps ? junction : { x: rest.x - 6, y }])];
    for (const card of this.track.querySelectorAll(".cards > li:not(.left)")) {
      const place = box(this.track, card);
      const end = { x: place.x, y: place.y + Math.min(place.height / 2, 40) };
      const curve = bend(junction, end, card.className);
      lines.push(curve);
      this.ends.set(card.dataset.id, { curve, junction });
    }
    this.svg.replaceChildren(...lines);
  }

  toGate() {
    return [this.start, this.gate];
  }

  toStack(top = this.floor) {
    return [this.gate, top];
  }

  /** Return the points from the gate, or from `from`, to a listener's card; null if it has none. */
  toCard(id, from = null) {
    const end = this.ends.get(id);
    if (!end) return null;
    end.points ??= along(end.curve);
    if (this.tap) return [from ?? this.gate, this.tap, ...end.points];
    return [...(from ? [from] : []), this.gate, ...end.points];
  }

  /** Return the middle of a waiting message's box. */
  placeOf(element) {
    const place = box(this.track, element);
    return { x: place.x + place.width / 2, y: place.y + place.height / 2 };
  }
}

function box(track, element) {
  const [outer, inner] = [track.getBoundingClientRect(), element.getBoundingClientRect()];
  const [x, y] = [inner.x - outer.x - track.clientLeft, inner.y - outer.y - track.clientTop];
  return { x, y, width: inner.width, height: inner.height };
}

function line([from, to]) {
  return path(`M${from.x} ${from.y}H${to.x}`, "");
}

function bend(from, to, kind) {
  const half = (to.x - from.x) / 2;
  return path(`M${from.x} ${from.y}c${half} 0 ${half} ${to.y - from.y} ${half * 2} ${to.y - from.y}`, kind);
}

function path(d, kind) {
  const element = document.createElementNS(SVG, "path");
  element.setAttribute("d", d);
  element.setAttribute("class", kind);
  return element;
}

function along(curve) {
  const length = curve.getTotalLength();
  return Array.from({ length: STEPS + 1 }, (_, i) => curve.getPointAtLength((length * i) / STEPS));
}
