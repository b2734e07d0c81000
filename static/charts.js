// Every chart of the site is drawn here, so that all look alike and follow window and scheme.
import uPlot from "./uplot/uPlot.esm.js";
import { quantity } from "./words.js";

const HEIGHT = 170; // px
const DECADE = /^0?\.?0*10*$/u; // 0.1, 1, 10 …

/**
 * Draw a chart in `place` and return it. Its x axis has seconds, since the epoch (`isClock`) or
 * since the start. `across` and `up` return the range of the x and the y axis from the lowest and
 * highest value. A line has a label, a CSS variable as `paint`, and is bold or thin and dashed.
 */
export function drawChart(place, settings, data = null) {
  const { isClock, isLogarithmic, across, up, lines } = settings;
  const second = (at) => (isClock ? new Date(at * 1000).toLocaleTimeString("en-GB") : `${at} s`);
  // A colour is read when it is drawn, since it changes with the scheme.
  const colour = (paint) => () => getComputedStyle(place).getPropertyValue(paint);
  const axis = {
    stroke: colour("--soft"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
    font: "12px system-ui, sans-serif",
  };
  const filter = (_, splits) => splits.map((at) => (!isLogarithmic || DECADE.test(String(at)) ? at : null));
  const series = lines.map(({ label, paint, isBold, points }) => ({
    label,
    paint,
    stroke: colour(paint),
    width: isBold ? 2 : 1.25,
    dash: isBold ? undefined : [4, 4],
    points: { size: 4, ...points },
    value: (_, value, __, i) => (Number.isInteger(i) ? quantity(value) : ""), // empty unless somebody points at one
  }));
  const options = {
    width: place.clientWidth || 600,
    height: HEIGHT,
    cursor: { sync: { key: "all" }, drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: { time: isClock, range: (_, low, high) => across(low, high) },
      y: { distr: isLogarithmic ? 3 : 1, range: (_, low, high) => up(low, high), clamp: (_, __, low) => low },
    },
    axes: [
      { ...axis, size: 30, space: isClock ? 90 : 50, values: (_, ticks) => ticks.map(second) },
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
  const chart = new uPlot(options, data, place);
  const fit = () => place.clientWidth && chart.setSize({ width: place.clientWidth, height: HEIGHT });
  new ResizeObserver(fit).observe(place); // a chart that is hidden keeps its size until it is shown
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => chart.redraw(false, true));
  return chart;
}

/** Write a value so short that it fits beside the axis. */
function short(value) {
  return value?.toLocaleString("en-US", value >= 100_000 ? { notation: "compact" } : {}) ?? "";
}
