/* Tooltips that stay inside the map, and clear of what stands over it. */
(function () {
  "use strict";

  const EDGE = 4, BELOW = 20, BESIDE = 16;
  const usual = L.Tooltip.prototype._setPosition, gone = L.Tooltip.prototype.onRemove;

  /* What stands over a map, as boxes of the window; a page that has such things says so. */
  L.Tooltip.plannerTaken = function () { return []; };

  /* Told where a tooltip was put, null when it went: what it could not be kept clear of may give way. */
  L.Tooltip.plannerPut = function () {};

  L.Tooltip.include({
    _setPosition: function (place) {
      usual.call(this, place);
      const map = this._map, box = this._container, size = map.getSize();
      const wide = box.offsetWidth, high = box.offsetHeight;
      const first = map.layerPointToContainerPoint(L.DomUtil.getPosition(box));
      const at = map.layerPointToContainerPoint(place), frame = map.getContainer().getBoundingClientRect();
      const taken = L.Tooltip.plannerTaken(map).map(function (each) {
        return { left: each.left - frame.left, right: each.right - frame.left, top: each.top - frame.top, bottom: each.bottom - frame.top };
      });
      const inside = function (x, y) {
        return L.point(
          Math.max(EDGE, Math.min(x, size.x - wide - EDGE)), Math.max(EDGE, Math.min(y, size.y - high - EDGE))
        );
      };
      const free = function (spot) {
        return taken.every(function (each) {
          return spot.x > each.right || spot.x + wide < each.left || spot.y > each.bottom || spot.y + high < each.top;
        }) && (spot.x > at.x || spot.x + wide < at.x || spot.y > at.y || spot.y + high < at.y);
      };
      const tried = [
        inside(first.x, first.y), inside(first.x, at.y + BELOW), inside(first.x, at.y - high - BELOW),
        inside(at.x - wide - BESIDE, at.y - high / 2), inside(at.x + BESIDE, at.y - high / 2)
      ];
      taken.forEach(function (each) {
        tried.push(inside(each.left - wide - EDGE, at.y + BELOW), inside(each.left - wide - EDGE, at.y - high - BELOW));
      });
      const spot = tried.find(free) || tried[0];
      const moved = Math.abs(spot.x - first.x) + Math.abs(spot.y - first.y) > 1;
      box.classList.toggle("pl-moved", moved);
      if (moved) L.DomUtil.setPosition(box, map.containerPointToLayerPoint(spot).round());
      L.Tooltip.plannerPut(box);
    },
    onRemove: function (map) {
      gone.call(this, map);
      L.Tooltip.plannerPut(null);
    }
  });
})();
