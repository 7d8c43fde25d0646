// The pages that mailed links lead to. The token is in the fragment, which no browser sends: it is read here, taken out of
// the address bar, and posted when the person presses the button, never before.
"use strict";

const form = document.querySelector("form");
const says = document.getElementById("says");
const inputs = [...form.querySelectorAll("input")];
const button = form.querySelector("[type=submit]");
const label = button.textContent;
let token = null;
let busy = false;

const text = (name) => document.querySelector(`#texts > [data-text="${name}"]`)?.textContent;

// Tells the person, on the page and to who listens to it.
const say = (is, ...names) => {
  says.dataset.is = is;
  says.replaceChildren(...names.map((name) => {
    const paragraph = document.createElement("p");
    paragraph.textContent = text(name);
    return paragraph;
  }));
};

// There is nothing more to do here.
const end = (is, ...names) => {
  token = null;
  form.reset();
  form.hidden = true;
  say(is, ...names);
  says.focus();
};

// Something is wrong with what was typed: what, and where.
const refuse = (name, input) => {
  say("bad", name);
  const wrong = input?.closest("[hidden]") ? null : input;
  for (const each of inputs) {
    each.removeAttribute("aria-invalid");
  }
  wrong?.setAttribute("aria-invalid", "true");
  (wrong ?? button).focus();
};

const begin = () => {
  const found = new URLSearchParams(location.hash.slice(1)).get(form.dataset.token);
  if (location.hash) {
    history.replaceState(null, "", location.pathname + location.search);
  }
  token = found;
  form.hidden = !token;
  if (token) {
    say("");
  } else {
    say("bad", "no_token");
  }
};

const working = (is) => {
  busy = is;
  button.setAttribute("aria-disabled", String(is));
  button.textContent = is ? text("working") : label;
};

const post = (path, body, headers) => fetch(path, {
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  body: body && JSON.stringify(body),
  credentials: "omit",
  cache: "no-store",
  redirect: "error",
});

// What the answer says of a request that was refused.
const refused = (problem) => {
  const field = problem.errors?.[0];
  const input = inputs.find((each) => `/${each.name}` === field?.pointer);
  switch (problem.code) {
    case "invalid_token":
      return end("bad", "invalid_token", "void");
    case "registration_closed":
      return end("bad", "registration_closed");
    case "username_taken":
      document.getElementById("username")?.closest(".field")?.removeAttribute("hidden");
      return refuse("username_taken", document.getElementById("username"));
    case "wrong_password":
      return refuse("wrong_password", inputs[0]);
    case "too_many_requests":
      return refuse("too_many_requests");
    default: {
      const name = [field?.code, "other"].find((each) => each && text(each));
      return refuse(name, input);
    }
  }
};

// Confirming signs in, too; this page wants no session, so it leaves none behind.
const signOut = async (response) => {
  const tokens = await response.json().catch(() => null);
  if (tokens?.access_token) {
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    await post(form.dataset.signOut, undefined, headers).catch(() => null);
  }
};

const send = async (body) => {
  const response = await post(form.getAttribute("data-post"), body);
  if (response.ok) {
    const done = response.status === 202 && text("pending") ? "pending" : "done";
    if (response.status === 200) {
      await signOut(response);
    }
    return end("good", done);
  }
  return refused(await response.json().catch(() => ({})));
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (busy || !token) {
    return;
  }
  const shown = inputs.filter((input) => !input.closest("[hidden]"));
  for (const input of shown) {
    const length = [...input.value].length;
    const least = Number(input.dataset.least);
    if (length < least) {
      return refuse(length === 0 ? "password_missing" : "password_too_short", input);
    }
  }
  const filled = shown.filter((input) => input.value !== "").map((input) => [input.name, input.value]);
  say("");
  working(true);
  try {
    await send({ token, ...Object.fromEntries(filled) });
  } catch {
    refuse("other");
  } finally {
    working(false);
  }
});

for (const show of form.querySelectorAll(".show")) {
  show.addEventListener("click", () => {
    const input = document.getElementById(show.getAttribute("aria-controls"));
    const visible = input.type === "password";
    input.type = visible ? "text" : "password";
    show.setAttribute("aria-pressed", String(visible));
  });
}

// Another link, opened in the same tab, changes no more than the fragment.
window.addEventListener("hashchange", () => location.hash && begin());
begin();
