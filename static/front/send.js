// This module makes the links and the form of a column send without leaving the page.
import { giveBack, take } from "./numbers.js";

/** Take over the clicks of a column, except those with a key held down, which open the link. */
export function sendFrom(section) {
  const form = section.querySelector("form");
  for (const link of section.querySelectorAll(".send a")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      sendBy(section.id, Number(new URL(link.href).searchParams.get("count") ?? 1));
    });
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const bodies = [form.elements.body.value];
    const { error } = tell(section, await post(form.action, form), bodies);
    if (!error) form.reset();
  });
}

/**
 * Send so many messages by a pattern, as its links do, and say in its column what came of it.
 * @param {string} pattern
 * @param {number} count
 * @param {string} body the text of each; without it they are numbered, from `first` on
 */
export async function sendBy(pattern, count = 1, body = "", first = body ? 0 : take([pattern], count)) {
  const section = document.getElementById(pattern);
  const url = new URL(section.querySelector(".send a.one").href);
  url.searchParams.set("count", count);
  if (body) url.searchParams.set("body", body);
  else url.searchParams.set("first", first);
  const answer = await post(url.href);
  if (answer.outcome === "not sent") giveBack(pattern, first, count);
  return tell(section, answer, Array.from({ length: count }, (_, i) => body || String(first + i)));
}

/** Send as many messages by each of these patterns at the same moment, with the same numbers. */
export function sendByAll(patterns, count = 1) {
  const first = take(patterns, count);
  return Promise.all(patterns.map((pattern) => sendBy(pattern, count, "", first)));
}

/**
 * Say in a column what came of a click that was to send these bodies; return the answer. The
 * section hears of it in an event `answered`, for only the answer knows of a reply that was lost.
 */
function tell(section, answer, bodies) {
  const { error, outcome, sentence } = answer;
  const said = outcome === "not sent" ? `Nothing was sent. ${error}` : (error ?? `Last click: ${sentence}`);
  say(section.querySelector(".last"), said, Boolean(error));
  section.dispatchEvent(new CustomEvent("answered", { detail: { ...answer, bodies } }));
  return answer;
}

/** Write a sentence where one looks after a click; a trouble stands out. */
export function say(element, sentence, isTrouble = false) {
  element.textContent = sentence;
  element.classList.toggle("trouble", isTrouble);
}

/** Post the fields of a form, if there is one; return the web's answer, with an `error` if it fails. */
export function post(url, form) {
  const body = form && new URLSearchParams(new FormData(form));
  return fetch(url, { method: "POST", body, headers: { Accept: "application/json" } })
    .then((answer) => answer.json())
    .catch(() => ({ error: "The web does not answer: whether it was done, nobody knows." }));
}
