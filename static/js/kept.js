/* Everything works without this file; it saves steps. No inline handlers, nothing stored but the theme. */
(() => {
  "use strict";

  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const isTyping = (element) => element.matches("input, textarea, select, [contenteditable]");
  const announce = (words) => {
    const place = document.querySelector("[data-announce]");
    if (place) place.textContent = words;
  };

  function focusErrors(root) {
    const summary = root.querySelector("[data-error-summary]");
    if (summary) summary.focus();
  }

  /* Done things only: gone after eight seconds, kept while pointed at or focused. */
  function tendToast(toast) {
    let timer = 0;
    const start = () => { timer = window.setTimeout(() => toast.remove(), 8000); };
    const stop = () => window.clearTimeout(timer);
    toast.addEventListener("mouseenter", stop);
    toast.addEventListener("focusin", stop);
    toast.addEventListener("mouseleave", start);
    toast.addEventListener("focusout", start);
    const close = toast.querySelector("[data-close]");
    if (close) {
      close.hidden = false;
      close.addEventListener("click", () => toast.remove());
    }
    start();
  }

  /* A form is sent once; coming back by the browser's button makes it usable again. */
  function sendOnce(form) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "1";
      all("button[type=submit]", form).forEach((button) => { button.dataset.busy = ""; });
    });
  }

  function wakeForms() {
    all("form[data-once]").forEach((form) => {
      delete form.dataset.sent;
      all("[data-busy]", form).forEach((button) => { delete button.dataset.busy; });
    });
  }

  function sendByKey(form) {
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
  }

  /* Saved a second and a half after the last key, one save after the other, and once more when the page is left.
     The server answers in words, and with what the form now knows of its draft. A newer draft of another window
     stops the saving: the words say what to do, and the text stays in the page. */
  function keepDraft(form) {
    const state = form.querySelector("[data-draft-state]");
    const seen = form.querySelector("[data-draft-seen]");
    let timer = 0;
    let saving = null;
    let isOver = false;
    const body = () => {
      const data = new FormData(form);
      all("input[type=file]", form).forEach((input) => data.delete(input.name));
      return data;
    };
    const say = (words) => { if (state && state.textContent !== words) state.textContent = words; };
    const save = async () => {
      timer = 0;
      if (isOver) return;
      if (saving) { timer = window.setTimeout(save, 500); return; }
      saving = new AbortController();
      try {
        const answer = await fetch(form.dataset.draft, {
          method: "POST", body: body(), headers: { Accept: "application/json" }, signal: saving.signal,
        });
        /* Anything else is a page: the sign-in, or an error. */
        const told = answer.headers.get("content-type") === "application/json" ? await answer.json() : null;
        say(told ? told.words : state.dataset.failed);
        if (told && seen) seen.value = told.seen;
        isOver = answer.status === 409;
      } catch (fault) {
        /* The text stays in the page, and the next key tries again. */
        if (fault.name !== "AbortError") say(state.dataset.failed);
      }
      saving = null;
    };
    form.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(save, 1500);
    });
    form.addEventListener("submit", () => {
      window.clearTimeout(timer);
      timer = 0;
      if (saving) saving.abort();
    });
    window.addEventListener("pagehide", () => {
      if (!timer || isOver) return;
      window.clearTimeout(timer);
      timer = 0;
      fetch(form.dataset.draft, { method: "POST", body: body(), keepalive: true }).catch(() => {});
    });
  }

  /* What the server would refuse is said before it is sent: the files stay chosen, and nothing is uploaded in vain. */
  function troubleOf(input) {
    const files = Array.from(input.files);
    const large = files.find((file) => file.size > Number(input.dataset.mostBytes));
    if (large) return input.dataset.tooLarge.replace("{name}", large.name);
    return files.length > Number(input.dataset.most) ? input.dataset.tooMany : "";
  }

  function checkFiles(input) {
    const form = input.closest("form");
    const trouble = form && form.querySelector("[data-files-trouble]");
    if (!trouble || !input.dataset.most) return;
    const say = () => {
      trouble.textContent = troubleOf(input);
      trouble.hidden = !trouble.textContent;
    };
    input.addEventListener("change", say);
    form.addEventListener("submit", (event) => {
      say();
      if (trouble.hidden || (event.submitter && event.submitter.name === "save_draft")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      input.focus();
    });
  }

  /* Without a connection the browser would put its own page in the place of what was typed. */
  function stayWhenOffline(form) {
    form.addEventListener("submit", (event) => {
      if (navigator.onLine !== false) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const words = document.querySelector("[data-offline]");
      if (!words) return;
      words.hidden = false;
      words.scrollIntoView({ block: "nearest" });
      words.focus();
      window.addEventListener("online", () => { words.hidden = true; }, { once: true });
    });
  }

  function nameFiles(input) {
    const form = input.closest("form");
    const place = form && form.querySelector("[data-files]");
    if (!place) return;
    input.addEventListener("change", () => {
      place.textContent = Array.from(input.files, (file) => `${file.name} (${Math.ceil(file.size / 1024)} kB)`).join(", ");
    });
  }

  function chooseTheme(button) {
    button.addEventListener("click", () => {
      const theme = button.dataset.theme;
      document.documentElement.dataset.bsTheme = theme;
      const secure = location.protocol === "https:" ? "; Secure" : "";
      document.cookie = `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
      all("[data-theme]").forEach((other) => {
        other.setAttribute("aria-pressed", String(other.dataset.theme === theme));
      });
    });
  }

  /* Menus are details elements: one open at a time, closed by Escape and by a click elsewhere. */
  function tendMenus() {
    const open = () => all("details[data-menu][open]");
    document.addEventListener("click", (event) => {
      open().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      open().forEach((menu) => {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
    });
  }

  /* The queue by keys: j and k move, x selects, Enter opens, / searches. Off with data-keys="off". */
  function tendQueue(table) {
    const rows = () => all("tr[data-row]", table);
    let at = -1;
    const go = (step) => {
      const list = rows();
      if (!list.length) return;
      if (list[at]) list[at].classList.remove("is-at");
      at = Math.min(list.length - 1, Math.max(0, at + step));
      list[at].classList.add("is-at");
      list[at].scrollIntoView({ block: "nearest" });
      const link = list[at].querySelector("a");
      if (link) link.focus({ preventScroll: true });
    };
    const keys = {
      j: () => go(1),
      k: () => go(-1),
      x: () => { const box = rows()[at] && rows()[at].querySelector("input[type=checkbox]"); if (box) box.click(); },
      "/": () => { const field = document.querySelector("[data-search]"); if (field) field.focus(); },
      Enter: () => { const link = rows()[at] && rows()[at].querySelector("a"); if (link) link.click(); },
    };
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === "Enter" && event.target.matches("a, button, summary")) return;
      const act = keys[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    });
    all("[data-select-all]", table).forEach((box) => {
      box.addEventListener("change", () => {
        all("tr[data-row] input[type=checkbox]", table).forEach((other) => {
          if (other.checked !== box.checked) other.click();
        });
      });
    });
  }

  function tend(root) {
    focusErrors(root);
    all("[data-toast]", root).forEach(tendToast);
    /* These two look at a submit before it counts as sent. */
    all("form[data-once]", root).forEach(stayWhenOffline);
    all("input[type=file]", root).forEach(checkFiles);
    all("form[data-once]", root).forEach(sendOnce);
    all("form[data-ctrl-enter]", root).forEach(sendByKey);
    all("form[data-draft]", root).forEach(keepDraft);
    all("input[type=file]", root).forEach(nameFiles);
    all("[data-needs-script]", root).forEach((element) => { element.hidden = false; });
    all("button[data-theme]", root).forEach(chooseTheme);
    all("table[data-queue]", root).forEach((table) => { if (table.dataset.keys !== "off") tendQueue(table); });
  }

  tend(document);
  tendMenus();
  window.addEventListener("pageshow", (event) => { if (event.persisted) wakeForms(); });
  document.addEventListener("htmx:afterSwap", (event) => {
    tend(event.target);
    const words = event.target.dataset && event.target.dataset.announceWords;
    if (words) announce(words);
  });
})();
