"""What is cut on a page, as the browser has drawn it: boxes of text, and cells of tables.

Tables are drawn on a canvas, where no box tells of a text that has no room. So what is written
there is heard from before the page is opened: each text with its width and the rectangle outside
which nothing of it is seen.
"""

from __future__ import annotations

LISTEN = """(() => {
  const own = CanvasRenderingContext2D.prototype;
  const {beginPath, rect, clip, save, restore, fillText} = own;
  const known = new WeakMap();
  const state = context => {
    if (!known.has(context)) known.set(context, {path: [], clips: [], kept: []});
    return known.get(context);
  };
  const placed = (context, x, y, width, height) => {
    const {a, d, e, f} = context.getTransform();
    return [a * x + e, d * y + f, a * (x + width) + e, d * (y + height) + f];
  };
  window.cutTexts = new Map();
  window.drawnTexts = 0;
  own.beginPath = function () {
    state(this).path = [];
    return beginPath.call(this);
  };
  own.rect = function (...box) {
    state(this).path.push(placed(this, ...box));
    return rect.apply(this, box);
  };
  own.clip = function (...how) {
    const {path, clips} = state(this);
    if (path.length === 1) clips.push(path[0]);
    return clip.apply(this, how);
  };
  own.save = function () {
    const now = state(this);
    now.kept.push([...now.clips]);
    return save.call(this);
  };
  own.restore = function () {
    const now = state(this);
    now.clips = now.kept.pop() || [];
    return restore.call(this);
  };
  own.fillText = function (text, x, y, ...more) {
    const box = state(this).clips.at(-1);
    if (box && text.trim() && this.canvas.closest('[data-testid="stDataFrame"]')) {
      const {actualBoundingBoxLeft: left, actualBoundingBoxRight: right} = this.measureText(text);
      const at = placed(this, x - left, y, left + right, 0);
      window.drawnTexts += 1;
      if (Math.max(at[2] - box[2], box[0] - at[0]) > 1 && box[2] < this.canvas.width)
        window.cutTexts.set(text, this.canvas);
    }
    return fillText.call(this, text, x, y, ...more);
  };
})()"""
"""Runs before the page's own scripts; of canvases, only those of tables are heard."""

CUT = """() => {
  const NO_WORDS = '[data-testid=stIconMaterial], style, script, canvas, svg, .leaflet-pane';
  const found = [];
  const name = one => {
    const box = one.closest('[data-testid], [class*=st-key], iframe');
    return box ? box.dataset.testid || box.className : one.tagName;
  };
  for (const sheet of [document.scrollingElement, document.querySelector('[data-testid=stMain]')])
    if (sheet && sheet.scrollWidth > sheet.clientWidth + 1)
      found.push(`the page goes ${sheet.scrollWidth - sheet.clientWidth} px sideways`);
  for (const [text, canvas] of window.cutTexts || [])
    if (canvas.isConnected) found.push(`table: ${text}`);
  const rows = '[role=tablist], [role=radiogroup], [role=group], [data-testid$=TagsContainer]';
  for (const row of document.querySelectorAll(rows))
    if (row.scrollWidth > row.clientWidth + 1 && row.innerText.trim())
      found.push(`buttons: ${row.innerText}`);
  const tables = window.innerWidth < 1366 ? [] : document.querySelectorAll('.dvn-scroller');
  for (const table of tables)
    if (!table.closest('[class*=_editor]') && table.scrollWidth > table.clientWidth + 1)
      found.push(`columns go ${table.scrollWidth - table.clientWidth} px sideways`);
  const pen = document.createElement('canvas').getContext('2d');
  for (const box of document.querySelectorAll('input:not([type=file])')) {
    if (!box.checkVisibility() || box.clientWidth < 3) continue;
    const style = getComputedStyle(box);
    pen.font = style.font;
    const words = box.role === 'combobox' && box.value || box.placeholder;
    const room = box.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const whole = document.body.innerText.includes(words);
    if (!whole && pen.measureText(words).width > room + 1) found.push(`${name(box)}: ${words}`);
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, own = node.parentElement;
    if (!node.data.trim() || !own.checkVisibility({visibilityProperty: true})) continue;
    if (own.closest(NO_WORDS)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const lines = [...range.getClientRects()].filter(line => line.width > 1);
    if (own.closest('button') && lines.length > 1 && /^[a-z]+$/i.test(node.data.trim()))
      found.push(`${name(own)}: a word in two lines: ${node.data.trim()}`);
    for (let box = own; box && lines.length; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (/auto|scroll/.test(style.overflowX + style.overflowY)) break;
      if (style.position === 'fixed') break;
      if (!/hidden|clip/.test(style.overflowX + style.overflowY)) continue;
      const edge = box.getBoundingClientRect();
      if (edge.width < 3 || edge.height < 3) break;
      const out = lines.some(line =>
        line.right > edge.right + 1.5 || line.left < edge.left - 1.5 ||
        line.bottom > edge.bottom + 4 || line.top < edge.top - 4);
      if (out) {
        found.push(`${name(own)}: ${node.data.trim().slice(0, 80)}`);
        break;
      }
    }
  }
  return [...new Set(found)];
}"""
"""Returns what is cut or goes sideways, a sentence each. Hidden and scrolling boxes cut nothing."""
