// This module draws messages as dots that fly along a way.
import { path } from "./ways.js";

const SPEED = 0.75; // px/ms
const STEPS = 40; // straight and equal steps in which a dot follows its way
const MOST = 80; // dots of a track at once; nobody would notice more
const FADES = 1400; // ms that a message which nobody hears falls and fades
const STANDS = 700; // ms that a dot stands at its end for a reader who prefers reduced motion
const SLOW = 3000; // ms that a dot takes from the sender to its end in slow motion

/** Whether dots fly in slow motion; static/front/play.js has the button. */
export const motion = { isSlow: false };

export const still = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * Draw a dot, and resolve when it has arrived. A dot with a body is a message; without one it is a
 * grain, which stands for several. `to` is the listener that takes it; `word` says what became of a
 * message that nobody takes; `part` is how much of its whole way this one is.
 */
export async function fly(layer, way, options) {
  const { body = null, delay = 0, kind = "", id = "", to = "", word = "", part = 1 } = options;
  if (!way || document.hidden || layer.childElementCount >= MOST) return;
  if (still.matches && !to && !word) return; // only the end of a way can be shown without motion
  const dot = document.createElement("bdi");
  dot.className = `dot ${body === null ? "grain" : ""} ${kind} ${word && "gone"}`;
  if (body !== null) dot.textContent = `${shorten(body)} ${word}`.trimEnd();
  Object.assign(dot.dataset, { id, to });
  layer.append(dot);
  const drawn = path(way);
  const length = drawn.getTotalLength();
  const frames = Array.from({ length: STEPS + 1 }, (_, i) => {
    const { x, y } = drawn.getPointAtLength(still.matches ? length : (length * i) / STEPS);
    const transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`;
    return { transform, offset: (i / STEPS) * (word ? 0.4 : 1) };
  });
  if (word) frames.push({ ...frames.at(-1), offset: 1, opacity: 0 });
  const lasts = word ? FADES : Math.max(180, length / SPEED);
  const usual = still.matches ? STANDS : lasts;
  const duration = motion.isSlow ? SLOW * part : usual;
  const easing = to ? "cubic-bezier(.3,.1,.4,1)" : "ease-in-out";
  const flight = dot.animate(frames, { duration, delay, easing, fill: "both" });
  await flight.finished.catch(() => {});
  dot.remove();
}

/** Shorten a body so that it fits into a dot. */
export function shorten(body) {
  const letters = [...body.replace(/\s+/gu, " ")];
  return letters.length > 8 ? `${letters.slice(0, 7).join("")}…` : letters.join("");
}
