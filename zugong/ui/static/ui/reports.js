// Reading a report: the figure shown beside the text is marked in it; ← and → turn from one to the next.
(function () {
  "use strict";

  function chip(number) { return number ? document.getElementById("slot-" + number) : null; }

  function marked(scroll) {
    var side = document.getElementById("side");
    if (!side) return;
    document.querySelectorAll(".fig[aria-current]").forEach(function (one) { one.removeAttribute("aria-current"); });
    var one = chip(side.dataset.slot) || (side.dataset.part && document.getElementById("part-" + side.dataset.part));
    if (!one) return;
    one.setAttribute("aria-current", "true");
    if (scroll) one.scrollIntoView({ block: "nearest", behavior: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }

  window.addEventListener("load", function () { if (!location.hash) marked(true); });

  document.addEventListener("htmx:afterSettle", function (event) {
    if (event.detail.target.id !== "side" && event.detail.elt.id !== "side") return;
    marked(true);
    var head = document.getElementById("side-head");
    var at = document.activeElement;
    if (head && (!at || at === document.body)) head.focus({ preventScroll: true });
  });

  document.addEventListener("keydown", function (event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    if (event.target.closest("input, select, textarea, [role=menu], details.menu[open]")) return;
    var side = document.getElementById("side");
    if (!side) return;
    var there = document.getElementById(event.key === "ArrowLeft" ? "turn-before" : "turn-after");
    if (!there && !side.dataset.slot && event.key === "ArrowRight") there = side.querySelector(".slots a");
    if (!there) return;
    event.preventDefault();
    there.click();
  });
})();
