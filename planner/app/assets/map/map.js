/* The dashboard's map in its frame: one map or several that move together.
   The base is fetched once and kept; of the layers, only those that changed are drawn anew.
   Nothing is sent to the server but a click, and that only where the page asks for clicks. */
(function () {
  "use strict";

  const KEEP = 40;
  const fetched = new Map();
  let panes = [];
  let drawnBase = null;
  let wanted = null;
  let busy = false;
  let token = null;
  let own = 0;
  let following = false;

  function tell(type, rest) {
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

  function makePane(args, rows, number) {
    const box = document.createElement("div");
    box.className = "pane";
    const title = box.appendChild(document.createElement("h2"));
    const plate = box.appendChild(document.createElement("div"));
    plate.className = "plate";
    document.getElementById("panes").appendChild(box);
    const map = L.map(plate, {
      preferCanvas: true, zoomSnap: 0.25, zoomDelta: 0.5, wheelPxPerZoomLevel: 110,
      zoomControl: false, attributionControl: number === 0
    });
    const view = place(args, "");
    if (view) map.setView([view[0], view[1]], view[2]);
    else map.fitBounds(args.bounds, { padding: [12, 12], animate: false });
    if (number === 0) L.control.zoom({ position: "topright", zoomInTitle: args.words[0], zoomOutTitle: args.words[1] }).addTo(map);
    plannerLayers.prepare(map, [number === 0 ? args.credit : "", args.words[0], args.words[1], args.words[2]]);
    const ground = L.featureGroup().addTo(map);
    plannerLayers.base(ground, rows.under, "planner-base");
    plannerLayers.base(ground, rows.over, "planner-frame");
    if (number === 0) plannerLayers.panel(map, "topright", { "": args.north }, "", "pl-compass");
    const pane = { map: map, title: title, slots: new Map(), control: null, names: "", waiting: null, base: ground };
    map.on("click", function (event) { picked(pane, event.latlng, event.originalEvent); });
    map.on("moveend", function () { moved(pane); });
    plate.addEventListener("keydown", function (event) {
      if (event.key === "Enter" && event.target === plate) picked(pane, map.getCenter(), null);
    });
    return pane;
  }

  /* Maps side by side show the same place. */
  function moved(pane) {
    if (following) return;
    following = true;
    panes.forEach(function (other) {
      if (other !== pane) other.map.setView(pane.map.getCenter(), pane.map.getZoom(), { animate: false });
    });
    following = false;
    if (wanted) remember(wanted, pane.map);
  }

  function picked(pane, latlng, source) {
    if (!wanted || !wanted.picks) return;
    const hit = (source && source.plannerHit) || { what: "place", id: "" };
    const map = pane.map;
    const across = map.distance(map.containerPointToLatLng([0, map.getSize().y / 2]),
      map.containerPointToLatLng([100, map.getSize().y / 2])) / 100;
    own += 1;
    if (pane.waiting) pane.waiting.remove();
    pane.waiting = L.marker(latlng, {
      icon: L.divIcon({ className: "waiting", iconSize: [26, 26] }), interactive: false, keyboard: false
    }).addTo(map);
    window.setTimeout(function () { if (pane.waiting) pane.waiting.remove(); }, 4000);
    tell("setComponentValue", {
      dataType: "json",
      value: {
        number: Date.now() + "-" + own, what: hit.what, id: hit.id,
        lat: latlng.lat, lon: latlng.lng, metres_per_pixel: across
      }
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

  async function fill(pane, spec, args) {
    const calls = await Promise.all(spec.layers.map(function (layer) {
      const slot = pane.slots.get(layer.id);
      return slot && slot.sign === layer.sign ? null : prepared(layer);
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
      const fresh = draw(layer, calls[number]);
      const old = slot.group.getLayers();
      slot.group.addLayer(fresh);
      old.forEach(function (each) { slot.group.removeLayer(each); });
      slot.sign = layer.sign;
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
    pane.control.addOverlay(pane.base, args.words[3]);
    entries.forEach(function (layer) { pane.control.addOverlay(pane.slots.get(layer.id).group, layer.name); });
    pane.control.addTo(pane.map);
    pane.names = names;
    pane.map.fire("plannerkind", { kind: "" });
  }

  async function update(args) {
    const sign = args.base + " " + args.panes.length + " " + args.words.join();
    if (sign !== drawnBase) {
      const rows = await ask(args.base);
      panes.forEach(function (pane) { pane.map.remove(); });
      document.getElementById("panes").replaceChildren();
      document.getElementById("panes").dataset.count = args.panes.length;
      following = true;
      panes = args.panes.map(function (_, number) { return makePane(args, rows, number); });
      following = false;
      drawnBase = sign;
    }
    await Promise.all(args.panes.map(function (spec, number) { return fill(panes[number], spec, args); }));
    if (args.look_at && args.look_at.token !== token) {
      token = args.look_at.token;
      panes[0].map.fitBounds(args.look_at.bounds, { maxZoom: 16.5, padding: [30, 30] });
    }
    document.body.dataset.drawn = args.stamp;
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
    if (!wanted || wanted.height !== args.height) tell("setFrameHeight", { height: args.height });
    document.documentElement.lang = args.language;
    wanted = args;
    run();
  });

  window.plannerMaps = function () { return panes.map(function (pane) { return pane.map; }); };
  tell("componentReady", { apiVersion: 1 });
})();
