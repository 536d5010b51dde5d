// The legend: what every colour and sign means; folded on a narrow screen, and it stays as the reader left it.
diaban.Legend = L.Layer.extend({
  initialize: function (box) {
    this.control = L.control({ position: "bottomright" });
    this.control.onAdd = function () { return box; };
  },
  onAdd: function (map) { this.control.addTo(map); },
  onRemove: function () { this.control.remove(); },
});

diaban.legend = function (group, data) {
  "use strict";
  const box = document.createElement("details");
  box.className = "map-legend";
  if (diaban.legendOpen === undefined) diaban.legendOpen = diaban.wide(diaban.map);
  box.open = diaban.legendOpen;
  box.addEventListener("toggle", function () { diaban.legendOpen = box.open; });
  box.appendChild(diaban.text(data.title, "", "summary"));
  data.sections.forEach(function (section) {
    box.appendChild(diaban.text(section.title, "map-legend-title", "div"));
    section.entries.forEach(function (entry) {
      const row = document.createElement("div"), swatch = diaban.text(entry.sign, "map-swatch map-swatch-" + entry.look);
      swatch.style.setProperty("--colour", entry.colour);
      row.appendChild(swatch);
      row.appendChild(diaban.text(entry.text));
      box.appendChild(row);
    });
  });
  L.DomEvent.disableClickPropagation(box);
  L.DomEvent.disableScrollPropagation(box);
  group.addLayer(new diaban.Legend(box));
};
