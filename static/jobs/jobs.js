// This script shows what the web draws anew, and sends the forms without leaving the page.
import { offerToCopy } from "../front/copy.js";
import { watch } from "../live/stream.js";
import { growing } from "./growing.js";
import { show } from "./morph.js";

const page = document.querySelector("[data-events]");
const status = document.querySelector("#bar p");
const grow = growing(document);

watch(page.dataset.events, { snapshot: told, change() {}, away: () => lose("The web does not answer. Trying again …"), ask });
for (const button of document.querySelectorAll(".copy")) offerToCopy(button);
grow();

/**
 * Show what the web has told.
 * @param {{ why: string, parts: Record<string, string> }} news
 */
function told({ why, parts }, crowd = "") {
  for (const [id, html] of Object.entries(parts)) {
    const element = document.getElementById(id);
    if (element) show(element, html);
  }
  for (const button of document.querySelectorAll(".copy[hidden]")) offerToCopy(button);
  grow();
  const trouble = why && `${why} What is shown is the last known.`;
  if (trouble || crowd) lose(trouble || crowd);
  else say("Live", false);
}

function lose(why) {
  say(why, true);
}

function say(text, isTrouble) {
  if (status.textContent !== text) status.textContent = text;
  document.body.classList.toggle("away", isTrouble);
  status.classList.toggle("is-live", !isTrouble);
}

/** Load the page itself where too many watch for a stream, and return its parts. */
async function ask() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return null;
    const loaded = new DOMParser().parseFromString(await answer.text(), "text/html");
    const ids = [...document.querySelectorAll("[data-part]")].map((one) => one.id);
    return { why: "", parts: Object.fromEntries(ids.map((id) => [id, loaded.getElementById(id)?.innerHTML ?? ""])) };
  } catch {
    return null;
  }
}

/** Send a form whose button says where the answer is told; all other forms lead to another page. */
document.addEventListener("submit", async (event) => {
  const button = event.submitter;
  const place = button?.dataset.says && document.getElementById(button.dataset.says);
  if (!place) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(event.target));
  if (button.name) body.append(button.name, button.value);
  place.textContent = "Asked …";
  const headers = { Accept: "application/json" };
  const url = button.hasAttribute("formaction") ? button.formAction : event.target.action;
  const answer = await fetch(url, { method: "POST", body, headers })
    .then((one) => one.json())
    .catch(() => ({ error: "The web does not answer: whether it was done, nobody knows." }));
  place.textContent = answer.error ?? `Last click: ${answer.sentence}`;
});
