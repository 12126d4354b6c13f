/* The back office works without this file; it counts what is ticked, and selects a token to be copied. */
(() => {
  "use strict";

  function tendBulk(bar) {
    const form = bar.closest("form");
    const boxes = () => Array.from(form.querySelectorAll("tr[data-row] input[type=checkbox]"));
    const count = bar.querySelector("[data-bulk-count]");
    const clear = bar.querySelector("[data-bulk-clear]");
    const show = () => {
      const ticked = boxes().filter((box) => box.checked).length;
      boxes().forEach((box) => box.closest("tr").classList.toggle("on", box.checked));
      bar.hidden = ticked === 0;
      count.textContent = ticked === 1 ? count.dataset.one : count.dataset.many.replace("%", String(ticked));
    };
    bar.querySelector("[data-bulk-clear-from]").hidden = false;
    clear.addEventListener("click", () => {
      form.querySelectorAll("input[type=checkbox]").forEach((box) => { box.checked = false; });
      show();
    });
    form.addEventListener("change", show);
    window.addEventListener("pageshow", show);
    show();
  }

  /* A choice fills a text with the words of its option, as long as nobody wrote other ones there. */
  function tendFilling(choice) {
    const text = document.getElementById(choice.dataset.fills);
    let filled = "";
    const fill = () => {
      if (text.value !== filled) return;
      filled = choice.selectedOptions[0]?.dataset.text || "";
      text.value = filled;
    };
    choice.addEventListener("change", fill);
    fill();
  }

  /* In one column, what was said comes at once: promises are folded to their head. */
  if (window.matchMedia("(max-width: 1080px)").matches) {
    document.querySelectorAll("details[data-fold-narrow]").forEach((panel) => { panel.open = false; });
  }

  document.querySelectorAll("[data-fills]").forEach(tendFilling);
  document.querySelectorAll("[data-bulk]").forEach(tendBulk);
  document.querySelectorAll("[data-select]").forEach((field) => {
    field.addEventListener("focus", () => field.select());
  });
})();
