/* A moment that is pressed is written into the field too, so that the next answer asks about it. */
(() => {
  "use strict";

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-fill]");
    const field = button && document.getElementById(button.dataset.fill);
    if (field) field.value = button.value;
  }, true);
})();
