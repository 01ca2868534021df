// The page that takes files in: they may be dropped, gathered from several folders, and taken out again. Without this
// script the plain form does the same with one choice of files.
(function () {
  "use strict";

  var form = document.querySelector("form[data-drop]");
  if (!form || !window.DataTransfer) return;
  var zone = form.querySelector("[data-drop-zone]");
  var input = form.querySelector("[data-files]");
  var list = form.querySelector("[data-chosen]");
  var fault = form.querySelector("[data-drop-fault]");
  var button = form.querySelector("[data-drop-button]");
  var mostFiles = Number(form.getAttribute("data-most-files"));
  var mostBytes = Number(form.getAttribute("data-most-megabytes")) * 1024 * 1024;
  var chosen = [];

  function readable(file) { return /\.(xlsx|xls|csv)$/i.test(file.name); }
  function size(bytes) { return bytes < 1024 * 1024 ? Math.max(1, Math.round(bytes / 1024)) + " KB" : (bytes / 1024 / 1024).toFixed(1) + " MB"; }

  function say(sentence) {
    fault.textContent = sentence ? "✕ " + sentence : "";
    fault.hidden = !sentence;
  }

  function add(files) {
    var skipped = [];
    files.forEach(function (file) {
      var known = chosen.some(function (one) { return one.name === file.name && one.size === file.size && one.lastModified === file.lastModified; });
      if (/^(~\$|\.)/.test(file.name)) return;
      if (!readable(file)) skipped.push(file.name);
      else if (!known) chosen.push(file);
    });
    show();
    if (skipped.length) say("没有放进来：" + skipped.slice(0, 3).join("、") + (skipped.length > 3 ? " 等 " + skipped.length + " 个文件" : "") + "。只收 .xlsx、.xls、.csv，别的请先另存为 .xlsx。");
  }

  function line(file) {
    var row = document.createElement("p");
    var out = document.createElement("button");
    row.className = "col-12 col-md-6 col-xl-4 d-flex align-items-center gap-1 mb-0";
    out.type = "button";
    out.className = "btn btn-sm btn-quiet";
    out.textContent = "✕";
    out.setAttribute("aria-label", "去掉 " + file.name);
    out.addEventListener("click", function () {
      chosen.splice(chosen.indexOf(file), 1);
      show();
      input.focus();
    });
    row.append(out, file.name + "（" + size(file.size) + "）");
    return row;
  }

  function show() {
    var gathered = new DataTransfer();
    var large = chosen.filter(function (file) { return file.size > mostBytes; });
    chosen.forEach(function (file) { gathered.items.add(file); });
    input.files = gathered.files;
    list.replaceChildren.apply(list, chosen.map(line));
    list.hidden = !chosen.length;
    button.textContent = chosen.length ? "读入 " + chosen.length + " 个文件" : "读入";
    if (chosen.length > mostFiles) say("一次最多 " + mostFiles + " 个文件，现在有 " + chosen.length + " 个。请去掉一些，分几次放进来。");
    else if (large.length) say("“" + large[0].name + "”有 " + size(large[0].size) + "，太大了。请去掉里面的图片，或者拆成几个文件。");
    else say("");
    button.disabled = !fault.hidden;
  }

  // A dropped folder means the files in it.
  function inside(entry) {
    return new Promise(function (done) {
      if (entry.isFile) return entry.file(function (file) { done([file]); }, function () { done([]); });
      var reader = entry.createReader(), found = [];
      (function more() {
        reader.readEntries(function (entries) {
          if (!entries.length) return Promise.all(found.map(inside)).then(function (lists) { done([].concat.apply([], lists)); });
          found = found.concat(Array.from(entries));
          more();
        }, function () { done([]); });
      })();
    });
  }

  ["dragenter", "dragover"].forEach(function (name) {
    form.addEventListener(name, function (event) {
      event.preventDefault();
      zone.classList.add("border-dark", "bg-light");
    });
  });
  ["dragleave", "drop"].forEach(function (name) {
    form.addEventListener(name, function (event) {
      if (name === "drop" || !form.contains(event.relatedTarget)) zone.classList.remove("border-dark", "bg-light");
    });
  });
  form.addEventListener("drop", function (event) {
    event.preventDefault();
    var entries = Array.from(event.dataTransfer.items || []).map(function (item) { return item.webkitGetAsEntry && item.webkitGetAsEntry(); });
    var folders = entries.some(function (entry) { return entry && entry.isDirectory; });
    if (!folders) return add(Array.from(event.dataTransfer.files));
    Promise.all(entries.filter(Boolean).map(inside)).then(function (lists) { add([].concat.apply([], lists)); });
  });
  // A file dropped beside the form must not replace the page.
  ["dragover", "drop"].forEach(function (name) { window.addEventListener(name, function (event) { event.preventDefault(); }); });

  input.addEventListener("change", function () { add(Array.from(input.files)); });
  form.addEventListener("submit", function (event) {
    if (button.disabled) return event.preventDefault();
    button.disabled = true;
    button.textContent = "正在上传……";
  });
  if (input.files.length) add(Array.from(input.files)); // chosen before this script was there
  window.addEventListener("pageshow", function (event) { if (event.persisted) window.location.reload(); });
})();
