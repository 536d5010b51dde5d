// Drawing a point, a line, an area or a cut with Leaflet.draw. Buttons with words stand in place of its toolbar:
// a finger hits them, and nobody has to guess a picture. The page hears ("drawn", "key|GeoJSON").
diaban.Drawing = L.Layer.extend({
  initialize: function (data) {
    this.data = data;
    this.shown = L.featureGroup();
    this.style = { color: data.colour, weight: 4, opacity: 0.9, fillColor: data.colour, fillOpacity: 0.15 };
    const words = data.words, texts = L.drawLocal.draw.handlers;
    texts.polyline.tooltip = { start: words.start, cont: words.more, end: words.end };
    texts.polygon.tooltip = { start: words.start, cont: words.more, end: words.close };
    texts.polyline.error = diaban.text(words.crossing).outerHTML;
  },

  onAdd: function (map) {
    this.map = map;
    // The frame around the map would answer to drawings in its own way.
    map.off("draw:created").off("draw:edited").off("draw:deleted");
    map.on("draw:created", this.created, this).on("draw:drawstop", this.stopped, this);
    this.shown.addTo(map);
    this.bar = L.control({ position: "topright" });
    this.bar.onAdd = this.buttons.bind(this);
    this.bar.addTo(map);
    if (this.data.fixed) {
      this.fixed = L.geoJSON(this.data.fixed, { style: Object.assign({}, this.style, { dashArray: "6 4", interactive: false }) });
      this.fixed.addTo(map);
    }
    const kept = diaban.drawn && diaban.drawn.key === this.data.key;
    this.put(kept ? diaban.drawn.shape : this.data.start);
    this.look();
  },

  onRemove: function (map) {
    this.stop();
    map.off("draw:created", this.created, this).off("draw:drawstop", this.stopped, this);
    this.shown.remove();
    if (this.fixed) this.fixed.remove();
    this.bar.remove();
  },

  // Every part of a shape is a layer of its own, so that each corner can be dragged.
  put: function (shape) {
    this.shown.clearLayers();
    if (!shape) return;
    const single = shape.type.replace("Multi", "");
    const parts = shape.type === single ? [shape.coordinates] : shape.coordinates;
    parts.forEach(function (part) {
      if (single === "Point") this.point(L.latLng(part[1], part[0]));
      else this.line(L.GeoJSON.coordsToLatLngs(part, single === "Polygon" ? 1 : 0), single === "Polygon");
    }, this);
  },

  point: function (at) {
    const mark = L.marker(at, {
      icon: diaban.icon(diaban.text("", "map-ring"), "", [34, 34]), draggable: true, autoPan: true, zIndexOffset: 900,
      alt: this.data.words.point,
    });
    mark.on("dragend", this.changed, this);
    this.shown.addLayer(mark);
  },

  line: function (points, area) {
    const path = area ? L.polygon(points, this.style) : L.polyline(points, Object.assign({}, this.style, { fill: false }));
    this.shown.addLayer(path);
    // A cut is drawn anew, not mended.
    if (!this.data.fixed) {
      path.editing.enable();
      path.on("edit", this.changed, this);
    }
  },

  buttons: function () {
    const bar = L.DomUtil.create("div", "map-draw");
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", this.data.words.bar);
    L.DomEvent.disableClickPropagation(bar);
    this.box = bar;
    this.choices();
    return bar;
  },

  button: function (word, what) {
    const made = diaban.text(word, "", "button");
    made.type = "button";
    L.DomEvent.on(made, "click", what, this);
    this.box.appendChild(made);
    return made;
  },

  choices: function () {
    this.box.textContent = "";
    this.data.tools.forEach(function (tool) {
      this.button(tool[1], function () { this.begin(tool[0]); });
    }, this);
  },

  begin: function (tool) {
    this.stop();
    this.map.doubleClickZoom.disable();
    this.box.textContent = "";
    if (tool === "point") {
      this.map.getContainer().style.cursor = "crosshair";
      this.map.once("click", this.placed, this);
    } else {
      const area = tool === "area";
      const options = { shapeOptions: Object.assign({}, this.style, { fill: area }), allowIntersection: !area, showArea: area, metric: true, feet: false };
      this.handler = area ? new L.Draw.Polygon(this.map, options) : new L.Draw.Polyline(this.map, options);
      this.handler.enable();
      this.button(this.data.words.done, function () { this.handler.completeShape(); }).className = "map-draw-done";
      this.button(this.data.words.undo, function () { this.handler.deleteLastVertex(); });
    }
    this.button(this.data.words.cancel, this.stop);
  },

  stop: function () {
    const handler = this.handler;
    this.handler = null;
    if (handler) handler.disable();
    this.stopped();
  },

  stopped: function () {
    this.map.off("click", this.placed, this);
    this.map.getContainer().style.cursor = "";
    this.map.doubleClickZoom.enable();
    if (this.box) this.choices();
  },

  placed: function (event) {
    this.put({ type: "Point", coordinates: [event.latlng.lng, event.latlng.lat] });
    this.stopped();
    this.changed();
  },

  created: function (event) {
    this.put(event.layer.toGeoJSON(7).geometry);
    this.changed();
  },

  shape: function () {
    const parts = this.shown.getLayers().map(function (one) { return one.toGeoJSON(7).geometry; });
    if (!parts.length) return null;
    if (parts.length === 1) return parts[0];
    return { type: "Multi" + parts[0].type, coordinates: parts.map(function (one) { return one.coordinates; }) };
  },

  changed: function () {
    const shape = this.shape();
    diaban.drawn = { key: this.data.key, shape: shape };
    diaban.pick("drawn", this.data.key + "|" + JSON.stringify(shape));
  },

  // The view goes to what is there, once for each drawing.
  look: function () {
    const there = this.fixed || this.shown;
    if (diaban.moved !== this.data.key && there.getLayers().length) {
      this.map.fitBounds(there.getBounds().pad(0.4), { maxZoom: 17, animate: false });
    }
    diaban.moved = this.data.key;
  },
});

diaban.drawing = function (group, data) { group.addLayer(new diaban.Drawing(data)); };
