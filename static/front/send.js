// This module makes the links and the form of a column send without leaving the page.

/** Take over the clicks of a column, except those with a key held down, which open the link. */
export function sendFrom(section) {
  const last = section.querySelector(".last");
  const form = section.querySelector("form");
  for (const link of section.querySelectorAll(".send a")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      send(link.href, last);
    });
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const sent = await send(form.action, last, new URLSearchParams(new FormData(form)));
    if (sent) form.reset();
  });
}

async function send(url, last, body) {
  try {
    const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
    const told = await answer.json();
    last.textContent = answer.ok ? `Last click: ${told.sentence}` : told.error;
    return answer.ok;
  } catch {
    last.textContent = "The web does not answer: whether it was sent, nobody knows.";
    return false;
  }
}
