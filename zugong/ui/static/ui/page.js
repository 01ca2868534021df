// Small help on every page; each page also works without it.
(function () {
  "use strict";

  // Menus: one open at a time, closed by Escape or by a click elsewhere.
  function closeMenus(except) {
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      if (menu !== except && !menu.contains(except)) menu.open = false;
    });
  }
  document.addEventListener("click", function (event) {
    closeMenus(event.target.closest("details[data-menu]"));
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var open = document.querySelector("details[data-menu][open]");
    closeMenus(null);
    if (open) open.querySelector("summary").focus();
  });
  document.addEventListener("toggle", function (event) {
    var menu = event.target;
    if (!menu.open || !menu.matches || !menu.matches("details[data-menu]")) return;
    closeMenus(menu);
    var panel = menu.querySelector(".menu-panel");
    menu.classList.remove("menu-flip");
    if (panel && panel.getBoundingClientRect().right > document.documentElement.clientWidth - 4) menu.classList.add("menu-flip");
    var first = menu.querySelector("input:not([type=hidden]), select");
    if (first) first.focus();
  }, true);

  // A whole resident ID never goes into an address: such a search is posted.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.hasAttribute("data-secret-by-post")) return;
    var input = form.querySelector("input[name=q]");
    if (!input || !/^(\d{15}|\d{17}[\dXx])$/.test(input.value.replace(/\s/g, ""))) return;
    form.method = "post";
    form.action = form.getAttribute("data-secret-by-post") || form.action;
    var token = document.createElement("input");
    token.type = "hidden";
    token.name = "csrfmiddlewaretoken";
    token.value = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    form.appendChild(token);
  });

  // Printing.
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
  });

  // Rows chosen on a page: how many, and all of this page at once. Nothing is kept: choosing ends with the page.
  function picked(form) {
    var boxes = form.querySelectorAll("tbody input[name=row]");
    var n = form.querySelectorAll("tbody input[name=row]:checked").length;
    var all = form.querySelector("[data-pick-all] input");
    all.checked = n > 0 && n === boxes.length;
    all.indeterminate = n > 0 && n < boxes.length;
    form.querySelector("[data-selection]").hidden = n === 0;
    form.querySelector("[data-selection-count]").textContent = n ? "已选 " + n + " " + form.getAttribute("data-unit") : "";
  }
  function pickers() {
    document.querySelectorAll("form[data-picking]").forEach(function (form) {
      form.querySelector("[data-pick-all]").hidden = false;
      picked(form);
    });
  }
  document.addEventListener("change", function (event) {
    var form = event.target.closest("form[data-picking]");
    if (!form) return;
    if (event.target.closest("[data-pick-all]")) {
      form.querySelectorAll("tbody input[name=row]").forEach(function (box) { box.checked = event.target.checked; });
    }
    picked(form);
  });
  document.addEventListener("reset", function (event) {
    if (event.target.matches("form[data-picking]")) setTimeout(picked, 0, event.target);
  });
  document.addEventListener("DOMContentLoaded", pickers);
  window.addEventListener("pageshow", pickers);

  // A form with changes asks before it is left.
  var changed = false;
  document.addEventListener("input", function (event) {
    if (event.target.closest("form[data-guard]")) changed = true;
  });
  document.addEventListener("submit", function () { changed = false; });
  window.addEventListener("beforeunload", function (event) {
    if (changed) event.preventDefault();
  });

  // What went wrong is read first.
  document.addEventListener("DOMContentLoaded", function () {
    var summary = document.querySelector("[data-focus]");
    if (summary) summary.focus();
  });
})();
