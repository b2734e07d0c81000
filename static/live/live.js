// This script hands what the web tells on /events to the tracks, figures, guide, notice and charts.
import { Guide } from "../front/guide.js";
import { sendFrom } from "../front/send.js";
import { showFigures } from "./figures.js";
import { loadMinute } from "./minute.js";
import { Notice } from "./notice.js";
import { begin, proceed } from "./state.js";
import { watch } from "./stream.js";
import { Track } from "./track.js";

const sections = new Map([...document.querySelectorAll("section.pattern")].map((s) => [s.id, s]));
const tracks = new Map([...sections].map(([name, section]) => [name, new Track(section)]));
const guide = document.getElementById("guide") && new Guide(document.getElementById("guide"));
const notice = new Notice(document.getElementById("bar"), () => state && showAll());

let state = null; // what is known; while the page is paused, it shows an older state
let chart = () => {}; // replaced by what draws the last minute, once the charts are loaded

for (const section of sections.values()) sendFrom(section);

watch("/events", {
  snapshot(told, crowd = "") {
    const before = state;
    state = begin(told);
    if (before) guide?.see(before, state, {});
    notice.hear(state, crowd);
    if (!notice.paused) showAll();
  },
  change(told) {
    const before = state;
    state = proceed(before, told);
    guide?.see(before, state, told.moves);
    notice.hear(state);
    if (notice.paused) return;
    for (const [name, section] of sections) {
      if (!(name in told.patterns) && !told.moves[name]) continue;
      tracks.get(name).show(state.patterns[name], told.moves[name], before.patterns[name]);
      showFigures(section, state.patterns[name]);
    }
    if (told.sample) chart(state.history);
  },
  away() {
    notice.lose("The web does not answer. Trying again …");
  },
});

function showAll() {
  for (const [name, section] of sections) {
    tracks.get(name).show(state.patterns[name]);
    showFigures(section, state.patterns[name]);
  }
  chart(state.history);
}

// The charts are loaded last, because everything else works without them.
try {
  chart = await loadMinute(document.getElementById("charts"), [...sections.values()]);
  if (state && !notice.paused) chart(state.history);
} catch {
  document.getElementById("no-charts").hidden = false;
}
