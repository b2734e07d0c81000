// This script hands what the web tells on /events to the columns, guide, bar and charts.
import { Controls } from "../front/controls.js";
import { Guide } from "../front/guide.js";
import { beginAgain } from "../front/numbers.js";
import { endSlowMotion, offerToPlay } from "../front/play.js";
import { sendFrom } from "../front/send.js";
import { fill } from "../words.js";
import { Bar } from "./bar.js";
import { Fates, list } from "./fates.js";
import { isBusy } from "./load.js";
import { proceed, watch } from "./stream.js";
import { Track } from "./track.js";

const sections = [...document.querySelectorAll("section.pattern")];
const tracks = new Map(sections.map((section) => [section.id, new Track(section)]));
const fates = new Map(sections.map((section) => [section.id, new Fates(section.dataset)]));
const controls = new Controls(sections);
const guide = document.getElementById("guide") && new Guide(document.getElementById("guide"));
const bar = new Bar(document.getElementById("bar"), () => state && showAll());

let state = null; // what is known; while the page is paused, it shows an older state
let chart = () => {}; // replaced by what draws the last minute, once the charts are loaded

for (const section of sections) {
  sendFrom(section);
  section.addEventListener("answered", ({ detail: { outcome, from, first, bodies } }) => {
    if (outcome === "unknown") fates.get(section.id).hearUnknown(from, first, bodies);
  });
}
offerToPlay(sections.map(({ id }) => id));

watch("/events", {
  snapshot(told, crowd = "") {
    const before = state;
    state = { history: [], ...told }; // an answer of /status has no history
    guide?.see(before, state, {});
    for (const section of sections) hear(section, {}, before?.patterns[section.id]);
    bar.hear(state, crowd);
    controls.show(state);
    if (!bar.paused) showAll();
  },
  change(told) {
    const before = state;
    state = proceed(before, told);
    guide?.see(before, state, told.moves);
    bar.hear(state);
    for (const section of sections) hear(section, told.moves[section.id], before.patterns[section.id]);
    controls.show(state); // what is done does not pause
    if (bar.paused) return;
    const isStaged = JSON.stringify(state.stage) !== JSON.stringify(before.stage);
    for (const section of sections) {
      const moves = told.moves[section.id];
      if (section.id in told.patterns || moves || isStaged) show(section, moves, before.patterns[section.id]);
      list(section.querySelector(".last-twelve"), fates.get(section.id));
    }
    if (told.sample) chart(state.history);
  },
  away() {
    bar.lose("The web does not answer. Trying again …");
  },
});

/** Learn what became of messages, also while the page is paused. */
function hear(section, moves, before) {
  const figures = state.patterns[section.id];
  if (before ? figures.sent < before.sent : state.zero) beginAgain(section.id);
  if (isBusy(figures, moves, before)) endSlowMotion();
  fates.get(section.id).hear(figures, moves, state.run_id);
}

/** Show the figures of a column; if `before` is given, animate the `moves` that led from there. */
function show(section, moves, before) {
  const figures = state.patterns[section.id];
  tracks.get(section.id).show(figures, moves, before, state.stage);
  // After a reset, whoever asked for it, the last click is of what counts no longer.
  if (before && figures.sent < before.sent) section.querySelector(".last").textContent = "";
  fill(section.querySelector("dl"), figures);
  fill(section.querySelector(".say"), figures);
}

function showAll() {
  for (const section of sections) {
    show(section);
    list(section.querySelector(".last-twelve"), fates.get(section.id));
  }
  chart(state.history);
}

// The charts are loaded last, because everything else works without them.
try {
  const { drawMinute } = await import("./minute.js");
  chart = drawMinute(document.getElementById("charts"), sections);
  if (state && !bar.paused) chart(state.history);
} catch {
  document.getElementById("no-charts").hidden = false;
}
