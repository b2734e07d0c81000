// This module asks the demo to do something to its processes: pages/control.

/** Whether the page may ask: only a page of the web that a demo has started has a secret. */
export const secret = document.querySelector("[data-control]")?.dataset.control ?? "";

/**
 * Ask for a verb of controls/verbs.py; return what the demo says it did as `sentence`, or an `error`.
 * @param {string} verb
 * @param {string} target the name of a listener or of a pattern, or nothing
 * @param {Record<string, number>} options
 */
export function act(verb, target = "", options = {}) {
  const body = new URLSearchParams({ secret, target, ...options });
  return fetch(`/control/${verb}`, { method: "POST", body, headers: { Accept: "application/json" } })
    .then((answer) => answer.json())
    .catch(() => ({ error: "The web does not answer: whether it was done, nobody knows." }));
}
