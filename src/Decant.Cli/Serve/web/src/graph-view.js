// The graph of a model: nodes in layers, coloured by what weighs most. Only what is seen is in the document.
import { shape } from './dom.js';
import { dims } from './format.js';
import { layOut } from './layered-layout.js';
import { Viewport } from './viewport.js';

const size = { width: 272, height: 50, gapX: 26, gapY: 34 };
const readable = 0.85;
/** Below this scale nodes have no text, which could not be read. */
const legible = 0.4;

export class GraphView {
  /** @param host an element with tabindex; selected is called with the index of a node, or null */
  constructor(host, selected) {
    this.host = host;
    this.selected = selected;
    this.nodes = [];
    this.hits = new Set();
    this.current = null;
    this.drawn = new Map();
    this.lines = shape('g', { class: 'edges' });
    this.boxes = shape('g', { class: 'nodes' });
    this.view = new Viewport(host, () => this.later());
    this.view.content.append(this.lines, this.boxes);
    host.addEventListener('keydown', e => this.key(e));
    host.addEventListener('click', e => {
      const box = e.target.closest?.('[data-node]');
      if (box)
        this.select(Number(box.dataset.node), false);
    });
  }

  /** Shows other nodes: [{name, op, inputs, outputs, weightBytes, macs}]. */
  show(nodes) {
    this.nodes = nodes;
    this.layout = layOut(nodes, size);
    this.readers = nodes.map(() => []);
    nodes.forEach((n, i) => new Set(n.inputs).forEach(from => this.readers[from].push(i)));
    this.view.size = { width: this.layout.width, height: this.layout.height };
    this.hits = new Set();
    this.select(null);
    this.view.fit(0.6, this.layout.x[0]);
  }

  /** Colours nodes by a measure. */
  color(measure) {
    this.measure = measure;
    this.heaviest = Math.max(0, ...this.nodes.map(n => n[measure] ?? 0));
    this.redraw();
  }

  /** Marks nodes, the rest is dimmed; an empty set marks none. */
  mark(hits) {
    this.hits = hits;
    this.redraw();
  }

  select(index, isCentered = true) {
    this.current = index;
    if (index !== null && isCentered)
      this.view.center(this.layout.x[index], this.layout.y[index], readable);
    this.redraw();
    if (index === null)
      this.host.removeAttribute('aria-activedescendant');
    else
      this.host.setAttribute('aria-activedescendant', `node-${index}`);
    this.selected(index);
  }

  later() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  redraw() {
    this.boxes.replaceChildren();
    this.drawn.clear();
    this.isDrawn = false;
    this.later();
  }

  draw() {
    const { left, top, right, bottom } = this.view.seen;
    const isLegible = this.view.scale >= legible;
    if (isLegible !== this.wasLegible) {
      this.boxes.replaceChildren();
      this.drawn.clear();
      this.wasLegible = isLegible;
    }
    const margin = size.width;
    this.nodes.forEach((_, i) => {
      const [x, y] = [this.layout.x[i], this.layout.y[i]];
      const isSeen = x > left - margin && x < right + margin && y > top - margin && y < bottom + margin;
      if (isSeen && !this.drawn.has(i)) {
        const box = this.box(i, isLegible);
        this.drawn.set(i, box);
        this.boxes.append(box);
      } else if (!isSeen && this.drawn.has(i)) {
        this.drawn.get(i).remove();
        this.drawn.delete(i);
      }
    });
    this.drawEdges(top - margin, bottom + margin);
  }

  drawEdges(top, bottom) {
    const near = new Set(this.current === null ? [] : [this.current]);
    const paths = ['', ''];
    for (const { from, to, points } of this.layout?.edges ?? []) {
      if (points.at(-1)[1] < top || points[0][1] > bottom)
        continue;
      let d = `M${points[0][0]} ${points[0][1] + size.height / 2}`;
      for (let i = 1; i < points.length; i++) {
        const [x0, y0] = points[i - 1], [x1, y1] = points[i];
        const start = i === 1 ? y0 + size.height / 2 : y0, end = i === points.length - 1 ? y1 - size.height / 2 : y1;
        const bend = (end - start) / 2;
        d += `C${x0} ${start + bend} ${x1} ${end - bend} ${x1} ${end}`;
      }
      paths[near.has(from) || near.has(to) ? 1 : 0] += d;
    }
    this.lines.replaceChildren(shape('path', { d: paths[0] }), shape('path', { d: paths[1], class: 'near' }));
  }

  box(i, isLegible) {
    const node = this.nodes[i];
    const heat = this.heaviest > 0 ? (node[this.measure] ?? 0) / this.heaviest : 0;
    const box = shape('g', {
      id: `node-${i}`, 'data-node': i, role: 'option', 'aria-selected': i === this.current, 'aria-label': `${node.op} ${node.name}`,
      class: `node${i === this.current ? ' current' : ''}${this.hits.has(i) ? ' hit' : this.hits.size > 0 ? ' dim' : ''}${node.op === 'Placeholder' || node.op === '_Arg' ? ' input' : ''}`,
      transform: `translate(${this.layout.x[i] - size.width / 2} ${this.layout.y[i] - size.height / 2})`,
    }, shape('rect', { width: size.width, height: size.height, rx: 7 }));
    // The square root shows what is a hundredth of the heaviest, too.
    box.style.setProperty('--heat', `${Math.round(Math.sqrt(heat) * 100)}%`);
    if (isLegible) {
      box.append(
        shape('title', {}, `${node.op}\n${node.name}`),
        shape('text', { x: 12, y: 21, class: 'op' }, short(node.op, 26)),
        shape('text', { x: 12, y: 38, class: 'where' }, short(lastPart(node.name), 31 - dims(node.outputs[0]?.shape).length)),
        shape('text', { x: size.width - 12, y: 38, class: 'dims', 'text-anchor': 'end' }, node.outputs.length > 0 ? short(dims(node.outputs[0].shape), 20) : ''));
    }
    return box;
  }

  key(e) {
    if (e.ctrlKey || e.metaKey || e.altKey || this.nodes.length === 0)
      return;
    const i = this.current;
    const beside = step => {
      const layer = this.nodes.map((_, n) => n).filter(n => this.layout.y[n] === this.layout.y[i]).sort((a, b) => this.layout.x[a] - this.layout.x[b]);
      return layer[layer.indexOf(i) + step] ?? i;
    };
    const actions = {
      ArrowDown: () => this.select(i === null ? 0 : this.readers[i][0] ?? i),
      ArrowUp: () => this.select(i === null ? 0 : this.nodes[i].inputs[0] ?? i),
      ArrowLeft: () => this.select(i === null ? 0 : beside(-1)),
      ArrowRight: () => this.select(i === null ? 0 : beside(1)),
      Home: () => this.select(0),
      End: () => this.select(this.nodes.length - 1),
      Escape: () => this.select(null),
      '+': () => this.view.zoom(1.25),
      '=': () => this.view.zoom(1.25),
      '-': () => this.view.zoom(0.8),
      0: () => this.view.fit(),
    };
    if (actions[e.key]) {
      e.preventDefault();
      actions[e.key]();
    }
  }
}

function short(text, length) {
  return text.length <= length ? text : `${text.slice(0, Math.max(1, length - 1))}…`;
}

/** Of a/b/Conv2D only Conv2D, as the scope says little in a box. */
function lastPart(name) {
  return name.slice(name.lastIndexOf('/') + 1);
}
