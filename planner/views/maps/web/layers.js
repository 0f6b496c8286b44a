/* Draws the layers of planner.views.maps.base.drawing. Data come as arrays; texts are HTML already made safe. */
window.plannerLayers = window.plannerLayers || (function () {
  "use strict";

  /* Coordinates travel as whole micro-degrees, each pair as the difference from the one before. */
  function decode(flat) {
    const points = [];
    let y = 0, x = 0;
    for (let i = 0; i < flat.length; i += 2) {
      y += flat[i];
      x += flat[i + 1];
      points.push([y / 1e6, x / 1e6]);
    }
    return points;
  }

  function decodeArea(polygons) {
    return polygons.map(function (rings) { return rings.map(decode); });
  }

  /* Browsers let Tab stop at each shape that tells something: with a hundred nobody gets past the
     map. What is in its middle is picked with Enter instead. */
  const drawPath = L.SVG.prototype._addPath;
  L.SVG.include({
    _addPath: function (layer) {
      drawPath.call(this, layer);
      layer._path.setAttribute("tabindex", "-1");
    }
  });

  const PANES = { "planner-base": 210, "planner-area": 400, "planner-frame": 410, "planner-picture": 415, "planner-over": 420, "planner-label": 610, "planner-count": 615 };
  const UNCLICKED = ["planner-base", "planner-frame", "planner-picture", "planner-label"];

  function prepare(map, options) {
    Object.keys(PANES).forEach(function (name) {
      if (map.getPane(name)) return;
      const pane = map.createPane(name);
      pane.style.zIndex = PANES[name];
      if (name === "planner-area") pane.style.mixBlendMode = "multiply";
      if (UNCLICKED.indexOf(name) >= 0) pane.style.pointerEvents = "none";
    });
    /* few shapes, and a second canvas would take the pointer away from the first */
    map._paneRenderers["planner-over"] = L.svg({ pane: "planner-over" });
    if (map.attributionControl) {
      map.attributionControl.setPrefix("Leaflet");
      if (options[0]) map.attributionControl.addAttribution(options[0]);
    }
    scale(map, options[4], options[5]);
    map.on("zoomend", function () { zoomClasses(map); });
    map.whenReady(function () { zoomClasses(map); });
    const name = function () { nameControls(map, options); raise(map); };
    map.on("zoomend plannerkind resize", name);
    window.setTimeout(name, 0);
  }

  /* Leaflet's own scale writes its units in English only. */
  function scale(map, metres, kilometres) {
    const bar = L.control.scale({ imperial: false, maxWidth: 140 });
    bar._updateMetric = function (most) {
      const round = this._getRoundNum(most);
      const told = round < 1000 ? metres.replace("{}", round) : kilometres.replace("{}", round / 1000);
      this._updateScale(this._mScale, told, round / most);
    };
    bar.addTo(map);
  }

  /* The scale stands above the credit, which takes two lines on a narrow map. */
  function raise(map) {
    const credit = map.attributionControl && map.attributionControl.getContainer();
    const corner = map.getContainer().querySelector(".leaflet-bottom.leaflet-left");
    if (credit && corner && credit.offsetHeight) corner.style.marginBottom = credit.offsetHeight + "px";
  }

  /* Leaflet's own buttons speak English only. */
  function nameControls(map, options) {
    const names = { "zoom-in": options[1], "zoom-out": options[2], "layers-toggle": options[3] };
    Object.keys(names).forEach(function (button) {
      map.getContainer().querySelectorAll(".leaflet-control-" + button).forEach(function (element) {
        element.title = names[button];
        element.setAttribute("aria-label", names[button]);
      });
    });
  }

  function zoomClasses(map) {
    const box = map.getContainer().classList;
    box.toggle("pl-near", map.getZoom() >= 14.5);
    box.toggle("pl-close", map.getZoom() >= 15);
    box.toggle("pl-far", map.getZoom() < 13);
  }

  /* Keeps a layer's sizes in step with the zoom while it is on a map. */
  function follow(group, resize) {
    group.on("add", function (event) {
      const map = group._map || event.target._map;
      const react = function () { resize(map.getZoom()); };
      map.on("zoomend", react);
      group.once("remove", function () { map.off("zoomend", react); });
      react();
    });
  }

  /* Tells the map's own click what was clicked on; a page that listens for picks reads it. */
  function hit(layer, what, id) {
    layer.on("click", function (event) {
      if (event.originalEvent) event.originalEvent.plannerHit = { what: what, id: String(id) };
    });
  }

  function widths(zoom, metres, least, most) {
    return Math.max(least, Math.min(most, metres * Math.pow(2, zoom - 15)));
  }

  /* A canvas strokes a few hundred short paths much faster than one path of thousands of parts,
     and leaves out those that are not in view. */
  const PARTS = 100, THINNEST = 0.35;

  function inParts(shapes) {
    const parts = [];
    for (let start = 0; start < shapes.length; start += PARTS) parts.push(shapes.slice(start, start + PARTS));
    return parts;
  }

  /* rows: [kind of shape, flat coordinates, style, [width at zoom 15, least, most] or null];
     a style may say from which zoom on it is drawn */
  function base(group, rows, pane) {
    const drawn = [];
    rows.forEach(function (row) {
      const style = Object.assign({ pane: pane, interactive: false, smoothFactor: 0.6 }, row[2]);
      /* a number stands for the shapes of an earlier row, drawn again in another style */
      inParts(typeof row[1] === "number" ? rows[row[1]][1] : row[1]).forEach(function (part) {
        const layer = row[0] === "area" ? L.polygon(decodeArea(part), style) : L.polyline(part.map(decode), style);
        const update = layer._updatePath;
        /* what is too small to be seen keeps its place in the order and costs nothing */
        layer._updatePath = function () { if (!layer.plannerUnseen) update.call(layer); };
        drawn.push([layer.addTo(group), row[3]]);
      });
    });
    follow(group, function (zoom) {
      drawn.forEach(function (pair) {
        const layer = pair[0], weight = pair[1] ? widths(zoom, pair[1][0], pair[1][1], pair[1][2]) : null;
        layer.plannerUnseen = zoom < (layer.options.from || 0) || (weight !== null && weight < THINNEST);
        if (weight !== null) layer.setStyle({ weight: weight });
      });
    });
  }

  /* Online tiles below everything. The district's own ground gives way once one has come, and is
     back when they are switched off; without the internet it stays. */
  function tiles(map, service, ground, under) {
    const layers = service.urls.map(function (url, number) {
      return L.tileLayer(url, {
        subdomains: service.subdomains, maxNativeZoom: service.max_zoom, maxZoom: 24,
        attribution: number ? "" : service.credit
      });
    });
    const group = L.layerGroup(layers);
    layers[0].on("tileload", function () { if (map.hasLayer(group)) ground.removeLayer(under); });
    group.on("remove", function () { if (!ground.hasLayer(under)) ground.addLayer(under); });
    return group.addTo(map);
  }

  /* what the drawings of all kinds share: the areas of the communities, the homes */
  const shapes = {};
  function share(parent, name, decoded) {
    shapes[name] = decoded;
  }

  /* rows: [fill colour, opacity, tooltip], in the order of the shapes */
  function areas(group, name, rows) {
    const layers = rows.map(function (row, number) {
      const layer = L.polygon(decodeArea(shapes[name][number]), {
        pane: "planner-area", color: "#64748b", weight: 1, opacity: 0.8,
        fillColor: row[0], fillOpacity: row[1], smoothFactor: 0.6
      });
      layer.bindTooltip(row[2], { sticky: true, direction: "auto" });
      hit(layer, "community", number);
      layer.on("mouseover", function () { layer.setStyle({ weight: 3, color: "#0f3d3a" }); });
      layer.on("mouseout", function () { layer.setStyle({ weight: 1, color: "#64748b" }); });
      return layer.addTo(group);
    });
    group.on("add", function () { layers.forEach(function (layer) { layer.bringToBack(); }); });
  }

  function grouped(number) {
    return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
  }

  /* homes: [y, x, radius, people, community], shared by all kinds.
     rows: [home, distance m, metres beyond the limit]; −1 stands for unreachable, −2 for unknown.
     words: [group, distance and excess, unreachable, unknown], with {distance} and {excess}. */
  function circles(group, rows, breaks, styles, communities, words) {
    const drawn = rows.map(function (row) {
      const home = shapes.homes[row[0]];
      const place = [home[0] / 1e6, home[1] / 1e6];
      let number = breaks.filter(function (bound) { return row[2] > bound; }).length;
      let text = words[1].replace("{distance}", grouped(row[1])).replace("{excess}", grouped(row[2]));
      if (row[1] < 0) {
        number = breaks.length - row[1];
        text = words[1 - row[1]];
      }
      const style = Object.assign({ pane: "planner-area", radius: home[2] }, styles[number]);
      const layer = L.circleMarker(place, style);
      layer.bindTooltip(function () {
        const lines = ["<b>" + words[0] + " " + home[3] + "</b>", text];
        if (communities[home[4]]) lines.push('<span class="pl-quiet">' + communities[home[4]] + "</span>");
        return lines.join("<br>");
      });
      hit(layer, "home", row[0]);
      layer.addTo(group);
      return [layer, home[2]];
    });
    follow(group, function (zoom) {
      const factor = Math.max(0.45, Math.min(2.2, Math.pow(2, (zoom - 15) * 0.6)));
      drawn.forEach(function (pair) { pair[0].setRadius(Math.max(1.6, pair[1] * factor)); });
    });
    group.on("add", function () { drawn.forEach(function (pair) { pair[0].bringToFront(); }); });
  }

  const MANY = 150, APART_PX = 46, SINGLE_ZOOM = 16.5;

  /* rows: [y, x, glyph, tooltip, id, 1 to stay out of clusters]; glyphs: inline SVG;
     names: HTML by glyph; words: of a cluster, with {count}. More than MANY cluster by zoom. */
  function markers(group, rows, glyphs, size, names, words) {
    const icons = glyphs.map(function (svg) {
      return L.divIcon({ html: svg, className: "pl-marker", iconSize: [size, size], iconAnchor: [size / 2, size / 2] });
    });
    const single = function (row) {
      const marker = L.marker([row[0] / 1e6, row[1] / 1e6], { icon: icons[row[2]], keyboard: false, riseOnHover: true, bubblingMouseEvents: true });
      marker.bindTooltip(row[3], { direction: "top", offset: [0, -size / 2] });
      hit(marker, "facility", row[4]);
      marker.on("click", function () { row[5] = 1; });
      return marker;
    };
    if (rows.length <= MANY) {
      rows.forEach(function (row) { single(row).addTo(group); });
      return;
    }
    const many = function (members) { return cluster(members, glyphs, names, words); };
    inView(group, rows, single, many);
  }

  /* Draws what lies in view, near ones as one; nothing that stays as it was is drawn anew. */
  function inView(group, rows, single, many) {
    const drawn = new Map();
    let sets = [], zoom = null, alone = -1;
    const redraw = function (map) {
      const apart = rows.filter(function (row) { return row[5]; }).length;
      if (map.getZoom() !== zoom || apart !== alone) sets = gathered(map, rows);
      zoom = map.getZoom();
      alone = apart;
      const view = map.getBounds().pad(0.3), wanted = new Map();
      sets.forEach(function (members) {
        const seed = members[0];
        if (!view.contains([seed[0] / 1e6, seed[1] / 1e6])) return;
        wanted.set(seed[4] + (members.length > 1 ? " " + zoom + " " + members.length : ""), members);
      });
      drawn.forEach(function (layer, key) {
        if (!wanted.has(key)) { group.removeLayer(layer); drawn.delete(key); }
      });
      wanted.forEach(function (members, key) {
        if (drawn.has(key)) return;
        const layer = members.length > 1 ? many(members) : single(members[0]);
        drawn.set(key, layer);
        group.addLayer(layer);
      });
    };
    group.on("add", function (event) {
      if (event.target !== group) return;
      const map = group._map;
      const react = function () { redraw(map); };
      map.on("moveend", react);
      group.once("remove", function () { map.off("moveend", react); });
      react();
    });
  }

  /* Returns rows in sets of those that would touch at the map's zoom, by distance on the screen. */
  function gathered(map, rows) {
    const zoom = map.getZoom();
    if (zoom >= SINGLE_ZOOM) return rows.map(function (row) { return [row]; });
    const places = rows.map(function (row) { return map.project([row[0] / 1e6, row[1] / 1e6], zoom); });
    const cell = function (place) { return [Math.floor(place.x / APART_PX), Math.floor(place.y / APART_PX)]; };
    const cells = new Map(), taken = new Set(), sets = [];
    rows.forEach(function (row, number) {
      if (row[5]) { taken.add(number); sets.push([row]); return; }
      const key = cell(places[number]).join();
      if (!cells.has(key)) cells.set(key, []);
      cells.get(key).push(number);
    });
    rows.forEach(function (row, number) {
      if (taken.has(number)) return;
      const members = [row], at = cell(places[number]);
      taken.add(number);
      for (let x = at[0] - 1; x <= at[0] + 1; x += 1) for (let y = at[1] - 1; y <= at[1] + 1; y += 1) {
        (cells.get(x + "," + y) || []).forEach(function (other) {
          if (taken.has(other) || places[other].distanceTo(places[number]) >= APART_PX) return;
          taken.add(other);
          members.push(rows[other]);
        });
      }
      sets.push(members);
    });
    return sets;
  }

  /* The count of a set of markers, with the glyph where all have the same; a click comes closer. */
  function cluster(members, glyphs, names, words) {
    const counts = new Map();
    members.forEach(function (row) { counts.set(row[2], (counts.get(row[2]) || 0) + 1); });
    const looks = Array.from(counts.keys()).sort(function (a, b) { return counts.get(b) - counts.get(a); });
    const one = new Set(looks.map(function (look) { return names[look]; })).size === 1;
    const icon = L.divIcon({
      html: (one ? glyphs[looks[0]] : "") + "<b>" + grouped(members.length) + "</b>",
      className: "pl-cluster" + (one ? " pl-same" : ""), iconSize: [36, 36], iconAnchor: [18, 18]
    });
    const marker = L.marker([members[0][0] / 1e6, members[0][1] / 1e6], { icon: icon, keyboard: false, riseOnHover: true, pane: "planner-count" });
    const lines = ["<b>" + words.replace("{count}", grouped(members.length)) + "</b>"];
    if (!one) looks.slice(0, 8).forEach(function (look) { lines.push(names[look] + " " + counts.get(look)); });
    if (!one && looks.length > 8) lines.push("…");
    marker.bindTooltip(lines.join("<br>"), { direction: "top", offset: [0, -18] });
    marker.on("click", function () {
      const map = marker._map;
      const box = L.latLngBounds(members.map(function (row) { return [row[0] / 1e6, row[1] / 1e6]; }));
      const closer = Math.min(Math.max(map.getBoundsZoom(box.pad(0.2)), map.getZoom() + 1), 18);
      map.setView(box.getCenter(), closer);
    });
    return marker;
  }

  /* rows: [y, x, html]; those that would cover one before them wait until the map is closer */
  function labels(group, rows) {
    const drawn = rows.map(function (row) {
      const icon = L.divIcon({ html: "<div>" + row[2] + "</div>", className: "pl-label", iconSize: [0, 0] });
      return L.marker([row[0] / 1e6, row[1] / 1e6], { icon: icon, interactive: false, keyboard: false, pane: "planner-label" }).addTo(group);
    });
    const sizes = rows.map(function (row) {
      const parts = /^<b>(.*?)<\/b><span>(.*?)<\/span>$/.exec(row[2]) || ["", row[2].replace(/<[^>]*>/g, ""), ""];
      return parts.slice(1).map(function (part, number) { return textWidth(part, number ? 11 : 13); });
    });
    const gap = rows.length > MANY ? 9 : 2;
    follow(group, function (zoom) {
      const map = group._map;
      const near = zoom >= 14.5, kept = [];
      drawn.forEach(function (marker, number) {
        const at = map.project(marker.getLatLng(), zoom);
        const wide = Math.max(sizes[number][0], near ? sizes[number][1] : 0) / 2 + gap, high = (near ? 13 : 6) + gap;
        const free = kept.every(function (box) {
          return Math.abs(box[0] - at.x) > box[2] + wide || Math.abs(box[1] - at.y) > box[3] + high;
        });
        if (free) kept.push([at.x, at.y, wide, high]);
        if (marker._icon) marker._icon.style.visibility = free ? "" : "hidden";
      });
    });
  }

  /* About the width of a text in pixels: Chinese signs are as wide as high. */
  function textWidth(text, size) {
    let width = 0;
    for (const sign of text.replace(/&#?\w+;/g, "-")) width += sign.charCodeAt(0) > 0x2e80 ? size : 0.6 * size;
    return width;
  }

  function titled(layer, row, group) {
    if (row[2]) layer.bindTooltip(row[2], { sticky: true });
    if (row[3]) hit(layer, row[3][0], row[3][1]);
    return layer.addTo(group);
  }

  /* rows: [flat coordinates, style, tooltip, [what, id] or null]; drawn above areas and homes */
  function paths(group, rows) {
    rows.forEach(function (row) {
      titled(L.polyline(decode(row[0]), Object.assign({ pane: "planner-over" }, row[1])), row, group);
    });
  }

  /* rows: [polygons, style, tooltip, [what, id] or null] */
  function polygons(group, rows) {
    rows.forEach(function (row) {
      titled(L.polygon(decodeArea(row[0]), Object.assign({ pane: "planner-over" }, row[1])), row, group);
    });
  }

  /* rows: [[y, x], style with a radius in pixels, tooltip, [what, id] or null] */
  function dots(group, rows) {
    rows.forEach(function (row) {
      const place = [row[0][0] / 1e6, row[0][1] / 1e6];
      titled(L.circleMarker(place, Object.assign({ pane: "planner-over" }, row[1])), row, group);
    });
  }

  const SPOKES = 12, TURNS = 6, BETWEEN_PX = 1, ICON_PX = 19, BELOW_PX = 20;

  /* Where badges stand, from their places, pixels: those that find room stay, the first before the
     later ones; then each of the others takes the nearest room around its place. */
  function apart(boxes) {
    const kept = [], moves = boxes.map(function () { return null; });
    const free = function (box, x, y) {
      return kept.every(function (other) {
        return Math.abs(other.x - x) >= other.half + box.half + BETWEEN_PX
          || y + box.below + BETWEEN_PX <= other.y - other.above || y - box.above - BETWEEN_PX >= other.y + other.below;
      });
    };
    const take = function (number, dx, dy) {
      const box = boxes[number];
      moves[number] = [dx, dy];
      kept.push(Object.assign({}, box, { x: box.x + dx, y: box.y + dy }));
    };
    boxes.forEach(function (box, number) { if (free(box, box.x, box.y)) take(number, 0, 0); });
    boxes.forEach(function (box, number) {
      for (let turn = 2; moves[number] === null && turn <= 2 * TURNS; turn += 1) {
        for (let spoke = 0; moves[number] === null && spoke < SPOKES; spoke += 1) {
          const angle = 2 * Math.PI * spoke / SPOKES, far = box.above * turn;
          const dx = far * Math.sin(angle), dy = -far * Math.cos(angle);
          if (free(box, box.x + dx, box.y + dy)) take(number, dx, dy);
        }
      }
      if (moves[number] === null) take(number, 0, 0);
    });
    return moves;
  }

  function badgeHtml(row) {
    const style = "background:" + row[1][1] + ";border:" + row[1][3] + "px solid " + row[1][2] + ";color:" + row[1][4];
    return '<b style="' + style + '">' + row[4] + "</b>" + (row[5].length ? "<i>" + row[5].join("") + "</i>" : "");
  }

  /* rows: [[y, x], [diameter, fill, rim, its width, colour of the number], tooltip, [what, id] or null, number, icons below].
     Badges that would lie over one another stand beside their places, and a line leads there. */
  function badges(group, rows) {
    const drawn = rows.map(function (row) {
      const place = L.latLng(row[0][0] / 1e6, row[0][1] / 1e6), wide = row[1][0] + row[1][3];
      const colour = row[1][2] === "#ffffff" ? row[1][1] : row[1][2];
      const icon = L.divIcon({ html: badgeHtml(row), className: "pl-numbered", iconSize: [wide, wide], iconAnchor: [wide / 2, wide / 2] });
      const line = L.polyline([place, place], { pane: "planner-over", color: colour, weight: 2, interactive: false });
      const spot = L.circleMarker(place, { pane: "planner-over", radius: 3, color: "#ffffff", weight: 1, fillColor: colour, fillOpacity: 1, interactive: false });
      const marker = L.marker(place, { icon: icon, keyboard: false, riseOnHover: true, bubblingMouseEvents: true, pane: "planner-count" });
      if (row[2]) marker.bindTooltip(row[2], { direction: "top", offset: [0, -wide / 2] });
      if (row[3]) hit(marker, row[3][0], row[3][1]);
      [line, spot, marker].forEach(function (layer) { layer.addTo(group); });
      return { place: place, wide: wide, icons: row[5].length, marker: marker, line: line, spot: spot };
    });
    follow(group, function (zoom) {
      const map = group._map;
      const boxes = drawn.map(function (each) {
        const at = map.project(each.place, zoom), above = each.wide / 2;
        return { x: at.x, y: at.y, half: Math.max(above, each.icons * ICON_PX / 2 + 3), above: above, below: above + (each.icons ? BELOW_PX : 0) };
      });
      apart(boxes).forEach(function (move, number) {
        const each = drawn[number], moved = move[0] || move[1];
        const stands = moved ? map.unproject([boxes[number].x + move[0], boxes[number].y + move[1]], zoom) : each.place;
        each.marker.setLatLng(stands);
        each.line.setLatLngs([each.place, stands]);
        [each.line, each.spot].forEach(function (layer) { layer.setStyle({ opacity: moved ? 1 : 0, fillOpacity: moved ? 1 : 0 }); });
      });
    });
  }

  /* One image over the map. address: data URI; bounds: south-west and north-east corner, degrees */
  function picture(group, address, bounds, opacity) {
    L.imageOverlay(address, bounds, { pane: "planner-picture", opacity: opacity, className: "pl-picture" }).addTo(group);
  }

  /* Drawings of one kind, made when the kind is first chosen. */
  function forKind(group, kind, draw) {
    group.plannerKinds = group.plannerKinds || {};
    (group.plannerKinds[kind] = group.plannerKinds[kind] || { draws: [], layer: null }).draws.push(draw);
  }

  function chooseKind(map, groups, kind) {
    groups.forEach(function (group) {
      group.clearLayers();
      const entry = (group.plannerKinds || {})[kind];
      if (!entry) return;
      if (!entry.layer) {
        entry.layer = L.featureGroup();
        entry.draws.forEach(function (draw) { draw(entry.layer); });
      }
      group.addLayer(entry.layer);
    });
    map.fire("plannerkind", { kind: kind });
  }

  function card(map, position, className, fill) {
    const control = L.control({ position: position });
    control.onAdd = function () {
      const box = L.DomUtil.create("div", className);
      fill(box);
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      return box;
    };
    control.addTo(map);
  }

  /* pages: HTML by kind; one page stays as it is */
  function panel(map, position, pages, first, className) {
    card(map, position, className, function (box) {
      const show = function (kind) { if (kind in pages) box.innerHTML = pages[kind]; };
      show(first);
      map.on("plannerkind", function (event) { show(event.kind); });
    });
  }

  /* head: HTML; kinds: [[id, HTML of its name], ...]; label: what the list is for; bounds of the district */
  function chooser(map, groups, head, kinds, pages, first, label, bounds) {
    card(map, "topleft", "pl-card pl-title", function (box) {
      box.innerHTML = head;
      const list = L.DomUtil.create("select", "pl-kinds", box);
      list.setAttribute("aria-label", label);
      kinds.forEach(function (pair) {
        const option = L.DomUtil.create("option", "", list);
        option.value = pair[0];
        option.innerHTML = pair[1];
        option.selected = pair[0] === first;
      });
      const page = L.DomUtil.create("div", "", box);
      page.innerHTML = pages[first];
      list.addEventListener("change", function () { chooseKind(map, groups, list.value); });
      map.on("plannerkind", function (event) { page.innerHTML = pages[event.kind]; });
    });
    chooseKind(map, groups, first);
    if (map.getSize().x > 900) {
      map.fitBounds(bounds, { paddingTopLeft: [318, 14], paddingBottomRight: [64, 26], animate: false });
    }
  }

  return {
    prepare: prepare, base: base, share: share, areas: areas, circles: circles, markers: markers,
    labels: labels, badges: badges, paths: paths, polygons: polygons, dots: dots, picture: picture, panel: panel, tiles: tiles, forKind: forKind, chooser: chooser
  };
})();
