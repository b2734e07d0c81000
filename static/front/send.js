// This module makes the links and the form of a column send without leaving the page.

/** Take over the clicks of a column, except those with a key held down, which open the link. */
export function sendFrom(section) {
  const last = section.querySelector(".last");
  const form = section.querySelector("form");
  const send = async (url, body) => {
    const { error, sentence } = await post(url, body);
    last.textContent = error ?? `Last click: ${sentence}`;
    return !error;
  };
  for (const link of section.querySelectorAll(".send a")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      send(link.href);
    });
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await send(form.action, new URLSearchParams(new FormData(form)))) form.reset();
  });
}

/** Return the web's answer in JSON, which has an `error` if something went wrong. */
export async function post(url, body) {
  try {
    const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
    return await answer.json();
  } catch {
    return { error: "The web does not answer: whether it was done, nobody knows." };
  }
}
