// Draws the charts of a page: each place marked data-chart names the block that holds its description.
// Expressions are interpreted, not compiled, so that the page's security policy stays closed to eval.
document.addEventListener("DOMContentLoaded", function () {
  "use strict";
  var font = getComputedStyle(document.body).fontFamily;
  var config = {
    font: font,
    background: "transparent",
    axis: { labelFontSize: 13, titleFontSize: 12, titleFontWeight: "normal", labelColor: "#1f2328", titleColor: "#57606a", gridColor: "#e6e9ec", domain: false, ticks: false, labelPadding: 8, labelLimit: 160 },
    legend: { labelFontSize: 13, symbolType: "square", labelLimit: 160 },
    title: { fontSize: 14, anchor: "start", fontWeight: 600 },
    view: { stroke: null },
  };
  document.querySelectorAll("[data-chart]").forEach(function (place) {
    var spec = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    var options = { ast: true, actions: false, defaultStyle: false, tooltip: false, renderer: "svg", logLevel: vega.Error, config: config };
    vegaEmbed(place, spec, options).catch(function () { place.hidden = true; }); // the table above says the same
  });
});
