/* Two maps one over the other, parted by a line that can be moved: before and after. */
window.plannerSwipe = (function () {
  "use strict";

  const LEAST = 6, MOST = 94, STEP = 4;
  let panes = [], line = null, turnButton = null, on = false, at = 50;

  function build(given, shell, button, says, over) {
    panes = given;
    on = over;
    turnButton = button;
    line = plannerShell.element("div", "swipe-line", shell, "<i></i>");
    line.tabIndex = 0;
    line.setAttribute("role", "slider");
    line.setAttribute("aria-label", says.swipe_line);
    line.setAttribute("aria-valuemin", LEAST);
    line.setAttribute("aria-valuemax", MOST);
    line.addEventListener("pointerdown", function (event) {
      line.setPointerCapture(event.pointerId);
      event.preventDefault();
      line.focus();
    });
    line.addEventListener("pointermove", function (event) {
      if (!line.hasPointerCapture(event.pointerId)) return;
      const box = shell.getBoundingClientRect();
      move(100 * (event.clientX - box.left) / box.width);
    });
    line.addEventListener("keydown", function (event) {
      const way = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
      if (!way) return;
      event.preventDefault();
      move(at + way);
    });
    draw();
  }

  function move(percent) {
    at = Math.max(LEAST, Math.min(MOST, percent));
    document.getElementById("panes").style.setProperty("--at", at + "%");
    line.setAttribute("aria-valuenow", Math.round(at));
  }

  function turn() {
    on = !on;
    draw();
  }

  function draw() {
    document.getElementById("panes").classList.toggle("swipe", on);
    turnButton.setAttribute("aria-pressed", String(on));
    move(at);
    const centre = panes[0].map.getCenter(), zoom = panes[0].map.getZoom();
    panes.forEach(function (pane) {
      pane.map.invalidateSize({ animate: false });
      pane.map.setView(centre, zoom, { animate: false });
    });
  }

  return { build: build, turn: turn };
})();
