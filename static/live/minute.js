// Two charts show messages/s and delays of the patterns on the page over the last minute.
import { drawChart } from "../charts.js";
import { MINUTE } from "./stream.js";

const across = (_, newest) => [(newest ?? MINUTE) - MINUTE, newest ?? MINUTE]; // null: no samples
const POINT = ["sent", "received", "median", "99 %"]; // the order in a Sample of pages/live/wire.py

/** What each chart shows of a point, with a thin and a bold line for each pattern. */
export const CHARTS = {
  rates: {
    thin: "sent",
    bold: "received",
    up: (_, high) => [0, Math.max((high ?? 0) * 1.15, 10)],
  },
  delays: {
    thin: "99 %",
    bold: "median",
    isLogarithmic: true,
    up: (low, high) => [Math.min(low ?? 0.1, 0.1), Math.max((high ?? 10) * 1.5, 10)],
  },
};

/**
 * Make the two charts, whose figures the section has, and return a function that draws samples. A
 * chart is there while the minute has something to show.
 */
export function drawMinute(section, columns) {
  const names = columns.map(({ id }) => id);
  const drawn = Object.entries(CHARTS).map(([id, chart]) => {
    const lines = columns.flatMap(({ id: name, dataset: { short } }) => [
      { label: `${short} ${chart.thin}`, paint: `--${name}`, isBold: false },
      { label: `${short} ${chart.bold}`, paint: `--${name}`, isBold: true },
    ]);
    const figure = document.getElementById(id);
    figure.hidden = true;
    const plot = drawChart(figure, { ...chart, isClock: true, across, lines });
    return (history) => {
      const [times, ...values] = series(history, names, chart);
      figure.hidden = !hasMore(values);
      plot.setData([times, ...values]);
      return !figure.hidden;
    };
  });
  return (history) => {
    const shown = drawn.map((draw) => draw(history));
    section.hidden = !shown.includes(true);
  };
}

/** Whether any line has more to show than that nothing was there. */
export function hasMore(lines) {
  return lines.some((line) => line.some((value) => value > 0));
}

/** Turn samples into the columns of a chart: time, then the two lines of each pattern. */
export function series(history, names, { thin, bold, isLogarithmic }) {
  const column = (name, what) => {
    const values = history.map((sample) => sample[name][POINT.indexOf(what)]);
    // Where there was no delay, it is 0 or null, and 0 has no logarithm.
    return isLogarithmic ? values.map((value) => (value > 0 ? value : null)) : values;
  };
  const lines = names.flatMap((name) => [column(name, thin), column(name, bold)]);
  return [history.map(({ at }) => at), ...lines];
}
