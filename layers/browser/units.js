// Wards: pale areas with a clear boundary and their names.
diaban.units = function (group, data) {
  "use strict";
  const areas = data.areas.map(function (area) { return area.map(function (rings) { return rings.map(diaban.path); }); });
  areas.forEach(function (area) {
    const style = { renderer: diaban.map.ground, pane: "ground", interactive: false };
    group.addLayer(L.polygon(area, Object.assign(style, data.style)));
  });
  data.names.forEach(function (row) {
    const name = diaban.text(row[2], "map-ward");
    group.addLayer(L.marker([row[1] / 1e5, row[0] / 1e5], {
      icon: diaban.icon(name, ""), pane: "names", interactive: false, keyboard: false,
    }));
  });
};
