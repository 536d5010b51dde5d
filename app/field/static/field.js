// Keeps what is typed in this browser until the server has confirmed it, and sends it again on a bad line.
"use strict";
(() => {
  const body = document.body;
  const words = JSON.parse(body.dataset.words || "{}");
  const account = body.dataset.account || "";
  const DAYS_KEPT = 30;
  const busy = new Set();

  const box = (kind) => ({
    key: (name) => `diaban:${kind}:${account}:${name}`,
    read(name) {
      try { return JSON.parse(localStorage.getItem(this.key(name))); } catch { return null; }
    },
    write(name, value) {
      try { localStorage.setItem(this.key(name), JSON.stringify(value)); return true; } catch { return false; }
    },
    drop(name) {
      try { localStorage.removeItem(this.key(name)); } catch { /* nothing is kept then */ }
    },
    names() {
      const start = this.key("");
      try { return Object.keys(localStorage).filter((k) => k.startsWith(start)).map((k) => k.slice(start.length)); }
      catch { return []; }
    },
  });
  const drafts = box("draft");
  const queue = box("queue");

  for (const name of drafts.names()) {
    const kept = drafts.read(name);
    if (!kept || Date.now() - kept.at > DAYS_KEPT * 864e5) drafts.drop(name);
  }
  // A page that shows what was recorded is the server's confirmation.
  // What was refused because something else stands already is kept for the correction.
  if (body.dataset.recorded) {
    if (!drafts.read(body.dataset.recorded)?.other) drafts.drop(body.dataset.recorded);
    queue.drop(body.dataset.recorded);
  }

  const forms = [...document.querySelectorAll("form[data-name]")];
  const formOf = (name) => forms.find((form) => form.dataset.name === name);
  const freshKey = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  };
  const localNow = () => {
    const now = new Date();
    return new Date(now - now.getTimezoneOffset() * 6e4).toISOString().slice(0, 16);
  };

  function typed(form) {
    const found = {};
    for (const one of form.elements) {
      if (!one.name || one.name === "csrf" || one.tagName === "BUTTON") continue;
      if (one.type === "radio") { if (one.checked) found[one.name] = one.value; continue; }
      found[one.name] = one.type === "checkbox" ? (one.checked ? one.value : "") : one.value;
    }
    return found;
  }

  function fill(form, values) {
    for (const one of form.elements) {
      if (!(one.name in values) || one.name === "csrf" || one.tagName === "BUTTON") continue;
      if (one.type === "radio" || one.type === "checkbox") one.checked = one.value === values[one.name];
      else one.value = values[one.name];
    }
    for (const part of form.querySelectorAll("details.finding")) {
      if (part.querySelector("select").value) part.open = true;
    }
  }

  function tell(name, text, { bad = false, again = false, link = null } = {}) {
    const form = formOf(name);
    let place = form ? form.querySelector("[data-status]") : document.getElementById("outbox");
    if (!place) return;
    if (!form) {
      let line = [...place.children].find((one) => one.dataset.of === name);
      if (!line) {
        line = document.createElement("div");
        line.dataset.of = name;
        place.append(line);
      }
      text = `${queue.read(name)?.label || ""}: ${text}`;
      place = line;
    }
    place.replaceChildren();
    place.hidden = !text;
    place.className = bad ? "note bad" : "note";
    const said = document.createElement("p");
    said.textContent = text;
    place.append(said);
    if (again) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "second";
      button.textContent = words.again;
      button.addEventListener("click", () => send(name));
      place.append(button);
    }
    if (link) {
      const anchor = document.createElement("a");
      anchor.className = "button second";
      anchor.href = link.href;
      anchor.textContent = link.text;
      place.append(anchor);
    }
  }

  function lock(form, on) {
    for (const one of form?.querySelectorAll("button") || []) one.disabled = on;
  }

  async function ask(entry) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 20000);
    try {
      const reply = await fetch(entry.url, {
        method: "POST",
        body: new URLSearchParams({ ...entry.fields, csrf: body.dataset.csrf }),
        headers: { Accept: "application/json" },
        signal: stop.signal,
      });
      return { status: reply.status, ...(await reply.json()) };
    } catch {
      return { status: 0 };
    } finally {
      clearTimeout(timer);
    }
  }

  async function send(name) {
    const entry = queue.read(name);
    if (!entry || busy.has(name)) return;
    const form = formOf(name);
    busy.add(name);
    lock(form, true);
    tell(name, words.sending);
    const answer = navigator.onLine === false ? { status: 0 } : await ask(entry);
    busy.delete(name);
    lock(form, false);
    settle(name, entry, answer);
  }

  function settle(name, entry, answer) {
    if (answer.status === 0 || answer.status >= 500) {
      if (entry.wipe) { drafts.drop(entry.wipe); queue.drop(entry.wipe); formOf(entry.wipe)?.reset(); }
      tell(name, words.unsent, { bad: true, again: true });
    } else if (answer.status === 401) {
      const back = encodeURI(location.pathname);
      tell(name, words.session, { bad: true, link: { href: `/auth/login?next=${back}`, text: words.signin } });
    } else if (answer.code === "csrf") {
      tell(name, answer.text, { bad: true, link: { href: location.pathname, text: words.reload } });
    } else if (answer.status === 200) {
      for (const one of [name, entry.wipe, entry.from]) if (one) { queue.drop(one); drafts.drop(one); }
      if (formOf(name)) location.assign(answer.next);
      else if (queue.names().length) tell(name, words.sent);
      else location.reload();
    } else {
      // Refused for a reason that a person has to mend: the draft stays, the same content is not sent again.
      queue.drop(name);
      const draft = drafts.read(name);
      if (draft && ["other_content", "already_recorded"].includes(answer.code)) drafts.write(name, { ...draft, other: true });
      const where = formOf(name) ? null : { href: entry.page, text: words.open };
      tell(name, [answer.text, answer.hint].filter(Boolean).join(" "), { bad: true, link: where });
      formOf(name)?.querySelector("[data-status]")?.scrollIntoView({ block: "center" });
    }
  }

  const retry = () => queue.names().forEach(send);

  function unanswered(form) {
    const outcome = form.querySelector("[name=outcome]:checked");
    if (form.querySelector("[name=outcome]") && !outcome) return form.querySelector("[name=outcome]");
    if (!outcome || outcome.value !== "checked" || !("all" in form.dataset)) return null;
    return [...form.querySelectorAll(".checklist [type=radio]")].find(
      (one) => !form.querySelector(`[name="${CSS.escape(one.name)}"]:checked`));
  }

  for (const form of forms) {
    const name = form.dataset.name;
    const keeps = form.dataset.keep !== "no";
    const kept = keeps ? drafts.read(name) : null;
    const began = form.closest("details.start");
    const other = kept || !form.dataset.from ? null : drafts.read(form.dataset.from);
    if (other?.other) {
      fill(form, { ...other.values, client_key: form.elements.client_key.value });
      tell(name, words.restored);
    }
    if (kept) {
      fill(form, kept.values);
      if (began) began.open = true;
      tell(name, words.restored);
    }
    const save = () => {
      if (queue.read(name) && !busy.has(name)) {
        // What is changed after a send that failed is another report.
        queue.drop(name);
        form.elements.client_key.value = freshKey();
        tell(name, words.changed);
      }
      if (keeps && !drafts.write(name, { at: Date.now(), values: typed(form) })) tell(name, words.nostore, { bad: true });
    };
    form.addEventListener("input", (event) => {
      event.target.dataset.touched = "1";
      save();
    });
    began?.addEventListener("toggle", () => {
      if (began.open && form.elements.started && !form.elements.started.value) {
        form.elements.started.value = localNow();
        save();
      }
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (busy.has(name)) return;
      const missing = unanswered(form);
      if (missing) {
        tell(name, words.missing, { bad: true });
        missing.closest("fieldset").scrollIntoView({ block: "center" });
        missing.focus();
        return;
      }
      const fields = typed(form);
      if (event.submitter?.name) fields[event.submitter.name] = event.submitter.value;
      const refused = fields.result === "sign" && !fields.sign ? words.nosign
        : fields.result === "quiet" && fields.sign ? words.signchosen : "";
      if (refused) {
        tell(name, refused, { bad: true });
        form.querySelector("[data-status]").scrollIntoView({ block: "center" });
        return;
      }
      const entry = {
        url: form.action, page: location.pathname, label: form.dataset.label, fields, wipe: form.dataset.wipe || "",
        from: form.dataset.from || "",
      };
      if (!queue.write(name, entry)) {
        if (event.submitter?.name) {
          // Sending by script leaves the button's own word out.
          const word = Object.assign(document.createElement("input"), { type: "hidden", name: event.submitter.name });
          word.value = event.submitter.value;
          form.append(word);
        }
        form.submit();
        return;
      }
      send(name);
    });
    for (const one of form.querySelectorAll("[data-now]")) {
      const tick = () => { if (!one.dataset.touched && !(kept && one.name in kept.values)) one.value = localNow(); };
      tick();
      setInterval(tick, 20000);
    }
  }

  window.addEventListener("online", retry);
  setInterval(retry, 30000);
  retry();
  document.querySelector("[data-print]")?.addEventListener("click", () => window.print());

  // "I am here": the nearest place of the list, found on the phone itself.
  const here = document.querySelector("[data-here]");
  if (here && window.isSecureContext && navigator.geolocation) {
    here.hidden = false;
    here.addEventListener("click", () => {
      here.disabled = true;
      navigator.geolocation.getCurrentPosition((found) => {
        const { longitude: lon, latitude: lat } = found.coords;
        const far = (one) => Math.hypot((one.dataset.lon - lon) * Math.cos((lat * Math.PI) / 180), one.dataset.lat - lat);
        const places = [...document.querySelectorAll("[data-lon]")].sort((a, b) => far(a) - far(b));
        try { sessionStorage.setItem("diaban:here", JSON.stringify({ lon, lat, at: Date.now() })); } catch { /* not kept */ }
        if (places.length) location.assign(places[0].href);
      }, () => { here.disabled = false; here.textContent = words.nohere; }, { enableHighAccuracy: true, timeout: 15000 });
    });
  }
  const lon = document.querySelector("input[name=lon]");
  if (lon) {
    try {
      const kept = JSON.parse(sessionStorage.getItem("diaban:here"));
      if (kept && Date.now() - kept.at < 6e5) {
        lon.value = kept.lon;
        document.querySelector("input[name=lat]").value = kept.lat;
      }
    } catch { /* no place then */ }
  }
})();
