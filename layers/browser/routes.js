// Routes with arrows in the direction of travel, as many as fit the view; start places; hatched joint sweeps.
diaban.Route = L.Polyline.extend({
  _updatePath: function () {
    L.Polyline.prototype._updatePath.call(this);
    this._renderer._updateArrows(this);
  },
});

diaban.Hatched = L.Polygon.extend({
  _updatePath: function () {
    L.Polygon.prototype._updatePath.call(this);
    this._renderer._updateHatch(this);
  },
});

L.Canvas.include({
  _updateArrows: function (route) {
    if (!this._drawing) return;
    const ctx = this._ctx, every = 90;
    ctx.save();
    ctx.fillStyle = route.options.color;
    ctx.strokeStyle = "#ffffff";
    ctx.lineWidth = 1.5;
    for (const part of route._parts) {
      let walked = every / 2;
      for (let i = 1; i < part.length; i += 1) {
        const a = part[i - 1], b = part[i], length = a.distanceTo(b);
        for (; walked <= length; walked += every) {
          const share = walked / length;
          ctx.save();
          ctx.translate(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share);
          ctx.rotate(Math.atan2(b.y - a.y, b.x - a.x));
          ctx.beginPath();
          ctx.moveTo(8, 0);
          ctx.lineTo(-5, -6);
          ctx.lineTo(-5, 6);
          ctx.closePath();
          ctx.stroke();
          ctx.fill();
          ctx.restore();
        }
        walked -= length;
      }
    }
    ctx.restore();
  },

  // Slanting lines inside the area; what lies outside the view is not drawn.
  _updateHatch: function (area) {
    if (!this._drawing || !area._parts.length) return;
    const ctx = this._ctx, box = L.bounds([]), every = 9;
    ctx.save();
    ctx.beginPath();
    area._parts.forEach(function (part) {
      part.forEach(function (at, i) {
        box.extend(at);
        if (i) ctx.lineTo(at.x, at.y); else ctx.moveTo(at.x, at.y);
      });
      ctx.closePath();
    });
    ctx.clip("evenodd");
    ctx.beginPath();
    const high = box.max.y - box.min.y;
    for (let x = box.min.x - high; x < box.max.x; x += every) {
      ctx.moveTo(x, box.max.y);
      ctx.lineTo(x + high, box.min.y);
    }
    ctx.strokeStyle = area.options.color;
    ctx.lineWidth = 2;
    ctx.stroke();
    ctx.restore();
  },
});

diaban.routes = function (group, data) {
  "use strict";
  data.rows.forEach(function (row) {
    row.paths.map(diaban.path).forEach(function (points) {
      group.addLayer(L.polyline(points, { color: "#ffffff", weight: 7, opacity: 0.85, interactive: false }));
      const route = new diaban.Route(points, { color: row.colour, weight: 4, opacity: 0.95 });
      route.bindTooltip(diaban.lines(row.lines), { sticky: true });
      group.addLayer(route);
    });
  });
  data.bases.forEach(function (row) {
    const house = diaban.text("⌂", "map-mark map-base");
    Object.assign(house.style, {
      width: "26px", height: "26px", borderRadius: "4px", fontSize: "18px", lineHeight: "1",
      background: "#ffffff", color: row.colour, borderColor: row.colour,
    });
    const mark = L.marker([row.at[1] / 1e5, row.at[0] / 1e5], {
      icon: diaban.icon(house, ""), keyboard: false, zIndexOffset: -200,
    });
    group.addLayer(mark.bindTooltip(diaban.lines(row.lines), { offset: [12, 0] }));
  });
};

diaban.sweeps = function (group, data) {
  "use strict";
  data.rows.forEach(function (row) {
    row.shape.forEach(function (part) {
      if (part[0] !== "area") return;
      const area = new diaban.Hatched(part[1].map(diaban.path), {
        color: data.colour, weight: 2, opacity: 0.95, fillColor: data.colour, fillOpacity: 0.1,
      });
      area.bindTooltip(diaban.lines(row.lines), { sticky: true });
      area.on("click", function () { diaban.pick(data.kind, row.id); });
      group.addLayer(area);
    });
  });
};
