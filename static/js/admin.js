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

  document.querySelectorAll("[data-bulk]").forEach(tendBulk);
  document.querySelectorAll("[data-select]").forEach((field) => {
    field.addEventListener("focus", () => field.select());
  });
})();
