// What all charts share: the library, how lines and axes look, and what follows the window.
import { quantity } from "./words.js";

const HEIGHT = 170; // px
const DECADE = /^0?\.?0*10*$/u; // 0.1, 1, 10 …

/** Load the library and its style sheet; returns the library's constructor. */
export async function loadLibrary() {
  const { default: uPlot } = await import("./uplot/uPlot.esm.js");
  const style = Object.assign(document.createElement("link"), {
    rel: "stylesheet",
    href: new URL("uplot/uPlot.min.css", import.meta.url).href,
  });
  document.head.prepend(style); // before ours, which say more
  return uPlot;
}

/**
 * The options of a chart. `across` and `up` are the ranges of the axes, as functions of the lowest
 * and the highest value; `second` writes a value of the axis across, which is a clock or counts.
 */
export function options(place, { across, up, isLogarithmic, isClock, second, space, sync, series }) {
  const axis = {
    stroke: colour(place, "--soft"),
    grid: { stroke: colour(place, "--line"), width: 1 },
    ticks: { show: false },
    font: "12px system-ui, sans-serif",
  };
  const filter = (_, splits) => splits.map((at) => (!isLogarithmic || DECADE.test(String(at)) ? at : null));
  return {
    width: place.clientWidth || 600,
    height: HEIGHT,
    cursor: { sync: { key: sync }, drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: { time: isClock, range: (_, low, high) => across(low, high) },
      y: { distr: isLogarithmic ? 3 : 1, range: (_, low, high) => up(low, high), clamp: (_, __, low) => low },
    },
    axes: [
      { ...axis, size: 30, space, values: (_, ticks) => ticks.map(second) },
      { ...axis, size: 58, filter, grid: { ...axis.grid, filter }, values: (_, ticks) => ticks.map(short) },
    ],
    legend: {
      markers: {
        fill: "none",
        dash: (plot, i) => (plot.series[i].dash ? "dashed" : "solid"),
        stroke: (plot, i) => `var(${plot.series[i].paint})`,
      },
    },
    series: [{ label: "Time", value: (_, value) => (Number.isFinite(value) ? second(value) : "") }, ...series],
  };
}

/** One line of a chart, in a colour of the style sheets: bold and solid, or thin and dashed. */
export function line(place, paint, label, isBold) {
  return {
    label,
    paint,
    stroke: colour(place, paint),
    width: isBold ? 2 : 1.25,
    dash: isBold ? undefined : [4, 4],
    points: { size: 4 },
    value: (_, value, __, i) => (Number.isInteger(i) ? quantity(value) : ""), // of what one points at
  };
}

/** Keep charts as wide as their places, and in the colours of the reader's scheme. */
export function follow(charts, places) {
  const resized = new ResizeObserver(() => {
    charts.forEach((chart, i) => chart.setSize({ width: places[i].clientWidth, height: HEIGHT }));
  });
  for (const place of places) resized.observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    for (const chart of charts) chart.redraw(false, true);
  });
}

/** As it is at this moment: it changes with the reader's colour scheme. */
function colour(place, paint) {
  return () => getComputedStyle(place).getPropertyValue(paint);
}

/** A value as an axis has room for it. */
function short(value) {
  if (value === null || value === undefined) return "";
  return value.toLocaleString("en-US", value >= 100_000 ? { notation: "compact" } : {});
}
