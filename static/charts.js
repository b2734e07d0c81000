// The last minute: messages/s and delays of the patterns on the page, on one time axis.

const MINUTE = 60; // seconds
const HEIGHT = 170; // px

/**
 * Draws what the columns' patterns do into two figures; returns an object whose `show` takes the
 * samples of the last minute.
 */
export async function loadCharts(section, columns) {
  const { default: uPlot } = await import("./uplot/uPlot.esm.js");
  const style = Object.assign(document.createElement("link"), {
    rel: "stylesheet",
    href: new URL("uplot/uPlot.min.css", import.meta.url).href,
  });
  document.head.prepend(style); // before ours, which say more
  section.hidden = false;
  const [rates, delays] = section.querySelectorAll("figure");
  const charts = [
    new uPlot(options(columns, ["sent", "received"], 1, rates), null, rates),
    new uPlot(options(columns, ["99 %", "median"], 3, delays), null, delays),
  ];
  new ResizeObserver(() => {
    for (const chart of charts) chart.setSize({ width: rates.clientWidth, height: HEIGHT });
  }).observe(rates);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    for (const chart of charts) chart.redraw(false, true);
  });
  return {
    show(history) {
      const data = series(history, columns.map((column) => column.id));
      charts[0].setData([data.at, ...data.rates]);
      charts[1].setData([data.at, ...data.delays]);
    },
  };
}

/** Samples of [sent/s, received/s, p50, p99] a pattern as columns; a delay of 0 has no logarithm. */
export function series(history, names) {
  const of = (name, i) => history.map((one) => one[name][i]);
  const both = (...of_) => names.flatMap((name) => of_.map((i) => of(name, i)));
  return {
    at: history.map((one) => one.at),
    rates: both(0, 1),
    delays: both(3, 2).map((column) => column.map((ms) => (ms > 0 ? ms : null))),
  };
}

function options(columns, [dashed, solid], scale, figure) {
  const line = ({ id, dataset }, what, bold) => ({
    label: `${dataset.short} ${what}`,
    stroke: colour(`--${id}`),
    width: bold ? 2 : 1.25,
    dash: bold ? undefined : [4, 4],
    points: { size: 4 },
    value: (_, value) => (value === null || value === undefined ? "–" : value.toLocaleString("en-US")),
  });
  const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
  axis.font = "12px system-ui, sans-serif";
  const decades = (_, splits) => splits.map((at) => (scale !== 3 || /^0?\.?0*10*$/u.test(String(at)) ? at : null));
  return {
    width: figure.clientWidth || 600,
    height: HEIGHT,
    cursor: { sync: { key: "minute" }, drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: { range: (_, __, newest) => [(newest ?? MINUTE) - MINUTE, newest ?? MINUTE] },
      y: scale === 3
        ? { distr: 3, range: (_, low, high) => [Math.min(low ?? 0.1, 0.1), Math.max((high ?? 10) * 1.5, 10)] }
        : { range: (_, __, high) => [0, Math.max((high ?? 0) * 1.15, 10)] },
    },
    axes: [
      { ...axis, size: 30, space: 90, values: (_, ticks) => ticks.map(clock) },
      { ...axis, filter: decades, grid: { ...axis.grid, filter: decades }, size: 58, values: (_, ticks) => ticks.map((tick) => tick?.toLocaleString("en-US") ?? "") },
    ],
    series: [
      { value: (_, value) => (value ? clock(value) : "–") },
      ...columns.flatMap((column) => [line(column, dashed, false), line(column, solid, true)]),
    ],
  };
}

/** As the style sheet has it now: it changes with the reader's colour scheme. */
function colour(name) {
  return () => getComputedStyle(document.documentElement).getPropertyValue(name);
}

function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString("en-GB");
}
