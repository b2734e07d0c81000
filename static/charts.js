// All charts load the library here, get the look of their lines and axes, and follow the window.
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
  document.head.prepend(style); // before our style sheet, so that ours wins
  return uPlot;
}

/**
 * Return the options of a chart. `across` and `up` are functions that return the range of the x and
 * the y axis from the lowest and the highest value. `second` writes a value of the x axis, which is
 * in seconds since the epoch (`isClock`) or since the start.
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

/** Return one line of a chart, bold and solid or thin and dashed. `paint` names a CSS variable. */
export function line(place, paint, label, isBold) {
  return {
    label,
    paint,
    stroke: colour(place, paint),
    width: isBold ? 2 : 1.25,
    dash: isBold ? undefined : [4, 4],
    points: { size: 4 },
    value: (_, value, __, i) => (Number.isInteger(i) ? quantity(value) : ""), // empty unless somebody points at one
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

/** Return a function that reads the colour when it is drawn, since it changes with the scheme. */
function colour(place, paint) {
  return () => getComputedStyle(place).getPropertyValue(paint);
}

/** Write a value so short that it fits beside the axis. */
function short(value) {
  if (value === null || value === undefined) return "";
  return value.toLocaleString("en-US", value >= 100_000 ? { notation: "compact" } : {});
}
