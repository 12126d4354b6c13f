/* The back office works without this file; it counts what is ticked, and selects a token to be copied. */
(() => {
  "use strict";

  function tendBulk(bar) {
    const form = bar.closest("form");
    const boxes = () => Array.from(form.querySelectorAll("tr[data-row] input[type=checkbox]"));
    const show = () => {
      const ticked = boxes().filter((box) => box.checked);
      boxes().forEach((box) => box.closest("tr").classList.toggle("on", box.checked));
      bar.hidden = ticked.length === 0;
      const count = bar.querySelector("[data-bulk-count]");
      if (count) count.textContent = String(ticked.length);
    };
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

  document.querySelectorAll("[data-fills]").forEach(tendFilling);
  document.querySelectorAll("[data-bulk]").forEach(tendBulk);
  document.querySelectorAll("[data-select]").forEach((field) => {
    field.addEventListener("focus", () => field.select());
  });
})();
