// The page comes alive: what the web tells is drawn, watched by the guide, and charted.
import { loadCharts } from "./charts.js";
import { Guide } from "./guide.js";
import { sendFrom } from "./send.js";
import { showFigures } from "./figures.js";
import { watch } from "./stream.js";
import { Track } from "./track.js";

const sections = new Map([...document.querySelectorAll("section.pattern")].map((s) => [s.id, s]));
const tracks = new Map([...sections].map(([name, section]) => [name, new Track(section)]));
const guide = new Guide(document.getElementById("guide"));
const charts = await loadCharts(document.getElementById("charts"));
const link = document.getElementById("link");
const pause = document.getElementById("pause");
const empty = document.querySelector("#reset button");

let state = null; // what is known; while paused it is more than what is shown
let paused = false;

watch("/events", {
  snapshot(told) {
    const before = state;
    state = told;
    if (before) guide.see(before, state, {});
    if (!paused) showAll();
  },
  change(told) {
    const before = state;
    state = { ...told, patterns: { ...before.patterns, ...told.patterns }, history: before.history };
    if (told.sample) state.history = [...before.history.slice(-59), told.sample];
    guide.see(before, state, told.moves);
    if (paused) return;
    showLink();
    for (const [name, section] of sections) {
      const moves = told.moves[name] ?? {};
      if (!(name in told.patterns) && !told.moves[name]) continue;
      tracks.get(name).show(state.patterns[name], moves, before.patterns[name]);
      showFigures(section, state.patterns[name]);
    }
    if (told.sample) charts.show(state.history);
  },
  away() {
    showLink("The web does not answer. Trying again …");
  },
});

function showAll() {
  showLink();
  for (const [name, section] of sections) {
    tracks.get(name).show(state.patterns[name]);
    showFigures(section, state.patterns[name]);
  }
  charts.show(state.history);
}

function showLink(trouble = state.why && `${state.why} The figures are the last known.`) {
  const text = trouble || (paused ? "Paused: counting goes on." : "Live");
  if (link.textContent !== text) link.textContent = text;
  document.body.classList.toggle("away", Boolean(trouble));
  link.classList.toggle("is-live", !trouble && !paused);
  const figures = Object.values(state?.patterns ?? {});
  const zero = !figures.some((one) => one.sent || one.received);
  empty.textContent = zero ? "Empty the queue" : "Reset the figures";
  empty.disabled = zero && !figures.some((one) => one.waiting);
}

pause.hidden = false;
pause.addEventListener("click", () => {
  paused = !paused;
  pause.textContent = paused ? "Resume" : "Pause";
  if (state && !paused) showAll();
  else if (state) showLink();
});

for (const section of sections.values()) sendFrom(section);
document.getElementById("reset").addEventListener("submit", async (event) => {
  event.preventDefault();
  await fetch(event.target.action, { method: "POST", headers: { Accept: "application/json" } }).catch(() => {});
});
