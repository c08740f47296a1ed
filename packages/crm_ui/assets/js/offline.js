// A banner over the sheet while the browser has no network.
const banner = () => document.getElementById("offline-banner");

function show() {
  const main = document.getElementById("main");
  if (banner() || !main) return;
  const note = document.getElementById("mould-offline").content.firstElementChild.cloneNode(true);
  note.id = "offline-banner";
  main.prepend(note);
}

addEventListener("offline", show);
addEventListener("online", () => banner()?.remove());
