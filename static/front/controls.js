// This module has the menus of listeners, columns and Redis: what the demo does for a click, and
// where no demo obeys, the commands that one would type.
import { ownOf } from "../live/cards.js";
import { act, secret } from "./act.js";
import { offerToCopy } from "./copy.js";
import { say } from "./send.js";

const READ_FOR = 20_000; // ms that a note above the columns stays
const NO_LINES = "The demo has no proxy before this Redis: connections cannot be cut here.";

export class Controls {
  constructor(sections) {
    this.state = { stage: null, patterns: {} };
    for (const section of sections) this.offerIn(section);
    this.came = document.querySelector("#play .came");
    for (const button of document.querySelectorAll("#play .of-all")) {
      this.offer(button, document.getElementById(button.dataset.menu), this.came, () => "");
    }
  }

  /** Offer what is done to a column and its listeners; what came of it stands in the column. */
  offerIn(section) {
    const [last, ofColumn] = [section.querySelector(".last"), document.getElementById(`${section.id}-column`)];
    const ofListener = document.getElementById(`${section.id}-listener`);
    this.offer(section.querySelector(".menu-of-column"), ofColumn, last, () => section.id);
    section.querySelector(".one-more").addEventListener("click", () => this.ask("start", section.id, {}, last));
    this.offer(null, ofListener, last, () => this.name);
    section.querySelector(".cards").addEventListener("click", ({ target }) => {
      const button = target.closest(".menu-of-card");
      if (!button) return;
      [this.pattern, this.name] = [section.id, button.closest("li").querySelector("[data-f=name]").textContent];
      this.id = button.closest("li").dataset.id;
      this.open(ofListener);
    });
  }

  /** Let a button open a menu, whose verbs are done to what `target` returns. */
  offer(button, menu, status, target) {
    button?.addEventListener("click", () => this.open(menu));
    menu.querySelector(".close").addEventListener("click", () => menu.close());
    menu.addEventListener("click", (event) => {
      if (event.target === menu) menu.close(); // beside it
    });
    for (const copy of menu.querySelectorAll(".copy")) offerToCopy(copy);
    for (const line of menu.querySelectorAll("li")) {
      const { verb, options, each } = line.dataset;
      line.querySelector(".do").addEventListener("click", async () => {
        menu.close();
        const targets = each === undefined ? [target()] : this.ownIn(target());
        for (const one of targets) await this.ask(verb, one, JSON.parse(options), status); // oxlint-disable-line no-await-in-loop
      });
    }
  }

  open(menu) {
    this.update(menu);
    menu.showModal();
  }

  async ask(verb, target, options, status) {
    say(status, "The demo is asked …");
    const { error, sentence } = await act(verb, target, options);
    say(status, error ?? sentence, Boolean(error));
    if (status !== this.came) return;
    clearTimeout(this.reading);
    this.reading = setTimeout(() => say(this.came, ""), READ_FOR);
  }

  /** Show what is possible now; `stage` says what the demo has started. */
  show(state) {
    this.state = state;
    const isObeyed = Boolean(secret && state.stage);
    for (const start of document.querySelectorAll(".pattern .start")) start.hidden = !isObeyed;
    for (const button of document.querySelectorAll("#play .of-all")) {
      button.hidden = !(isObeyed && state.stage.redis_pid);
    }
    for (const menu of document.querySelectorAll("dialog.menu[open]")) this.update(menu);
  }

  ownIn(pattern) {
    const listeners = Object.entries(this.state.stage?.listeners ?? {});
    return listeners.filter(([, one]) => one.pattern === pattern).map(([name]) => name);
  }

  /** Write into a menu what it is about now: a listener may have started anew or be gone. */
  update(menu) {
    const { stage } = this.state;
    const isOfListener = menu.id === `${this.pattern}-listener`;
    const listeners = isOfListener ? this.state.patterns[this.pattern].listeners : [];
    const card = listeners.find((one) => one.id === this.id) ?? listeners.find((one) => one.name === this.name);
    const own = isOfListener ? card && ownOf(stage, card) : stage;
    const obeys = Boolean(secret && own);
    const known = { name: card?.name, pid: isOfListener ? card?.pid : stage?.redis_pid, address: "its-address-in-CLIENT-LIST" };
    menu.querySelector("[data-w=name]").textContent = isOfListener ? this.name : "";
    for (const line of menu.querySelectorAll("li")) {
      const isPossible = obeys && (stage.has_lines || line.dataset.needsLine === undefined);
      const code = line.querySelector("code");
      if (code) write(code, code.dataset.typed.replace(/\{(\w+)\}/g, (whole, word) => known[word] ?? whole));
      line.querySelector(".do").hidden = !isPossible;
      line.hidden = (isOfListener && !card) || (!isPossible && !code) || (obeys && holds(line.dataset, own));
    }
    const why = menu.querySelector(".why");
    write(why, reason({ isOfListener, isThere: Boolean(card), obeys, stage, name: this.name }));
    why.hidden = !why.textContent;
    const harms = menu.querySelector(".harms");
    if (harms) harms.hidden = !harms.querySelector("li:not([hidden])");
  }
}

/** Whether a listener is already as a verb would make it. */
function holds({ verb, options }, own) {
  const held = {
    freeze: own.is_frozen === true,
    go_on: own.is_frozen === false,
    oldest_first: own.is_oldest_first === true,
    newest_first: own.is_oldest_first === false,
    slow: own.ms === JSON.parse(options).ms,
  };
  return held[verb] ?? false;
}

/** Say why not all is offered; nothing where all is. */
function reason({ isOfListener, isThere, obeys, stage, name }) {
  if (isOfListener && !isThere) return `${name} is not there any more.`;
  if (!secret || !stage) return "No demo obeys this page: these are the commands to type in a terminal.";
  if (!obeys) return `The demo has not started ${name} and does not touch it: these are the commands to type.`;
  return stage.has_lines ? "" : NO_LINES;
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
