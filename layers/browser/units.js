// Wards: pale areas with a clear boundary and their names; where two names would lie on each other, the later one
// moves a line up or down, or waits for a nearer view.
diaban.units = function (group, data) {
  "use strict";
  const areas = data.areas.map(function (area) { return area.map(function (rings) { return rings.map(diaban.path); }); });
  areas.forEach(function (area) {
    const style = { renderer: diaban.map.ground, pane: "ground", interactive: false };
    group.addLayer(L.polygon(area, Object.assign(style, data.style)));
  });
  const map = diaban.map;
  const names = data.names.map(function (row) {
    const name = diaban.text(row[2], "map-ward"), at = L.latLng(row[1] / 1e5, row[0] / 1e5);
    group.addLayer(L.marker(at, {
      icon: diaban.icon(name, ""), pane: "names", interactive: false, keyboard: false,
    }));
    return { element: name, at: at };
  });

  function spread() {
    const taken = [];
    names.forEach(function (name) {
      const half = L.point(name.element.offsetWidth, name.element.offsetHeight).divideBy(2);
      const middle = map.project(name.at);
      const places = [0, -half.y * 2, half.y * 2].map(function (shift) {
        const at = middle.add([0, shift]);
        return { shift: shift, box: L.bounds(at.subtract(half), at.add(half)) };
      });
      const free = places.find(function (place) {
        return !taken.some(function (box) { return box.overlaps(place.box); });
      });
      name.element.style.visibility = free ? "" : "hidden";
      name.element.style.marginTop = free ? free.shift + "px" : "";
      if (free) taken.push(free.box);
    });
  }

  map.on("zoomend resize", spread);
  // Only what stands on the map has a width.
  group.on("add", spread);
  spread();
};
