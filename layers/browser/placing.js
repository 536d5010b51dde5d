// Giving one premises its place: click the ground or a numbered pin, click or drag the ring where it stands, or
// press Enter for the middle of the map. The page hears ("place", "target|lon|lat").
diaban.Placing = L.Layer.extend({
  initialize: function (data) {
    this.data = data;
    this.shown = L.layerGroup();
    this.cross = diaban.text("+", "");
    this.cross.setAttribute("aria-hidden", "true");
    this.cross.style.cssText = "position:absolute;left:50%;top:50%;transform:translate(-50%,-54%);z-index:900;" +
      "pointer-events:none;font:300 44px/1 system-ui,sans-serif;color:#1d2733;text-shadow:0 0 3px #fff,0 0 3px #fff;display:none";
  },

  onAdd: function (map) {
    const box = map.getContainer();
    this.map = map;
    box.style.cursor = "crosshair";
    box.appendChild(this.cross);
    map.on("click", this.clicked, this).on("dblclick", this.forget, this);
    map.on("focus", this.aim, this).on("blur", this.rest, this);
    L.DomEvent.on(box, "keydown", this.pressed, this);
    this.landmarks();
    this.data.pins.forEach(this.pin, this);
    if (this.data.now) this.here(this.data.now);
    this.shown.addTo(map);
    this.look();
  },

  onRemove: function (map) {
    const box = map.getContainer();
    this.forget();
    box.style.cursor = "";
    this.cross.remove();
    map.off("click", this.clicked, this).off("dblclick", this.forget, this);
    map.off("focus", this.aim, this).off("blur", this.rest, this);
    L.DomEvent.off(box, "keydown", this.pressed, this);
    this.shown.remove();
  },

  // Who comes back to the keys of the page finds them working: they are not heard inside the map's frame.
  put: function (at) {
    this.forget();
    diaban.pick("place", [this.data.target, at.lng.toFixed(7), at.lat.toFixed(7)].join("|"));
    window.parent.focus();
  },

  // A double click zooms: it must not place on its way.
  clicked: function (event) {
    const put = this.put.bind(this, event.latlng);
    this.forget();
    this.waiting = setTimeout(put, 230);
  },

  forget: function () { clearTimeout(this.waiting); },
  aim: function () { this.cross.style.display = "block"; },
  rest: function () { this.cross.style.display = "none"; },

  pressed: function (event) {
    if (event.key === "Enter" && event.target === this.map.getContainer()) this.put(this.map.getCenter());
  },

  // Premises whose point is sure: their addresses show the way, a click on one counts as a click beside it.
  landmarks: function () {
    const rows = this.data.landmarks;
    rows.text.forEach(function (value, i) {
      L.circleMarker([rows.lat[i] / 1e5, rows.lon[i] / 1e5], {
        radius: 4, weight: 1, color: "#44525f", fillColor: "#9aa5b1", fillOpacity: 0.9,
      }).bindTooltip(diaban.text(value)).addTo(this.shown);
    }, this);
  },

  pin: function (row, i) {
    const sign = diaban.text(String(i + 1), "map-mark map-stop");
    sign.style.backgroundColor = this.data.colour;
    sign.style.color = "#ffffff";
    const at = L.latLng(row.at[1] / 1e5, row.at[0] / 1e5);
    L.marker(at, { icon: diaban.icon(sign, ""), alt: row.text, zIndexOffset: 900 })
      .bindTooltip(diaban.text(row.text), { offset: [12, 0] })
      .on("click", this.put.bind(this, L.latLng(row.exact[1], row.exact[0])))
      .addTo(this.shown);
  },

  here: function (row) {
    const ring = diaban.text("", "map-ring");
    L.marker([row.at[1] / 1e5, row.at[0] / 1e5], {
      icon: diaban.icon(ring, "", [34, 34]), draggable: true, autoPan: true, keyboard: false, zIndexOffset: 700,
    }).bindTooltip(diaban.text(row.text), { offset: [18, 0] })
      .on("click", this.put.bind(this, L.latLng(row.exact[1], row.exact[0])))
      .on("dragend", function (event) { this.put(event.target.getLatLng()); }, this)
      .addTo(this.shown);
  },

  // The view goes to where the premises may be, once for each.
  look: function () {
    const points = this.data.pins.concat(this.data.now || []).map(function (row) {
      return [row.at[1] / 1e5, row.at[0] / 1e5];
    });
    if (points.length && diaban.moved !== this.data.target) {
      this.map.fitBounds(L.latLngBounds(points).pad(0.2), { maxZoom: this.data.zoom, animate: false });
    }
    diaban.moved = this.data.target;
  },
});

diaban.placing = function (group, data) { group.addLayer(new diaban.Placing(data)); };
