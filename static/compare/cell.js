// This script replaces the sentences that say the ranges of a cell by charts.
import { drawChart } from "../charts.js";
import uPlot from "../uplot/uPlot.esm.js";
import { alone, broken, longestGap, reach } from "./points.js";

const { clients, charts } = JSON.parse(document.getElementById("measured").textContent);
const [, end] = reach(charts.flatMap(({ points }) => points).map((rows) => rows.map(([second]) => second)));

clients.forEach((client, i) => {
  const gap = longestGap(charts.map(({ points }) => points[i]));
  for (const chart of charts) {
    const figure = document.getElementById(`${chart.name}-${client}`);
    if (chart.points[i].length) draw(figure, chart, i, gap);
  }
});

/** Draw the lines of client `i`. All clients share the scales, so that one can compare them. */
function draw(figure, { lines, is_logarithmic: isLogarithmic, points }, i, gap) {
  const [low, high] = reach(points.map((rows) => rows.flatMap((row) => row.slice(1))));
  const [words, title] = [figure.querySelector("p"), figure.querySelector("figcaption")];
  const place = document.createElement("div");
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", `${title.textContent}: ${words.textContent}`);
  words.replaceWith(place);
  const settings = {
    isClock: false,
    isLogarithmic,
    across: () => [0, end],
    up: () => (isLogarithmic ? uPlot.rangeLog(low, high, 10, true) : [0, high * 1.1]),
    lines: lines.map((label, n) => ({
      label,
      paint: n ? "--ink" : "--accent",
      isBold: !n,
      points: { show: false, filter: (plot, of) => alone(plot.data[of]) },
    })),
  };
  drawChart(place, settings, broken(points[i], lines.length, gap));
}
