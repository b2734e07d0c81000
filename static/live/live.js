// This script hands what the web tells on /events to the columns, guide, bar and charts.
import { Guide } from "../front/guide.js";
import { sendFrom } from "../front/send.js";
import { fill } from "../words.js";
import { Bar } from "./bar.js";
import { proceed, watch } from "./stream.js";
import { Track } from "./track.js";

const sections = [...document.querySelectorAll("section.pattern")];
const tracks = new Map(sections.map((section) => [section.id, new Track(section)]));
const guide = document.getElementById("guide") && new Guide(document.getElementById("guide"));
const bar = new Bar(document.getElementById("bar"), () => state && showAll());

let state = null; // what is known; while the page is paused, it shows an older state
let chart = () => {}; // replaced by what draws the last minute, once the charts are loaded

for (const section of sections) sendFrom(section);

watch("/events", {
  snapshot(told, crowd = "") {
    const before = state;
    state = { history: [], ...told }; // an answer of /status has no history
    if (before) guide?.see(before, state, {});
    bar.hear(state, crowd);
    if (!bar.paused) showAll();
  },
  change(told) {
    const before = state;
    state = proceed(before, told);
    guide?.see(before, state, told.moves);
    bar.hear(state);
    if (bar.paused) return;
    for (const section of sections) {
      const moves = told.moves[section.id];
      if (section.id in told.patterns || moves) show(section, moves, before.patterns[section.id]);
    }
    if (told.sample) chart(state.history);
  },
  away() {
    bar.lose("The web does not answer. Trying again …");
  },
});

/** Show the figures of a column; if `before` is given, animate the `moves` that led from there. */
function show(section, moves, before) {
  const figures = state.patterns[section.id];
  tracks.get(section.id).show(figures, moves, before);
  fill(section.querySelector("dl"), figures);
  fill(section.querySelector(".say"), figures);
}

function showAll() {
  for (const section of sections) show(section);
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
