// This module makes the links and the form of a column send without leaving the page.

/** Take over the clicks of a column, except those with a key held down, which open the link. */
export function sendFrom(section) {
  const last = section.querySelector(".last");
  const form = section.querySelector("form");
  const send = async (url, fields) => {
    const { error, sentence } = await post(url, fields);
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
    if (await send(form.action, form)) form.reset();
  });
}

/** Post the fields of a form, if there is one; return the web's answer, with an `error` if it fails. */
export function post(url, form) {
  const body = form && new URLSearchParams(new FormData(form));
  return fetch(url, { method: "POST", body, headers: { Accept: "application/json" } })
    .then((answer) => answer.json())
    .catch(() => ({ error: "The web does not answer: whether it was done, nobody knows." }));
}
