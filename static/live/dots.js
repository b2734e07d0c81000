// This module draws messages as dots that fly along the points of a way.

const SPEED = 0.75; // px/ms
const MOST = 80; // dots of a track at once; nobody would notice more
const FADES = 1400; // ms that a message which nobody hears falls and fades
const STANDS = 700; // ms that a dot stands at its end for a reader who prefers reduced motion

export const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Dots {
  constructor(layer) {
    this.layer = layer;
  }

  /**
   * Draw a dot, and resolve when it has arrived. A dot with a body is a message; without one it is
   * a grain, which stands for several. `word` says what became of a message that goes no further.
   */
  async fly(points, { body = null, delay = 0, kind = "", id = "", to = "", word = "" } = {}) {
    if (!points || document.hidden || this.layer.childElementCount >= MOST) return;
    if (still.matches && !to && !word) return; // only the end of a way can be shown without motion
    const dot = document.createElement("bdi");
    dot.className = `dot ${body === null ? "grain" : ""} ${kind} ${word && "gone"}`;
    if (body !== null) dot.textContent = `${shorten(body)} ${word}`.trimEnd();
    Object.assign(dot.dataset, { id, to });
    this.layer.append(dot);
    const steps = still.matches ? [points.at(-1), points.at(-1)] : points;
    const lasts = word ? FADES : Math.max(180, span(points) / SPEED);
    const duration = still.matches ? STANDS : lasts;
    const frames = timed(steps).map(([point, offset]) => ({
      transform: `translate(${point.x}px, ${point.y}px) translate(-50%, -50%)`,
      offset,
    }));
    if (word) {
      const down = frames.at(-1);
      down.offset = 0.4;
      frames.push({ ...down, offset: 1, opacity: 0 });
    }
    const easing = points.length > 2 ? "cubic-bezier(.3,.1,.4,1)" : "ease-in-out";
    const flight = dot.animate(frames, { duration, delay, easing, fill: "both" });
    await flight.finished.catch(() => {});
    dot.remove();
  }
}

/** Shorten a body so that it fits into a dot. */
export function shorten(body) {
  const letters = [...body.replace(/\s+/gu, " ")];
  return letters.length > 8 ? `${letters.slice(0, 7).join("")}…` : letters.join("");
}

/** Return each point with its share of the way from 0 to 1, so that a dot keeps its pace. */
export function timed(points) {
  const whole = span(points) || 1;
  let gone = 0;
  return points.map((point, i) => {
    if (i) gone += distance(points[i - 1], point);
    return [point, i === points.length - 1 ? 1 : Math.min(1, gone / whole)];
  });
}

function span(points) {
  return points.slice(1).reduce((sum, point, i) => sum + distance(points[i], point), 0);
}

function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
