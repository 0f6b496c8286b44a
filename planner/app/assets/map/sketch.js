/* Drawing on the map: a ruler, and an area whose figures the page then tells. */
window.plannerSketch = (function () {
  "use strict";

  const NEAR_PX = 11, SAME_PX = 4, DRAG_PX = 6, STEP_PX = 5, MOST_CORNERS = 60, GROWN_MS = 600;
  const RADIUS_M = 6378137, FLAT = 0.00669437999014;
  const LINE = { pane: "planner-over", color: "#111827", weight: 2.5, interactive: false };
  let panes = [], desk = null, says = {}, say = null, buttons = [], language = "en";
  let mode = null, points = [], layers = [], covers = [], down = null, area = null, outlines = [], asked = false;

  /* Metres between two places on the ellipsoid of WGS 84, by its radii of curvature at their middle. */
  function straight(from, to) {
    const turn = Math.PI / 180, middle = (from.lat + to.lat) / 2 * turn;
    const bend = 1 - FLAT * Math.sin(middle) * Math.sin(middle);
    const north = RADIUS_M * (1 - FLAT) / Math.pow(bend, 1.5), east = RADIUS_M / Math.sqrt(bend) * Math.cos(middle);
    return Math.hypot(north * (to.lat - from.lat) * turn, east * (to.lng - from.lng) * turn);
  }

  function length(line) {
    let sum = 0;
    for (let i = 1; i < line.length; i += 1) sum += straight(line[i - 1], line[i]);
    return sum;
  }

  function build(given, place, args, tell, made) {
    panes = given;
    desk = place;
    says = args.says;
    say = tell;
    buttons = made;
    language = args.language;
    mode = area = null;
    points = layers = covers = outlines = [];
  }

  function busy() { return mode !== null; }

  function start(what) {
    const same = mode === what || (what === "ruler" && layers.length);
    stop();
    if (same) { figures(); return; }
    mode = what;
    buttons.forEach(function (each, number) { if (each) each.setAttribute("aria-pressed", String(mode === ["ruler", "area"][number])); });
    covers = panes.map(function (pane) { return cover(pane.map); });
    hint();
    panes[0].map.getContainer().focus({ preventScroll: true });
  }

  /* Ends drawing and takes away what was drawn and not sent. */
  function stop() {
    end();
    points = [];
    redraw(null);
    desk("", null);
  }

  function end() {
    mode = down = null;
    covers.forEach(function (each) { each.remove(); });
    covers = [];
    buttons.forEach(function (each) { if (each) each.setAttribute("aria-pressed", "false"); });
  }

  function hint() {
    const words = document.createElement("span"), done = document.createElement("button"), off = document.createElement("button");
    const enough = points.length >= (mode === "area" ? 3 : 2);
    const told = mode === "ruler" || !mode ? measured(points) : "";
    words.innerHTML = told || says[mode + "_hint"];
    words.setAttribute("role", "status");
    done.textContent = says.done;
    done.disabled = !enough;
    off.textContent = says.clear;
    done.addEventListener("click", finish);
    off.addEventListener("click", function () { stop(); figures(); });
    desk("hint", mode ? [words, done, off] : [words, off]);
  }

  function measured(line) {
    if (line.length < 2) return "";
    const metres = new Intl.NumberFormat(language).format(Math.round(length(line)));
    return says.measured.replace("{metres}", metres);
  }

  /* Lies over a map while something is drawn on it; the wheel still zooms, and a ruler may pan. */
  function cover(map) {
    const box = document.createElement("div");
    box.className = "sketching";
    map.getContainer().appendChild(box);
    const at = function (event) { return map.mouseEventToLatLng(event); };
    const far = function (event) { return Math.hypot(event.clientX - down.x, event.clientY - down.y); };
    ["mousedown", "touchstart"].forEach(function (name) {
      box.addEventListener(name, function (event) { if (mode === "area") event.stopPropagation(); });
    });
    ["click", "dblclick", "contextmenu"].forEach(function (name) {
      box.addEventListener(name, function (event) { event.stopPropagation(); event.preventDefault(); });
    });
    box.addEventListener("pointerdown", function (event) {
      if (event.button !== 0) return;
      down = { x: event.clientX, y: event.clientY, drag: false };
      if (mode !== "area") return;
      event.stopPropagation();
      box.setPointerCapture(event.pointerId);
    });
    box.addEventListener("pointermove", function (event) {
      if (!mode) return;
      if (down && far(event) > DRAG_PX) {
        if (mode === "area" && !down.drag && !points.length) {
          points = [map.mouseEventToLatLng({ clientX: down.x, clientY: down.y })];
          down.lasso = true;
        }
        down.drag = true;
      }
      if (down && down.lasso && pixels(map, points[points.length - 1], at(event)) >= STEP_PX) points.push(at(event));
      redraw(down && down.lasso ? null : at(event));
    });
    box.addEventListener("pointerup", function (event) {
      const was = down;
      down = null;
      if (!was || !mode) return;
      if (was.lasso) finish();
      else if (!was.drag) put(at(event), map);
    });
    box.addEventListener("dblclick", finish);
    return box;
  }

  function pixels(map, one, other) {
    return map.latLngToContainerPoint(one).distanceTo(map.latLngToContainerPoint(other));
  }

  /* Puts a corner, or ends where the first one is met; says whether something is being drawn. */
  function put(place, map) {
    if (!mode) return false;
    const on = map || panes[0].map;
    if (mode === "area" && points.length >= 3 && pixels(on, points[0], place) < NEAR_PX) {
      finish();
      return true;
    }
    if (points.length && pixels(on, points[points.length - 1], place) < SAME_PX) return true;
    points.push(place);
    redraw(null);
    hint();
    return true;
  }

  function finish() {
    if (!mode || points.length < (mode === "area" ? 3 : 2)) return;
    const was = mode;
    end();
    redraw(null, was);
    if (was === "ruler") { hint(); return; }
    const told = document.createElement("span");
    told.textContent = says.reading;
    told.setAttribute("role", "status");
    desk("hint", [told]);
    asked = true;
    say({ what: "area", ring: corners().map(function (each) { return [each.lat, each.lng]; }) });
  }

  /* The outline with as many corners as are needed to see it as it was drawn, and not too many. */
  function corners() {
    const map = panes[0].map;
    let line = points.map(function (each) { return map.project(each, 18); }), apart = 2;
    const scale = Math.pow(2, 18 - map.getZoom());
    while (line.length > MOST_CORNERS) {
      line = L.LineUtil.simplify(line, apart * scale);
      apart *= 1.5;
    }
    return line.map(function (each) { return map.unproject(each, 18); });
  }

  /* Draws what there is so far, and the way to where the pointer is. */
  function redraw(pointer, what) {
    layers.forEach(function (each) { each.remove(); });
    layers = [];
    const line = pointer && points.length ? points.concat([pointer]) : points;
    const kind = mode || what;
    if (!line.length) return;
    panes.forEach(function (pane) {
      const shape = kind === "area" && line.length > 2
        ? L.polygon(line, Object.assign({ dashArray: "5 4", fillColor: "#111827", fillOpacity: 0.08 }, LINE))
        : L.polyline(line, LINE);
      layers.push(shape.addTo(pane.map));
      (kind === "ruler" ? line : line.slice(0, 1)).forEach(function (each) {
        layers.push(L.circleMarker(each, Object.assign({}, LINE, { radius: 4, fillColor: "#ffffff", fillOpacity: 1 })).addTo(pane.map));
      });
      if (kind === "ruler" && line.length > 1) {
        const near = pane.map.latLngToContainerPoint(line[line.length - 1]).x > pane.map.getSize().x / 2;
        const icon = L.divIcon({ className: "measured" + (near ? " leftwards" : ""), html: "<span>" + measured(line) + "</span>", iconSize: [0, 0] });
        layers.push(L.marker(line[line.length - 1], { icon: icon, interactive: false, keyboard: false }).addTo(pane.map));
      }
    });
  }

  /* Takes over the area that the page tells the figures of, null for none. */
  function show(told) {
    const fresh = JSON.stringify(told) !== JSON.stringify(area);
    area = told;
    if (mode || !fresh) return;
    points = [];
    redraw(null);
    figures();
  }

  function figures() {
    if (!area) { desk("", null); return; }
    const inside = document.createElement("details"), off = document.createElement("button");
    inside.open = true;
    inside.innerHTML = area.html;
    off.textContent = says.clear;
    off.addEventListener("click", function () { say({ what: "area", ring: [] }); });
    inside.appendChild(off);
    desk("figures", [inside]);
    /* below a narrow map whoever has just drawn would not see them; the frame has to grow first */
    if (asked) window.setTimeout(function () { inside.scrollIntoView({ block: "nearest" }); }, GROWN_MS);
    asked = false;
  }

  function outline(told) {
    outlines.forEach(function (each) { each.remove(); });
    outlines = told ? panesShown().map(function (map) {
      return L.polygon(told.ring, Object.assign({}, LINE, { dashArray: "7 4", fill: false })).addTo(map);
    }) : [];
  }

  /* Where the area is whose figures are told, null for none. */
  function told() { return area && area.ring; }

  function panesShown() { return window.plannerMaps(); }

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && mode) { stop(); figures(); }
  });

  return {
    build: build, busy: busy, start: start, stop: stop, put: put, show: show, figures: figures,
    outline: outline, straight: straight, told: told
  };
})();
