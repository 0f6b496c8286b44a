/* What stands over the map, or over several of them: tools, legend, north, credit, figures. */
window.plannerShell = (function () {
  "use strict";

  /* Pixels that a sign of a legend takes, in whatever language: whether a legend stands open turns on
     how many signs it has, and on the map, not on how long their words are. */
  const SIGN = 5400, SIGNS_OF_LEGEND = ".pl-row:not([hidden]), h2, p, .pl-steps";
  const MOST_COVERED = 0.24, MOST_BESIDE_CHOSEN = 0.12, VERY_WIDE = 950, TOOLS = 46, NORTH = 48, EDGE = 12;
  /* A map narrower than this has no room for figures of an area beside the area: they stand below it. */
  const NARROW = 640;
  /* How much smaller a view may be for a legend; where its reader wants to see that, or what was chosen. */
  const MOST_SMALLER = 0.75, MOST_SMALLER_ASKED = 1.5;
  /* How much smaller the wider edge around what was chosen makes it. */
  const WIDER_EDGE = 0.25;
  const SIGNS = {
    zoom_in: "M11 4h2v7h7v2h-7v7h-2v-7H4v-2h7z",
    zoom_out: "M4 11h16v2H4z",
    whole: "M3 3h6v2H5v4H3zm12 0h6v6h-2V5h-4zM3 15h2v4h4v2H3zm16 0h2v6h-6v-2h4zM8 8h8v8H8zm2 2v4h4v-4z",
    full: "M4 4h6v2H6v4H4zm10 0h6v6h-2V6h-4zM4 14h2v4h4v2H4zm14 0h2v6h-6v-2h4z",
    print: "M7 3h10v4H7zM5 8h14a3 3 0 0 1 3 3v6h-4v4H6v-4H2v-6a3 3 0 0 1 3-3zm3 7v4h8v-4zm10-4.2a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4z",
    opacity: "M12 3s6 6.6 6 11a6 6 0 0 1-12 0c0-4.4 6-11 6-11zm0 3.2C10.3 8.4 8 11.8 8 14a4 4 0 0 0 4 4z",
    ruler: "M16.5 2.5l5 5L7.5 21.5l-5-5zM5.3 16.5l2.2 2.2 11.2-11.2-2.2-2.2-1 1 1.6 1.6-1 1-1.6-1.6-1.4 1.4 2.2 2.2-1 1-2.2-2.2-1.4 1.4 1.6 1.6-1 1-1.6-1.6-1.4 1.4z",
    area: "M5 3a2 2 0 0 1 1.9 1.4l9.3 1.5A2 2 0 1 1 18.5 9l-1 7.2a2 2 0 1 1-2.9 2.3l-7.7-.6A2 2 0 1 1 4.3 15V6.9A2 2 0 0 1 5 3zm1.7 3.1a2 2 0 0 1-.7.6v8.4c.5.2.9.6 1.1 1.1l7.6.6c.2-.4.5-.7.9-.9l1-7.2a2 2 0 0 1-.7-1z",
    swipe: "M11 3h2v18h-2zM8 8v8l-5-4zm8 0l5 4-5 4z"
  };
  let shell = null, box = null, docked = false, grown = null, panes = [], say = null, factor = 1, drawn = [], district = null;

  function kept(name, value) {
    try {
      if (value === undefined) return window.sessionStorage.getItem("planner-map-" + name);
      window.sessionStorage.setItem("planner-map-" + name, value);
    } catch (error) {
      return null;
    }
    return value;
  }

  function element(tag, className, parent, html) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (html) made.innerHTML = html;
    if (parent) parent.appendChild(made);
    return made;
  }

  function button(bar, name, word, act) {
    const made = element("button", name + "-button", bar, '<svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true"><path fill="currentColor" fill-rule="evenodd" d="' + SIGNS[name] + '"/></svg>');
    made.type = "button";
    made.title = word;
    made.setAttribute("aria-label", word);
    made.addEventListener("click", act);
    return made;
  }

  function build(given, args, paper, tell, whole, fit) {
    panes = given;
    say = tell;
    grown = fit;
    district = args.bounds;
    drawn = [];
    if (box) box.remove();
    box = null;
    docked = Boolean(args.beneath) && !paper;
    document.body.classList.toggle("docked", docked);
    shell = element("div", "shell", document.getElementById("panes"));
    L.Tooltip.plannerTaken = taken;
    L.Tooltip.plannerPut = yieldTo;
    element("div", "north", shell, args.north);
    if (paper) return;
    shell.appendChild(panes[0].map.attributionControl.getContainer());
    const says = args.says, tools = element("div", "tools", shell);
    document.getElementById("panes").classList.remove("swipe");
    tools.setAttribute("role", "toolbar");
    tools.setAttribute("aria-label", says.tools);
    element("div", "desk", shell);
    const zoom = element("div", "leaflet-bar", tools), rest = element("div", "leaflet-bar", tools);
    button(zoom, "zoom_in", says.zoom_in, function () { panes[0].map.zoomIn(); });
    button(zoom, "zoom_out", says.zoom_out, function () { panes[0].map.zoomOut(); });
    button(zoom, "whole", says.whole, whole);
    if (document.fullscreenEnabled) fullScreen(rest, says);
    if (args.sheet) button(rest, "print", args.sheet.words.print, function () { window.open("index.html#print", "_blank"); });
    opacity(rest, says);
    plannerSketch.build(panes, desk, args, say, [
      button(rest, "ruler", says.ruler, function () { plannerSketch.start("ruler"); }),
      args.reads ? button(rest, "area", says.area, function () { plannerSketch.start("area"); }) : null
    ]);
    if (panes.length === 2) plannerSwipe.build(panes, shell, button(rest, "swipe", says.swipe, plannerSwipe.turn), says, args.over);
    box = element("details", "pl-card pl-legend", docked ? document.body : shell);
    element("summary", "", box, says.legend);
    element("div", "", box);
    box.addEventListener("toggle", function () {
      /* by its reader, and not by the map itself */
      if (box.dataset.asked) kept("legend", box.open ? "open" : "shut");
      delete box.dataset.asked;
      grown();
    });
    box.querySelector("summary").addEventListener("click", function () { box.dataset.asked = "yes"; });
    factor = Number(kept("opacity") || 1);
    panes.forEach(function (pane) {
      pane.map.on("layeradd", function (event) { if (factor < 1) fade(event.layer); });
      if (factor < 1) pane.map.eachLayer(fade);
    });
  }

  function fullScreen(bar, says) {
    button(bar, "full", says.full, function () {
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen();
    });
  }

  /* What stands beside the tools: one thing at a time. Without parts, nothing. */
  function desk(className, parts) {
    const place = shell.querySelector(".desk"), stood = document.querySelector(".beneath");
    place.replaceChildren();
    if (stood) stood.remove();
    const under = parts && className === "figures" && shell.clientWidth < NARROW;
    const box = parts ? element("div", "pl-card " + className + (under ? " beneath" : ""), under ? document.body : place) : null;
    if (parts) parts.forEach(function (part) { box.appendChild(part); });
    if (under || stood) grown();
    return box;
  }

  function opacity(bar, says) {
    const turn = button(bar, "opacity", says.opacity, function () {
      const open = shell.querySelector(".desk .fade");
      plannerSketch.stop();
      if (open) { plannerSketch.figures(); return; }
      const label = element("label", "", null, says.opacity);
      const range = element("input", "", label);
      Object.assign(range, { type: "range", min: 0, max: 100, value: Math.round(100 * factor) });
      range.addEventListener("input", function () {
        factor = Number(range.value) / 100;
        kept("opacity", factor);
        panes.forEach(function (pane) { pane.map.eachLayer(fade); });
      });
      desk("fade", [label]);
      range.focus();
    });
    turn.setAttribute("aria-haspopup", "true");
  }

  /* Fills of areas give way to what is below; outlines, homes and facilities stay. */
  function fade(layer) {
    if (!(layer instanceof L.Polygon) || !/^planner-(area|over)$/.test(layer.options.pane)) return;
    if (layer.plannerFill === undefined) layer.plannerFill = layer.options.fillOpacity;
    layer.setStyle({ fillOpacity: layer.plannerFill * factor });
  }

  function update(args, shown) {
    if (shell.querySelector(".tools")) {
      const inside = box.lastElementChild;
      if (inside.innerHTML !== args.legend) inside.innerHTML = args.legend;
      box.hidden = !args.legend;
      plannerSketch.show(args.area);
    }
    plannerSketch.outline(args.area);
    legend(shown);
    settle();
    aside();
  }

  /* What could not be loaded; names of layers are safe as HTML, as the list of layers shows them. */
  function missing(args, names) {
    let note = shell.querySelector(".missing");
    if (!note) {
      note = element("div", "missing pl-card", shell);
      note.setAttribute("role", "alert");
    }
    note.hidden = !names.length;
    if (names.length) note.innerHTML = args.says.missing.replace("{layers}", function () { return names.join(", "); });
  }

  /* The legend names what is shown: rows of layers that are switched off go. */
  function legend(shown) {
    document.querySelectorAll("[data-layer]").forEach(function (row) { row.hidden = !shown.has(row.dataset.layer); });
  }

  /* Opens the legend where it leaves most of the map free; the reader's own choice goes before. */
  function settle() {
    const credit = shell && shell.querySelector(".leaflet-control-attribution");
    if (!box) return;
    shell.style.setProperty("--credit", (credit ? credit.offsetHeight : 0) + "px");
    const asked = kept("legend");
    box.open = true;
    if (docked) {
      box.open = asked !== "shut";
      grown();
      return;
    }
    const alone = panes.length === 1 && !box.hidden;
    if (alone) arrange();
    const crowded = shell.querySelector(".figures") && shell.offsetWidth < VERY_WIDE;
    box.open = !crowded && (asked ? asked === "open" : alone && covered() < MOST_COVERED);
  }

  function covered() {
    return SIGN * box.lastElementChild.querySelectorAll(SIGNS_OF_LEGEND).length / (shell.offsetWidth * shell.offsetHeight || 1);
  }

  /* Gives the legend one column or several, whichever lets the district be drawn larger. */
  function arrange() {
    const map = panes[0].map;
    const zooms = [false, true].map(function (wide) {
      box.classList.toggle("wide", wide);
      return zoomOf(map, district, beside(map, district, 12));
    });
    box.classList.toggle("wide", zooms[1] > zooms[0]);
  }

  /* How a view is fitted: clear of tools and of an open legend; where that would make it far
     smaller, below the legend. */
  function room(map, bounds, edge, chosen) {
    return clear(map, bounds, edge, chosen) || fitted(0, 0, edge);
  }

  /* How a view is fitted beside an open legend, nothing where it would be far smaller there. What
     was chosen may be smaller, as long as it is seen and no farther away than the whole district
     was: who asked to see it closer would see it less. */
  function clear(map, bounds, edge, chosen) {
    if (!box || !box.open || box.hidden || panes.length > 1 || docked) return null;
    const how = beside(map, bounds, edge), near = zoomOf(map, bounds, how);
    const most = chosen || kept("legend") === "open" ? MOST_SMALLER_ASKED : MOST_SMALLER;
    if (chosen && near < zoomOf(map, district, room(map, district, 12, false)) - WIDER_EDGE) return null;
    return near >= zoomOf(map, bounds, fitted(0, 0, edge)) - most ? how : null;
  }

  /* Shuts a legend that its reader did not open where little room is left for what was chosen. */
  function fold() {
    if (!box || box.hidden || panes.length > 1 || docked || kept("legend") === "open") return;
    if (covered() > MOST_BESIDE_CHOSEN) box.open = false;
  }

  /* Beside the legend or above it, whichever shows more. */
  function beside(map, bounds, edge) {
    const left = fitted(box.offsetWidth, 0, edge), above = fitted(0, box.offsetHeight, edge);
    return zoomOf(map, bounds, left) > zoomOf(map, bounds, above) ? left : above;
  }

  function fitted(right, bottom, edge) {
    const credit = parseFloat(shell.style.getPropertyValue("--credit")) || 0;
    return { animate: false, paddingTopLeft: [TOOLS, edge], paddingBottomRight: [edge + right, edge + credit + bottom] };
  }

  /* How close a view is; never where it has no room at all, of which Leaflet makes the closest. */
  function zoomOf(map, bounds, how) {
    const taken = L.point(how.paddingTopLeft).add(how.paddingBottomRight), left = map.getSize().subtract(taken);
    return left.x > 0 && left.y > 0 ? map.getBoundsZoom(bounds, false, taken) : -Infinity;
  }

  /* Pixels that legend and figures take below the map. */
  function below() {
    const figures = document.querySelector(".beneath");
    return (docked && box && !box.hidden ? box.offsetHeight : 0) + (figures ? figures.offsetHeight : 0);
  }

  /* Where what is told of an area stands: on the side where it covers none of it. Returns how the
     map is to be put where both sides would, nothing where it need not move. */
  function besideArea(map, bounds) {
    const told = shell && shell.querySelector(".desk .figures");
    /* below a narrow map they cover nothing */
    if (!told) return null;
    const size = map.getSize(), wide = told.offsetWidth + EDGE, low = told.offsetTop + shell.querySelector(".desk").offsetTop + told.offsetHeight;
    const corners = L.bounds(bounds.map(function (each) { return map.latLngToContainerPoint(each); }));
    const seen = corners.min.x >= 0 && corners.min.y >= 0 && corners.max.x <= size.x && corners.max.y <= size.y;
    const right = corners.max.x <= size.x - NORTH - wide, left = corners.min.x >= TOOLS + wide;
    told.parentNode.classList.toggle("leftwards", !right && left);
    if (seen && (right || left || corners.min.y >= low + EDGE)) return null;
    return Object.assign(fitted(wide + NORTH - EDGE, 0, EDGE), { maxZoom: map.getZoom() });
  }

  /* What stands over the map gives way to a box under the pointer that finds no other room, null for none. */
  function yieldTo(told) {
    const at = told && told.getBoundingClientRect();
    shell.querySelectorAll(".pl-legend, .desk > *").forEach(function (each) {
      const own = each.getBoundingClientRect();
      each.classList.toggle("yielding", Boolean(at) && at.left < own.right && at.right > own.left && at.top < own.bottom && at.bottom > own.top);
    });
  }

  function taken() {
    return Array.from(shell.querySelectorAll(".pl-legend, .desk > *, .tools > *"), function (each) { return each.getBoundingClientRect(); });
  }

  /* On a low map the button of the layers stands beside the tools, not below the last of them. */
  function aside() {
    const layers = panes.length && panes[0].map.getContainer().querySelector(".leaflet-control-layers"), tools = shell && shell.querySelector(".tools");
    if (layers && tools) layers.classList.toggle("aside", tools.getBoundingClientRect().bottom + 4 > layers.getBoundingClientRect().top);
  }

  /* A click puts the focus on the map as the Tab key does: only who goes by keys is shown where it is. */
  document.addEventListener("pointerdown", function () { document.body.classList.add("by-pointer"); }, true);
  document.addEventListener("keydown", function () { document.body.classList.remove("by-pointer"); }, true);
  window.addEventListener("resize", settle);
  window.addEventListener("resize", aside);
  document.addEventListener("fullscreenchange", function () {
    const turn = shell.querySelector(".full-button");
    if (turn) turn.setAttribute("aria-pressed", String(Boolean(document.fullscreenElement)));
  });

  return { build: build, update: update, legend: legend, missing: missing, room: room, fold: fold, besideArea: besideArea, below: below, element: element };
})();
