// Routes with arrows in the direction of travel, as many as fit the view.
diaban.Route = L.Polyline.extend({
  _updatePath: function () {
    L.Polyline.prototype._updatePath.call(this);
    this._renderer._updateArrows(this);
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
};
