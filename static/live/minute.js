// Two charts show messages/s and delays of the patterns on the page over the last minute.
import { follow, line, loadLibrary, options } from "../charts.js";

/** @import { Sample } from "./state.js" */

const MINUTE = 60; // seconds

/**
 * Make the two charts in the section's figures, and return a function that draws samples into them.
 */
export async function loadMinute(section, columns) {
  const uPlot = await loadLibrary();
  section.hidden = false;
  const figures = [...section.querySelectorAll("figure")];
  const names = columns.map((column) => column.id);
  const lines = (dashed, solid) =>
    columns.flatMap(({ id, dataset: { short } }) => [
      line(section, `--${id}`, `${short} ${dashed}`, false),
      line(section, `--${id}`, `${short} ${solid}`, true),
    ]);
  const time = {
    across: (_, newest) => [(newest ?? MINUTE) - MINUTE, newest ?? MINUTE],
    isClock: true,
    second: clock,
    space: 90,
    sync: "minute",
  };
  const rates = { ...time, series: lines("sent", "received"), up: (_, high) => [0, Math.max((high ?? 0) * 1.15, 10)] };
  const delays = {
    ...time,
    series: lines("99 %", "median"),
    isLogarithmic: true,
    up: (low, high) => [Math.min(low ?? 0.1, 0.1), Math.max((high ?? 10) * 1.5, 10)],
  };
  const charts = [rates, delays].map((one, i) => new uPlot(options(figures[i], one), null, figures[i]));
  follow(charts, figures);
  return (history) => {
    const data = series(history, names);
    charts[0].setData([data.at, ...data.rates]);
    charts[1].setData([data.at, ...data.delays]);
  };
}

/**
 * Turn samples into columns: two of rates and two of delays for each pattern. A delay of 0 becomes
 * null, because it has no logarithm. The numbers are places in a Point of pages/live/wire.py.
 * @param {Sample[]} history
 * @param {string[]} names of the patterns
 */
export function series(history, names) {
  const of = (name, i) => history.map((one) => one[name][i]);
  const both = (...of_) => names.flatMap((name) => of_.map((i) => of(name, i)));
  return {
    at: history.map((one) => one.at),
    rates: both(0, 1),
    delays: both(3, 2).map((column) => column.map((ms) => (ms > 0 ? ms : null))),
  };
}

function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString("en-GB");
}
