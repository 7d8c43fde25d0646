// Shows new mail without a reload: asks for the list, and takes the page's new state when it differs.
"use strict";

const POLL_MS = 2000;
const main = document.querySelector("main");
const count = document.querySelector("#count");
const emptyButton = document.querySelector("#empty");
let seen = null;

const localTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

function dress() {
  for (const time of main.querySelectorAll("time")) {
    time.textContent = localTime.format(new Date(time.dateTime));
    time.title = time.dateTime;
  }
  emptyButton.hidden = main.querySelector("article") === null;
}

// Articles already on the page stay, so that an opened one stays open.
function merge(fresh) {
  const known = new Map([...main.querySelectorAll("article")].map((a) => [a.id, a]));
  main.replaceChildren(...[...fresh.querySelector("main").children].map((e) => known.get(e.id) ?? e));
  const status = fresh.querySelector("#count").textContent;
  if (count.textContent !== status) count.textContent = status;
  dress();
}

async function refresh() {
  const messages = await (await fetch("/messages", { cache: "no-store" })).json();
  const now = messages.map((m) => m.id).join();
  if (now === seen) return;
  const page = await (await fetch("/", { cache: "no-store" })).text();
  merge(new DOMParser().parseFromString(page, "text/html"));
  seen = now;
}

async function poll() {
  try {
    if (!document.hidden) await refresh();
    document.body.classList.remove("offline");
  } catch {
    document.body.classList.add("offline");
  }
  setTimeout(poll, POLL_MS);
}

emptyButton.addEventListener("click", async () => {
  if (!confirm("Remove every message?")) return;
  await fetch("/messages", { method: "DELETE" });
  await refresh();
});

dress();
poll();
