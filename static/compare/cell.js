// This script replaces the sentences that say the ranges of a cell by charts.
import { follow, line, loadLibrary, options } from "../charts.js";
import { alone, broken, longestGap, reach } from "./points.js";

const { clients, charts } = JSON.parse(document.getElementById("measured").textContent);
const uPlot = await loadLibrary();
const [, end] = reach(charts.flatMap(({ points }) => points).map((rows) => rows.map(([second]) => second)));
const drawn = [];
const places = [];

clients.forEach((client, i) => {
  const gap = longestGap(charts.map(({ points }) => points[i]));
  for (const { name, lines, is_logarithmic: isLogarithmic, points } of charts) {
    if (points[i].length) draw(document.getElementById(`${name}-${client}`), lines, isLogarithmic, points, broken(points[i], lines.length, gap));
  }
});
follow(drawn, places);

/** Draw one client's lines. All clients share the scales, so that one can compare them. */
function draw(figure, lines, isLogarithmic, points, data) {
  const [low, high] = reach(points.map((rows) => rows.flatMap((row) => row.slice(1))));
  const [words, title] = [figure.querySelector("p"), figure.querySelector("figcaption")];
  const place = document.createElement("div");
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", `${title.textContent}: ${words.textContent}`);
  words.replaceWith(place);
  const chart = options(place, {
    across: () => [0, end],
    up: () => (isLogarithmic ? uPlot.rangeLog(low, high, 10, true) : [0, high * 1.1]),
    isLogarithmic,
    isClock: false,
    second: (at) => `${at} s`,
    space: 50,
    sync: "cell",
    series: lines.map((label, n) => ({
      ...line(place, n ? "--ink" : "--accent", label, !n),
      points: { size: 4, show: false, filter: (plot, i) => alone(plot.data[i]) },
    })),
  });
  drawn.push(new uPlot(chart, data, place));
  places.push(place);
}
