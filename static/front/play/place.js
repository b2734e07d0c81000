// This module draws one experiment: its ticks, what was seen, and the commands for the processes of now.

/**
 * Draw what is ticked; `ended` has what was seen, by pattern, where all of it was.
 * @param {Element} place
 * @param {import("./trial.js").Trial[]} trials
 * @param {Record<string, string>} ended
 */
export function draw(place, trials, ended) {
  const steps = [...place.querySelectorAll(".steps > li")];
  for (const { facts, at } of trials) {
    const done = facts.name in ended ? steps.length : at;
    for (const [i, step] of steps.entries()) tick(step.querySelector(`[data-of="${facts.name}"]`), i < done, facts.short);
    const seen = place.querySelector(`.ends [data-of="${facts.name}"] .seen`);
    seen.hidden = !(facts.name in ended);
    seen.lastElementChild.textContent = ended[facts.name] ?? "";
  }
  const isDone = trials.every(({ facts }) => facts.name in ended);
  place.classList.toggle("done", isDone);
  tick(place.querySelector("summary .tick"), isDone);
  place.querySelector(".clear").hidden = !trials.some(({ facts, at }) => at || facts.name in ended);
}

/** What a column says of its pattern, as trial.js needs it. */
export function factsOf(section) {
  const { keeps, redelivers, hears, followsGaps, order, short } = section.dataset;
  return {
    name: section.id,
    short,
    title: section.querySelector("h2").firstChild.textContent.trim(),
    keeps: keeps !== undefined,
    redelivers: redelivers !== undefined,
    everyoneHears: hears === "each",
    followsGaps: followsGaps !== undefined,
    newestFirst: order === "newest first",
  };
}

function tick(element, isDone, whose = "") {
  const label = `${whose && `${whose}: `}${isDone ? "seen" : "not seen yet"}`;
  if (element.getAttribute("aria-label") !== label) element.setAttribute("aria-label", label);
  element.classList.toggle("is-seen", isDone);
}

/** Put the numbers of the processes that are there into a command that ends them. */
export function fillIn(code, { patterns }) {
  const [command, whom] = code.dataset.typed.split(" {");
  const chosen = code
    .closest(".experiment")
    .dataset.in.split(" ")
    .flatMap((name) => {
      const there = patterns[name].listeners.filter((one) => one.state !== "gone" && (whom !== "busy}" || one.in_hand));
      return whom === "pids}" ? there : there.slice(0, 1);
    });
  const text = chosen.length ? [command, ...chosen.map((one) => one.pid)].join(" ") : "";
  if (code.textContent !== text) code.textContent = text;
  code.parentElement.hidden = !text;
}
