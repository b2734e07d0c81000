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

/** Make the two charts, whose figures the section has, and return a function that draws samples. */
export function drawMinute(section, columns) {
  section.hidden = false;
  const names = columns.map(({ id }) => id);
  const drawn = Object.entries(CHARTS).map(([id, chart]) => {
    const lines = columns.flatMap(({ id: name, dataset: { short } }) => [
      { label: `${short} ${chart.thin}`, paint: `--${name}`, isBold: false },
      { label: `${short} ${chart.bold}`, paint: `--${name}`, isBold: true },
    ]);
    const plot = drawChart(document.getElementById(id), { ...chart, isClock: true, across, lines });
    return (history) => plot.setData(series(history, names, chart));
  });
  return (history) => drawn.forEach((draw) => draw(history));
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
