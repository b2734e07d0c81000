// This module offers what is done to both columns at once: to send to both, and slow motion.
import { motion } from "../live/dots.js";
import { say, sendByAll } from "./send.js";

const play = document.getElementById("play");
const slow = play.querySelector("#slow-motion");
const came = play.querySelector(".came");

/** Show the buttons, for the patterns of these names. */
export function offerToPlay(patterns) {
  play.hidden = false;
  for (const button of play.querySelectorAll(".both")) {
    button.addEventListener("click", () => sendByAll(patterns, Number(button.dataset.count)));
  }
  slow.addEventListener("click", () => {
    turn(!motion.isSlow);
    say(came, motion.isSlow ? "Slow motion: a dot takes 3 s. The figures do not wait for it." : "");
  });
}

/** Turn slow motion off where more moves than one could follow, and say so. */
export function endSlowMotion() {
  if (!motion.isSlow) return;
  turn(false);
  say(came, "Slow motion turned itself off: more than 12 messages moved at once.");
}

function turn(isSlow) {
  motion.isSlow = isSlow;
  slow.ariaPressed = String(isSlow);
}
