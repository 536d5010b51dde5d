// Streets as thin lines, wider as one comes nearer, with names where there is room.
diaban.streets = function (group, data) {
  "use strict";
  const map = diaban.map;
  const widths = [[0, [1.6, 0.7, 0]], [13, [2.6, 1.2, 0.5]], [15, [4.5, 2.4, 1.2]], [17, [8, 5, 3]]];
  const lines = data.classes.map(function (paths, rank) {
    return L.polyline(paths.map(diaban.path), {
      renderer: map.ground, pane: "ground", interactive: false, color: data.colours[rank], smoothFactor: 1.2,
    });
  });
  lines.slice().reverse().forEach(function (line) { group.addLayer(line); });
  const names = L.layerGroup();
  group.addLayer(names);

  function widen() {
    const zoom = map.getZoom();
    const wide = widths.filter(function (step) { return zoom >= step[0]; }).pop()[1];
    lines.forEach(function (line, rank) { line.setStyle({ weight: wide[rank], opacity: wide[rank] ? 1 : 0 }); });
  }

  function label() {
    names.clearLayers();
    const zoom = map.getZoom(), view = map.getBounds();
    let room = 60;
    for (const row of data.names) {
      const at = [row[1] / 1e5, row[0] / 1e5];
      if (zoom < 15 + row[3] || !view.contains(at)) continue;
      const name = diaban.text(row[4], "map-street");
      name.style.transform = "translate(-50%,-50%) rotate(" + row[2] + "deg)";
      L.marker(at, { icon: diaban.icon(name, ""), pane: "names", interactive: false, keyboard: false }).addTo(names);
      room -= 1;
      if (!room) break;
    }
  }

  map.on("zoomend", widen);
  map.on("moveend", label);
  widen();
  label();
};
