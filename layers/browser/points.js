// Many points on one canvas, from arrays of numbers; what a point is called is looked up when it is pointed at.
diaban.Mark = L.CircleMarker.extend({
  _updatePath: function () { this._renderer._updateMark(this); },
});

L.Canvas.include({
  _updateMark: function (mark) {
    if (!this._drawing || mark._empty()) return;
    const ctx = this._ctx, at = mark._point, r = mark._radius;
    ctx.beginPath();
    if (mark.options.look === "cross") {
      ctx.moveTo(at.x - r, at.y - r);
      ctx.lineTo(at.x + r, at.y + r);
      ctx.moveTo(at.x + r, at.y - r);
      ctx.lineTo(at.x - r, at.y + r);
    } else {
      ctx.arc(at.x, at.y, r, 0, Math.PI * 2);
    }
    // A dark edge under a light line, so that pale colours show on pale ground.
    if (mark.options.look !== "dot") {
      ctx.strokeStyle = "#1d2733";
      ctx.lineWidth = mark.options.weight + 2;
      ctx.stroke();
    }
    this._fillStroke(ctx, mark);
  },
});

diaban.points = function (group, data) {
  "use strict";
  const map = diaban.map, all = L.featureGroup();
  const looks = {
    dot: function (colour) { return { color: "#1d2733", weight: 1, fillColor: colour, fillOpacity: 0.95 }; },
    ring: function (colour) { return { color: colour, weight: 2.5, fillColor: "#ffffff", fillOpacity: 1 }; },
    cross: function (colour) { return { color: colour, weight: 2.5, fill: false }; },
  };
  const size = function () { return [3.5, 4.5, 6, 7.5][Math.max(0, Math.min(3, Math.floor((map.getZoom() - 11) / 2)))]; };
  const radius = size(), marks = [];
  for (let i = 0; i < data.lon.length; i += 1) {
    const look = data.looks[parseInt(data.look[i], 36)];
    const options = looks[look](data.colours[parseInt(data.colour[i], 36)]);
    options.look = look;
    options.radius = radius;
    const mark = new diaban.Mark([(data.lat[i] + data.from[1]) / 1e5, (data.lon[i] + data.from[0]) / 1e5], options);
    mark.row = i;
    marks.push(mark);
    all.addLayer(mark);
  }
  all.bindTooltip(function (mark) {
    const i = mark.row, more = data.texts[parseInt(data.text[i], 36)];
    return diaban.lines([data.name[i], more]);
  });
  // Premises may share a point (a ward's middle, one house): clicking again goes on to the next.
  all.on("click", function (event) {
    const at = event.sourceTarget._point, last = diaban.picked && diaban.picked.id;
    const here = marks.filter(function (mark) { return mark._point && mark._point.distanceTo(at) < 2; });
    const before = here.findIndex(function (mark) { return data.id[mark.row] === last; });
    diaban.pick("premises", data.id[here[(before + 1) % here.length].row]);
  });
  const resize = function () {
    const now = size();
    all.eachLayer(function (mark) { mark.setRadius(now); });
  };
  all.on("add", function () { map.on("zoomend", resize); });
  all.on("remove", function () { map.off("zoomend", resize); });
  group.addLayer(all);
};
