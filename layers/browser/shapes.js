// Lines and areas that can be pointed at: hotspots with their catchment, border strips.
diaban.shapes = function (group, data) {
  "use strict";
  data.rows.forEach(function (row) {
    const style = Object.assign({}, data.styles[row.style], { interactive: data.kind !== null });
    row.shape.forEach(function (part) {
      const layer = part[0] === "area"
        ? L.polygon(part[1].map(diaban.path), style)
        : L.polyline(diaban.path(part[1]), Object.assign(style, { fill: false }));
      if (data.kind !== null) {
        layer.bindTooltip(diaban.lines(row.lines), { sticky: true });
        layer.on("click", function () { diaban.pick(data.kind, row.id); });
      }
      group.addLayer(layer);
    });
  });
};
