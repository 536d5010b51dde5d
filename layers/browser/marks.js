// Signs that stand above everything: states of hotspots, alerts, numbered stops, the ring of what is picked.
diaban.marks = function (group, data) {
  "use strict";
  data.rows.forEach(function (row) {
    const sign = diaban.text(row.sign, "map-mark map-" + data.look);
    sign.style.backgroundColor = row.colour;
    sign.style.color = row.ink || "#ffffff";
    const mark = L.marker([row.at[1] / 1e5, row.at[0] / 1e5], {
      icon: diaban.icon(sign, ""), riseOnHover: true, zIndexOffset: data.level || 0,
    });
    mark.bindTooltip(diaban.lines(row.lines), { offset: [10, 0] });
    // Several at one place: clicking again goes on to the next.
    mark.on("click", function () {
      const here = data.rows.filter(function (other) { return String(other.at) === String(row.at); });
      const before = here.findIndex(function (other) { return diaban.picked && other.id === diaban.picked.id; });
      diaban.pick(data.kind, here[(before + 1) % here.length].id);
    });
    mark.on("add", function () { mark.getElement().setAttribute("aria-label", row.lines.join(", ")); });
    group.addLayer(mark);
  });
};

// The ring moves the view to what was picked elsewhere, once: a filter that is changed later leaves the view alone.
diaban.ring = function (group, data) {
  "use strict";
  const at = [data.at[1] / 1e5, data.at[0] / 1e5], map = diaban.map;
  group.addLayer(L.marker(at, {
    icon: diaban.icon(diaban.text("", "map-ring"), ""), interactive: false, keyboard: false, zIndexOffset: 2000,
  }));
  if (data.move && diaban.moved !== data.key) map.setView(at, Math.max(map.getZoom(), 16));
  diaban.moved = data.key;
};
