// Where a drawing is looked at: moves and zooms by pointer and wheel.
import { shape } from './dom.js';

const least = 0.02, most = 3, margin = 24;

export class Viewport {
  /** @param host the element the drawing fills; moved is called after each change */
  constructor(host, moved) {
    this.host = host;
    this.moved = moved;
    this.content = shape('g');
    this.svg = shape('svg', { 'aria-hidden': false }, this.content);
    host.append(this.svg);
    [this.x, this.y, this.scale] = [0, 0, 1];
    this.size = { width: 1, height: 1 };
    /** The point that was brought to the middle, until somebody moves the drawing. */
    this.held = null;
    host.addEventListener('wheel', e => this.wheel(e), { passive: false });
    host.addEventListener('pointerdown', e => this.drag(e));
    new ResizeObserver(() => this.resize()).observe(host);
  }

  /** The part of the drawing that is seen. */
  get seen() {
    const { clientWidth: w, clientHeight: h } = this.host;
    return { left: -this.x / this.scale, top: -this.y / this.scale, right: (w - this.x) / this.scale, bottom: (h - this.y) / this.scale };
  }

  /** Shows all of it, or as much from the top as can be read, with a place of it in the middle. */
  fit(readable = least, middle = this.size.width / 2) {
    const { clientWidth: w, clientHeight: h } = this.host;
    this.held = null;
    this.scale = Math.min(1, Math.max(readable, least, Math.min((w - 2 * margin) / this.size.width, (h - 2 * margin) / this.size.height)));
    this.x = this.size.width * this.scale > w ? w / 2 - middle * this.scale : (w - this.size.width * this.scale) / 2;
    this.y = Math.max(margin, (h - this.size.height * this.scale) / 2);
    this.apply();
  }

  /** What was brought to the middle comes there again, and else what is there stays. */
  resize() {
    const { clientWidth: w, clientHeight: h } = this.host;
    if (this.held !== null) {
      [this.width, this.height] = [w, h];
      this.center(...this.held, least);
      return;
    }
    this.x += (w - (this.width ?? w)) / 2;
    this.y += (h - (this.height ?? h)) / 2;
    [this.width, this.height] = [w, h];
    this.apply();
  }

  /** Zooms about a point of the host, by default its middle. */
  zoom(factor, x = this.host.clientWidth / 2, y = this.host.clientHeight / 2) {
    const scale = Math.min(most, Math.max(least, this.scale * factor));
    this.held = null;
    this.x = x - (x - this.x) * scale / this.scale;
    this.y = y - (y - this.y) * scale / this.scale;
    this.scale = scale;
    this.apply();
  }

  /** Brings a point of the drawing to the middle, large enough to read, or as near to it as the drawing fills the host. */
  center(x, y, readable) {
    this.held = [x, y];
    this.scale = Math.max(this.scale, readable);
    this.x = filled(this.host.clientWidth, x * this.scale, this.size.width * this.scale);
    this.y = filled(this.host.clientHeight, y * this.scale, this.size.height * this.scale);
    this.apply();
  }

  apply() {
    this.content.setAttribute('transform', `translate(${this.x} ${this.y}) scale(${this.scale})`);
    this.moved();
  }

  wheel(e) {
    e.preventDefault();
    const box = this.host.getBoundingClientRect();
    if (e.ctrlKey || e.deltaMode !== 0 || Math.abs(e.deltaY) >= 50)
      this.zoom(Math.exp(-Math.sign(e.deltaY) * Math.min(Math.abs(e.deltaY), 60) / 200), e.clientX - box.left, e.clientY - box.top);
    else {
      this.held = null;
      this.x -= e.deltaX;
      this.y -= e.deltaY;
      this.apply();
    }
  }

  drag(e) {
    if (e.button !== 0)
      return;
    let [x, y] = [e.clientX, e.clientY], isMoving = false;
    const move = m => {
      if (!isMoving && Math.hypot(m.clientX - x, m.clientY - y) < 4)
        return;
      if (!isMoving)
        this.host.setPointerCapture(e.pointerId);
      isMoving = true;
      this.held = null;
      this.x += m.clientX - x;
      this.y += m.clientY - y;
      [x, y] = [m.clientX, m.clientY];
      this.apply();
    };
    const end = () => {
      this.host.removeEventListener('pointermove', move);
      this.host.removeEventListener('pointerup', end);
      this.host.removeEventListener('pointercancel', end);
    };
    this.host.addEventListener('pointermove', move);
    this.host.addEventListener('pointerup', end);
    this.host.addEventListener('pointercancel', end);
  }
}

/** Where a drawing begins whose point comes to the middle of some room, without leaving more of it empty than it must. */
function filled(room, point, length) {
  const begin = room / 2 - point;
  return length + 2 * margin <= room ? (room - length) / 2 : Math.min(margin, Math.max(room - margin - length, begin));
}
