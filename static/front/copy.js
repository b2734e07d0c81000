// This module lets one copy the commands that a page shows.

/** Let a button copy the command before it. */
export function offerToCopy(button) {
  button.hidden = !navigator.clipboard; // browsers offer it only to https and to this machine
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.previousElementSibling.textContent);
    button.textContent = "copied";
    setTimeout(() => (button.textContent = "copy"), 1500);
  });
}
