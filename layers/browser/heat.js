// Signal heat: one pixel a cell, coloured here and smoothed by the browser as it is drawn larger.
diaban.heat = function (group, data) {
  "use strict";
  const canvas = document.createElement("canvas"), most = 35;
  canvas.width = data.columns;
  canvas.height = data.rows;
  const ctx = canvas.getContext("2d"), picture = ctx.createImageData(data.columns, data.rows);
  const colours = data.colours.map(function (hex) {
    return [1, 3, 5].map(function (i) { return parseInt(hex.substr(i, 2), 16); });
  });
  for (let i = 0; i < data.cells.length; i += 1) {
    const heat = parseInt(data.cells[i], 36) / most;
    if (!heat) continue;
    // Rows come from the south, a picture begins in the north.
    const row = data.rows - 1 - Math.floor(i / data.columns), at = 4 * (row * data.columns + (i % data.columns));
    const seen = Math.sqrt(heat), place = seen * (colours.length - 1), low = Math.floor(place), high = Math.min(low + 1, colours.length - 1);
    for (let c = 0; c < 3; c += 1) picture.data[at + c] = colours[low][c] + (colours[high][c] - colours[low][c]) * (place - low);
    picture.data[at + 3] = Math.min(215, 40 + 260 * seen);
  }
  ctx.putImageData(picture, 0, 0);
  group.addLayer(L.imageOverlay(canvas.toDataURL(), data.bounds, { pane: "ground", interactive: false, className: "map-heat" }));
};
