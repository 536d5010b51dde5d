// What every layer shares: coordinates, safe text, panes, one canvas, and the way a click reaches the page.
window.diaban = (function () {
  "use strict";
  let clicks = 0;

  // A flat array [lon, lat, dlon, dlat, ...] in units of 0.00001 degrees as Leaflet's [[lat, lon], ...].
  function path(flat) {
    const points = [];
    let x = 0, y = 0;
    for (let i = 0; i < flat.length; i += 2) {
      x += flat[i];
      y += flat[i + 1];
      points.push([y / 1e5, x / 1e5]);
    }
    return points;
  }

  // An element that shows `value` as it stands: text from files is never read as HTML.
  function text(value, className, tag) {
    const element = document.createElement(tag || "span");
    element.className = className || "";
    element.textContent = value;
    return element;
  }

  // The lines of a tooltip, the first one in bold.
  function lines(values) {
    const box = document.createElement("div");
    values.filter(Boolean).forEach(function (value, i) {
      box.appendChild(text(value, i ? "map-tip-more" : "map-tip-name", "div"));
    });
    return box;
  }

  // Tell the page what was clicked. The map sends nothing else, so moving it never reruns the page.
  function pick(kind, id) {
    clicks += 1;
    diaban.picked = { kind: kind, id: id, count: clicks };
    if (window.Streamlit) window.Streamlit.setComponentValue(diaban.picked);
  }

  function icon(element, className, size) {
    return L.divIcon({ html: element, className: className, iconSize: size || [0, 0] });
  }

  function pane(map, name, level) {
    const made = map.createPane(name);
    made.style.zIndex = level;
    made.style.pointerEvents = "none";
  }

  function wide(map) {
    return map.getSize().x > 560;
  }

  // Show what lies within bounds, with room for the legend where the map is wide enough to have it open.
  function show(bounds) {
    const map = diaban.map;
    const fit = function () {
      const legend = diaban.wide(map) ? 205 : 6;
      map.fitBounds(bounds, { paddingTopLeft: [6, 6], paddingBottomRight: [legend, 6], animate: false });
    };
    fit();
    // A map that was laid out while hidden has no size yet; what was asked for last counts.
    if (!map.getSize().x) map.off("resize", diaban.fit).once("resize", fit);
    diaban.fit = fit;
  }

  const Whole = L.Layer.extend({
    initialize: function (title) {
      this.control = L.control({ position: "topleft" });
      this.control.onAdd = function () {
        const bar = L.DomUtil.create("div", "leaflet-bar"), link = text("", "map-whole", "a");
        link.href = "#";
        link.title = title;
        link.setAttribute("role", "button");
        link.setAttribute("aria-label", title);
        L.DomEvent.disableClickPropagation(bar);
        L.DomEvent.on(link, "click", function (event) {
          L.DomEvent.preventDefault(event);
          show(diaban.ground);
        });
        bar.appendChild(link);
        return bar;
      };
    },
    onAdd: function (map) { this.control.addTo(map); },
    onRemove: function () { this.control.remove(); },
  });

  // The button for the whole ground; the view goes to what was filtered, once for each filter.
  function view(group, data) {
    group.addLayer(new Whole(data.title));
    if (diaban.viewed !== data.key) show(data.bounds ? L.latLngBounds(path(data.bounds)) : diaban.ground);
    diaban.viewed = data.key;
  }

  // Set up a map that has no tiles: panes, canvases, bounds.
  function prepare(map, data) {
    diaban.map = map;
    pane(map, "ground", 205);
    pane(map, "names", 450);
    map.ground = L.canvas({ pane: "ground", padding: 0.3 });
    // One canvas for all that can be clicked: of stacked canvases only the topmost would hear the mouse.
    map.options.renderer = L.canvas({ padding: 0.3, tolerance: L.Browser.mobile ? 9 : 3 });
    map.attributionControl.setPrefix(false);
    if (data.credit) map.attributionControl.addAttribution(text(data.credit).innerHTML);
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
    const bounds = L.latLngBounds(path(data.bounds));
    map.setMaxBounds(bounds.pad(1));
    diaban.ground = bounds;
    diaban.viewed = "";
    show(bounds);
    const mark = function () {
      const box = map.getContainer(), zoom = map.getZoom();
      box.classList.toggle("map-far", zoom < 13);
      box.classList.toggle("map-near", zoom >= 15);
    };
    map.on("zoomend", mark);
    mark();
  }

  return {
    path: path, text: text, lines: lines, pick: pick, icon: icon, wide: wide, view: view, prepare: prepare,
    map: null, picked: null, fit: function () {},
  };
})();
