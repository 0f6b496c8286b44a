/* The dashboard's map in its frame: one map or several that move together.
   The base is fetched once and kept; of the layers, only those that changed are drawn anew.
   Nothing is sent to the server but a click, where the page asks for clicks, and an area drawn. */
(function () {
  "use strict";

  /* So long a map that is drawn needs to be on the screen and under its reader's hand. */
  const SEEN_MS = 100;
  const KEEP = 40;
  const fetched = new Map();
  const missing = new Set();
  let panes = [];
  let drawnBase = null;
  let wanted = null;
  let busy = false;
  let token = null;
  let own = 0;
  let framed = 0;
  let following = false;
  let put = null;
  let told = "";
  let seenArea = "null";

  /* In a window of its own, opened by the button to print, the same map is a page of paper. */
  const paper = window.location.hash === "#print";

  function tell(type, rest) {
    if (paper) return;
    window.parent.postMessage(Object.assign({ isStreamlitMessage: true, type: "streamlit:" + type }, rest), "*");
  }

  function ask(address) {
    if (!fetched.has(address)) {
      const answer = fetch(address).then(function (response) {
        if (!response.ok) throw new Error(address + ": " + response.status);
        return response.json();
      });
      answer.catch(function () { fetched.delete(address); });
      fetched.set(address, answer);
      if (fetched.size > KEEP) fetched.delete(fetched.keys().next().value);
    }
    return fetched.get(address);
  }

  function place(args, key) {
    try {
      return JSON.parse(window.sessionStorage.getItem("planner-view " + args.base + key));
    } catch (error) {
      return null;
    }
  }

  function remember(args, map) {
    const centre = map.getCenter();
    const view = JSON.stringify([centre.lat, centre.lng, map.getZoom()]);
    try {
      window.sessionStorage.setItem("planner-view " + args.base, view);
    } catch (error) {
      return;
    }
  }

  function forget(args) {
    try {
      window.sessionStorage.removeItem("planner-view " + args.base);
    } catch (error) {
      return;
    }
  }

  function makePane(args, rows, number) {
    const box = document.createElement("div");
    box.className = "pane";
    const title = box.appendChild(document.createElement("h2"));
    /* before the map measures its room: it does not hear of a title that goes later */
    title.hidden = !args.panes[number].title;
    const plate = box.appendChild(document.createElement("div"));
    plate.className = "plate";
    document.getElementById("panes").appendChild(box);
    const map = L.map(plate, {
      preferCanvas: true, zoomSnap: 0.25, zoomDelta: 0.5, wheelPxPerZoomLevel: 110,
      zoomControl: false, attributionControl: number === 0, scrollWheelZoom: document.hasFocus()
    });
    /* who scrolls the page past a map stays on the page: the wheel zooms once the map was clicked */
    document.addEventListener("pointerdown", () => map.scrollWheelZoom.enable());
    window.addEventListener("blur", () => map.scrollWheelZoom.disable());
    /* without a view of its reader's a map by itself gets one when all is on it: each line is placed once */
    const view = place(args, "");
    if (view) map.setView([view[0], view[1]], view[2]);
    else if (paper || args.panes.length > 1) map.fitBounds(args.bounds, { padding: [12, 12], animate: false });
    /* lines that are drawn on no map yet find no bounds of what draws them, and those of an area come early */
    else if (args.area || args.look_at) map.setView(L.latLngBounds(args.bounds).getCenter(), 12, { animate: false });
    plannerLayers.prepare(map, [number === 0 ? args.credit : "", ...args.words]);
    const ground = L.featureGroup().addTo(map), under = L.featureGroup(), over = L.featureGroup();
    plannerLayers.base(under, rows.under, "planner-base");
    plannerLayers.base(over, rows.over, "planner-frame");
    ground.addLayer(under).addLayer(over);
    const online = args.tiles ? plannerLayers.tiles(map, args.tiles, ground, under) : null;
    const pane = { map: map, title: title, slots: new Map(), control: null, names: "", waiting: null, base: ground, online: online };
    map.on("click", function (event) { picked(pane, event.latlng, event.originalEvent); });
    map.on("moveend", function () { moved(pane); });
    map.on("resize", again);
    map.on("overlayadd overlayremove", function (event) { together(pane, event.layer, event.type === "overlayadd"); });
    plate.addEventListener("keydown", function (event) {
      if (event.key !== "Enter" || event.target !== plate) return;
      if (!plannerSketch.put(map.getCenter())) picked(pane, map.getCenter(), null);
    });
    return pane;
  }

  /* What the window to print asks this one for: what is shown, where, and which layers are off. */
  window.plannerShown = function () {
    const box = panes[0].map.getBounds();
    const off = panes.map(function (pane) {
      const ids = [];
      pane.slots.forEach(function (slot, id) { if (!pane.map.hasLayer(slot.group)) ids.push(id); });
      return ids;
    });
    return JSON.stringify({
      args: wanted, off: off, view: [[box.getSouth(), box.getWest()], [box.getNorth(), box.getEast()]]
    });
  };

  /* Lays out the page around the maps and draws it; reloading it shows the same. */
  function onPaper() {
    let shown = null;
    try {
      shown = window.opener ? window.opener.plannerShown() : null;
      if (shown) window.sessionStorage.setItem("planner-print", shown);
      else shown = window.sessionStorage.getItem("planner-print");
    } catch (error) {
      window.console.error(error);
    }
    if (!shown) return;
    const told = JSON.parse(shown), args = Object.assign(told.args, { picks: false, look_at: null }), sheet = args.sheet;
    document.documentElement.lang = args.language;
    document.body.classList.add("paper");
    const part = function (tag, html, parent) {
      const element = document.createElement(tag);
      element.innerHTML = html;
      (parent || document.body).appendChild(element);
      return element;
    };
    const bar = part("nav", "<button type=button>" + sheet.words.print_now + "</button><span>" + sheet.words.print_hint + "</span>");
    bar.querySelector("button").addEventListener("click", function () { window.print(); });
    const page = part("article", "");
    part("header", "<div><h1>" + sheet.title + "</h1><h2>" + sheet.what + "</h2></div><p>" + sheet.lines.join("<br>") + "</p>", page);
    document.title = page.querySelector("h1").textContent + " · " + page.querySelector("h2").textContent;
    const middle = part("main", "", page);
    middle.appendChild(document.getElementById("panes"));
    const titled = function (word, html) { return html ? "<section class=pl-card><h3>" + word + "</h3>" + html + "</section>" : ""; };
    const beside = titled(sheet.words.print_figures, sheet.figures) + titled(sheet.words.print_legend, sheet.legend);
    if (beside) {
      const column = part("aside", beside, middle);
      column.style.zoom = Math.min(1, middle.clientHeight / column.scrollHeight);
    }
    part("footer", sheet.credit, page);
    L.Browser.retina = true;
    wanted = args;
    run().then(function () {
      panes.forEach(function (pane, number) {
        pane.slots.forEach(function (slot, id) { show(pane, slot.group, !told.off[number].includes(id)); });
      });
      plannerShell.legend(shown());
      panes[0].map.fitBounds(told.view, { animate: false });
    });
  }

  /* Maps side by side show the same place. What its reader did not choose is not remembered: a map
     says that it moved also when its frame got another size, and a while after. */
  function moved(pane) {
    if (following || unmoved(pane.map)) return;
    beside(pane);
    put = null;
    if (wanted) remember(wanted, pane.map);
  }

  function beside(pane) {
    following = true;
    panes.forEach(function (other) {
      if (other !== pane) other.map.setView(pane.map.getCenter(), pane.map.getZoom(), { animate: false });
    });
    following = false;
  }

  /* Whether a map stands where it was put, to a pixel or two. */
  function unmoved(map) {
    if (!put || map.getZoom() !== put.zoom) return false;
    return map.project(map.getCenter(), put.zoom).distanceTo(map.project(put.centre, put.zoom)) < 3;
  }

  /* Puts a map where no reader moved it: to what was chosen (led), or to the whole district. */
  function putTo(bounds, edge, closest, led) {
    const map = panes[0].map, size = map.getSize(), room = plannerShell.room(map, bounds, edge, led);
    const how = JSON.stringify([bounds, size, room]);
    if (put && put.how === how && unmoved(map)) return;
    following = true;
    /* a frame that is not seen yet has no size; it gets its view with its size */
    if (!size.x || !size.y) map.setView(L.latLngBounds(bounds).getCenter(), 12, { animate: false });
    else map.fitBounds(bounds, Object.assign({ maxZoom: closest }, room));
    beside(panes[0]);
    put = { centre: map.getCenter(), zoom: map.getZoom(), led: led, how: how };
  }

  /* To what was chosen. A view that its reader did not choose goes with the choice, and is in no later page's way. */
  function lead(place) {
    /* an area that was drawn before leads no longer */
    if (place.token !== token) seenArea = JSON.stringify(plannerSketch.told());
    token = place.token;
    plannerShell.fold();
    putTo(place.bounds, 30, 16.5, true);
    /* what is told of an area that was drawn covers nothing that is chosen after it */
    const how = panes.length === 1 && plannerShell.besideArea(panes[0].map, place.bounds);
    if (!how) return;
    following = true;
    panes[0].map.fitBounds(place.bounds, how);
    following = false;
    put.centre = panes[0].map.getCenter();
    put.zoom = panes[0].map.getZoom();
  }

  /* Back to where its reader was before a choice led elsewhere. */
  function back(args) {
    token = null;
    if (!put || !put.led) return;
    const view = place(args, "");
    if (!view) { whole(); return; }
    following = true;
    panes.forEach(function (pane) { pane.map.setView([view[0], view[1]], view[2], { animate: false }); });
    following = false;
    put = null;
  }

  /* Put anew what its reader has not moved: the frame or the legend has another size. A map on
     which an area was drawn stays as it was drawn on. */
  function again() {
    if (paper || !put || following || !wanted) return;
    if (!put.led && !plannerSketch.told()) whole();
    else if (put.led && put.how && wanted.look_at) lead(wanted.look_at);
    besideArea();
  }

  /* An area is seen beside what is told of it: once, then its reader may move the map. */
  function besideArea() {
    const ring = plannerSketch.told(), sign = JSON.stringify(ring);
    if (paper || panes.length !== 1 || sign === seenArea) return;
    const map = panes[0].map, size = map.getSize();
    /* a frame that is not seen yet has no size, by which no view can be found: again once it has */
    if (!size.x || !size.y) return;
    seenArea = sign;
    const how = ring && plannerShell.besideArea(map, ring);
    if (!how) return;
    following = true;
    map.fitBounds(ring, how);
    following = false;
    put = { centre: map.getCenter(), zoom: map.getZoom(), led: true, how: "" };
  }

  /* Maps side by side show the same layers. */
  function together(pane, layer, on) {
    if (following) return;
    following = true;
    const ids = [];
    pane.slots.forEach(function (slot, id) { if (slot.group === layer) ids.push(id); });
    panes.forEach(function (other) {
      if (layer === pane.base && other.base !== layer) show(other, other.base, on);
      ids.forEach(function (id) { if (other !== pane && other.slots.has(id)) show(other, other.slots.get(id).group, on); });
    });
    following = false;
    plannerShell.legend(shown());
  }

  function show(pane, layer, on) {
    if (pane.map.hasLayer(layer) === on) return;
    if (on) layer.addTo(pane.map);
    else layer.remove();
  }

  /* Ids of the layers that some map shows. */
  function shown() {
    const ids = new Set();
    panes.forEach(function (pane) {
      pane.slots.forEach(function (slot, id) { if (pane.map.hasLayer(slot.group)) ids.add(id); });
    });
    return ids;
  }

  function picked(pane, latlng, source) {
    if (!wanted || !wanted.picks || plannerSketch.busy()) return;
    const hit = (source && source.plannerHit) || { what: "place", id: "" };
    const map = pane.map;
    /* whose reader works on the map keeps it where it is, however long its legend grows by that */
    put = null;
    const across = map.distance(map.containerPointToLatLng([0, map.getSize().y / 2]),
      map.containerPointToLatLng([100, map.getSize().y / 2])) / 100;
    /* what is told of the place hides what the click makes there; a finger has no other way to read it */
    if (source && source.pointerType !== "touch") {
      map.eachLayer(function (layer) { if (layer.closeTooltip) layer.closeTooltip(); });
    }
    if (pane.waiting) pane.waiting.remove();
    pane.waiting = L.marker(latlng, {
      icon: L.divIcon({ className: "waiting", iconSize: [26, 26] }), interactive: false, keyboard: false
    }).addTo(map);
    window.setTimeout(function () { if (pane.waiting) pane.waiting.remove(); }, 4000);
    say({ what: hit.what, id: hit.id, lat: latlng.lat, lon: latlng.lng, metres_per_pixel: across });
  }

  /* Tells the page of a click, or of an area that was drawn. */
  function say(value) {
    own += 1;
    tell("setComponentValue", {
      dataType: "json", value: Object.assign({ number: Date.now() + "-" + own }, value)
    });
  }

  /* calls: [name, JSON text of the arguments, or the address of such a text] */
  function prepared(layer) {
    return Promise.all(layer.calls.map(function (call) {
      if (call[2]) return ask(call[2]).then(function (values) { return [call[0], values]; });
      return [call[0], JSON.parse(call[1])];
    }));
  }

  function draw(layer, calls) {
    if (layer.script) return new Function("L", "parent", layer.script)(L, { addLayer: function () { return this; } });
    const group = L.featureGroup();
    calls.forEach(function (call) { plannerLayers[call[0]].apply(null, [group].concat(call[1])); });
    return group;
  }

  function lacks(error) {
    window.console.error(error);
    return null;
  }

  async function fill(pane, spec, args) {
    /* a layer that cannot be had leaves the others, and the map, as they are */
    const calls = await Promise.all(spec.layers.map(function (layer) {
      const slot = pane.slots.get(layer.id);
      return slot && slot.sign === layer.sign ? null : prepared(layer).catch(lacks);
    }));
    const ids = new Set(spec.layers.map(function (layer) { return layer.id; }));
    pane.slots.forEach(function (slot, id) {
      if (!ids.has(id)) { slot.group.remove(); pane.slots.delete(id); }
    });
    spec.layers.forEach(function (layer, number) {
      let slot = pane.slots.get(layer.id);
      if (!slot) {
        slot = { group: L.layerGroup(), sign: null, control: layer.control };
        if (layer.show) slot.group.addTo(pane.map);
        pane.slots.set(layer.id, slot);
      }
      slot.name = layer.name;
      slot.control = layer.control;
      if (slot.sign === layer.sign) return;
      let fresh = null;
      try {
        fresh = calls[number] && draw(layer, calls[number]);
      } catch (error) {
        lacks(error);
      }
      /* what was drawn before is of another answer: it goes even where nothing comes in its place */
      const old = slot.group.getLayers();
      if (fresh) slot.group.addLayer(fresh);
      else missing.add(layer.name);
      old.forEach(function (each) { slot.group.removeLayer(each); });
      slot.sign = fresh ? layer.sign : null;
    });
    name(pane, spec, args);
    if (pane.waiting) { pane.waiting.remove(); pane.waiting = null; }
    pane.title.textContent = spec.title || "";
    pane.title.hidden = !spec.title;
    pane.map.getContainer().classList.toggle("picking", Boolean(args.picks));
    pane.map.getContainer().setAttribute("aria-label", args.label);
  }

  function name(pane, spec, args) {
    const entries = spec.layers.filter(function (layer) { return layer.control; });
    const names = JSON.stringify(entries.map(function (layer) { return [layer.id, layer.name]; }));
    if (names === pane.names) return;
    if (pane.control) pane.control.remove();
    pane.control = L.control.layers(null, null, { position: "bottomleft", collapsed: true });
    if (pane.online) pane.control.addOverlay(pane.online, args.tiles.name);
    pane.control.addOverlay(pane.base, args.words.at(-1));
    entries.forEach(function (layer) { pane.control.addOverlay(pane.slots.get(layer.id).group, layer.name); });
    pane.control.addTo(pane.map);
    pane.names = names;
    pane.map.fire("plannerkind", { kind: "" });
  }

  async function update(args) {
    let first = false;
    missing.clear();
    const sign = args.base + " " + args.panes.length + " " + args.words.join() + JSON.stringify(args.tiles);
    if (sign !== drawnBase) {
      /* what lies on the ground is sent while the ground is */
      args.panes.forEach(function (spec) { spec.layers.forEach(function (layer) { prepared(layer).catch(function () {}); }); });
      const rows = await ask(args.base).catch(lacks);
      if (!rows) missing.add(args.words.at(-1));
      panes.forEach(function (pane) { pane.map.remove(); });
      document.getElementById("panes").replaceChildren();
      document.getElementById("panes").dataset.count = args.panes.length;
      first = !place(args, "");
      following = true;
      panes = args.panes.map(function (_, number) { return makePane(args, rows || { under: [], over: [] }, number); });
      following = false;
      plannerShell.build(panes, args, paper, say, whole, fit);
      drawnBase = rows ? sign : null;  // asked for again with the next drawing
    }
    await Promise.all(args.panes.map(function (spec, number) { return fill(panes[number], spec, args); }));
    plannerShell.update(args, shown());
    plannerShell.missing(args, Array.from(missing));
    if (first && !paper) whole();
    if (!args.look_at) back(args);
    else if (args.look_at.token !== token) lead(args.look_at);
    again();
    /* where nobody put the map anywhere yet */
    besideArea();
    document.body.dataset.drawn = args.stamp;
    if (args.tell && args.tell !== told) window.setTimeout(seen, SEEN_MS, args.tell);
  }

  /* The rest of the page waits for its first map to be seen: it is told once, and without an answer goes on later. */
  function seen(sign) {
    if (paper || sign === told) return;
    told = sign;
    fetch("drawn/" + sign, { cache: "no-store" }).catch(lacks);
  }

  /* The whole district. What no reader chose is not remembered: not for other pages, nor a reload. */
  function whole() {
    putTo(wanted.bounds, 12, 19, false);
    forget(wanted);
  }

  /* The frame is as high as the map, and what stands below it. */
  function fit() {
    const high = wanted.height + plannerShell.below();
    document.body.style.setProperty("--map", wanted.height + "px");
    if (high !== framed) tell("setFrameHeight", { height: high });
    framed = high;
    again();
  }

  async function run() {
    if (busy) return;
    busy = true;
    let done = null;
    while (done !== wanted) {
      done = wanted;
      try {
        await update(done);
      } catch (error) {
        drawnBase = null;
        window.console.error(error);
      }
    }
    busy = false;
  }

  window.addEventListener("message", function (event) {
    if (event.source !== window.parent || event.data.type !== "streamlit:render") return;
    const args = event.data.args;
    document.documentElement.lang = args.language;
    wanted = args;
    fit();
    run();
  });

  window.plannerMaps = function () { return panes.map(function (pane) { return pane.map; }); };
  if (paper) onPaper();
  tell("componentReady", { apiVersion: 1 });
})();
