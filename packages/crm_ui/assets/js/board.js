// Cards between lanes: by drag, or M and a lane from the menu. The server decides; a refused move goes back.
import Sortable from "sortablejs";
import { guarded } from "./htmx.js";
import { place } from "./menus.js";
import { toast } from "./toasts.js";

const CONFLICT = 409;
let moving = null;

/** Ask the server to put `card` into `lane` before `before`; put it back where it was when that is refused. */
async function settle(card, home) {
  const board = card.closest("[data-move-url]");
  const body = new URLSearchParams({
    card: card.dataset.card, version: card.dataset.version, lane: card.closest("[data-lane]").dataset.lane,
    before: card.nextElementSibling?.dataset.card ?? "",
  });
  card.setAttribute("aria-busy", "true");
  const answer = await fetch(board.dataset.moveUrl, {
    method: "POST", body, headers: { ...guarded(), Accept: "application/json" },
  }).catch(() => null);
  card.removeAttribute("aria-busy");
  if (!answer?.ok) return refuse(card, home, answer);
  const said = await answer.json();
  if (said.ask_url) return openQuestion(card, home, said.ask_url);
  card.dataset.version = said.version;
  for (const [lane, facts] of Object.entries(said.lanes ?? {})) describe(board, lane, facts);
  const undoBody = new URLSearchParams({
    card: card.dataset.card, version: said.version, lane: home.list.closest("[data-lane]").dataset.lane,
    before: home.next?.dataset?.card ?? "",
  });
  if (said.toast) toast(said.toast.text, { undoUrl: board.dataset.moveUrl, undoBody });
}

function describe(board, lane, { count, sum, weighted }) {
  const head = board.querySelector(`[data-lane="${CSS.escape(lane)}"] > header`);
  head.querySelector("[data-count]").textContent = count;
  head.querySelector(".sum").textContent = sum;
  if (weighted !== undefined) head.querySelector("[data-weighted]").textContent = weighted;
}

function back(card, home) {
  home.list.insertBefore(card, home.next?.parentNode === home.list ? home.next : null);
  card.focus();
}

async function refuse(card, home, answer) {
  back(card, home);
  const words = document.getElementById("words").dataset;
  const problem = answer ? await answer.json().catch(() => null) : null;
  toast(problem?.detail ?? words.serverGone, { tone: "bad", code: answer?.status === CONFLICT ? "" : (problem?.request_id ?? "") });
}

/** The move needs more (a lost reason, a date): the server's form opens in the drawer, the card waits at home. */
function openQuestion(card, home, url) {
  back(card, home);
  window.htmx.ajax("GET", url, { target: "#drawer-body", swap: "innerHTML" });
}

const whereIs = (card) => ({ list: card.parentNode, next: card.nextElementSibling });

function attach(board) {
  for (const list of board.querySelectorAll(".lane > ol")) {
    if (Sortable.get(list)) continue;
    let home = null;
    Sortable.create(list, {
      group: "board", draggable: "[data-movable]", animation: 120, delay: 150, delayOnTouchOnly: true,
      chosenClass: "drag", ghostClass: "ghost",
      onStart: ({ item }) => { home = whereIs(item); },
      onEnd: ({ item, from, to, oldIndex, newIndex }) => { if (from !== to || oldIndex !== newIndex) settle(item, home); },
    });
  }
}

const attachAll = () => { for (const board of document.querySelectorAll("[data-move-url]")) attach(board); };
document.addEventListener("htmx:after:swap", attachAll);
attachAll();

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.("[data-movable]");
  if (!card || event.target !== card || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.code === "KeyM") {
    moving = card;
    const menu = document.getElementById("board-move");
    menu.showPopover();
    place(menu, card);
    event.preventDefault();
    return;
  }
  const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
  if (step) {
    card[step]?.focus();
    event.preventDefault();
  }
});
/** Show the cards of a closed lane, or hide them; what is dropped there is taken either way. */
function fold(lane, shut) {
  lane.classList.toggle("shut", shut);
  lane.querySelector("[data-fold]")?.setAttribute("aria-expanded", String(!shut));
}

document.addEventListener("click", ({ target }) => {
  const lane = target.closest?.("[data-fold]")?.closest(".lane");
  if (lane) return fold(lane, !lane.classList.contains("shut"));
  const choice = target.closest?.("#board-move [data-to]");
  if (!choice || !moving) return;
  const home = whereIs(moving);
  document.getElementById("board-move").hidePopover();
  const there = document.querySelector(`[data-lane="${CSS.escape(choice.dataset.to)}"]`);
  fold(there, false);
  there.querySelector("ol").prepend(moving);
  moving.focus();
  settle(moving, home);
});
