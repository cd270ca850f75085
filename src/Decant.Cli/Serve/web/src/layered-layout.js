// Places the nodes of a graph in layers, inputs on top: longest paths give the layers, means of neighbours the order and the places.

const sweeps = 12;
const mostBends = 20_000;

/**
 * @param nodes [{inputs: [index]}]
 * @param size {width, height, gapX, gapY} of a node and between nodes
 * @returns {x, y (of the centres), edges: [{from, to, points}], width, height}
 */
export function layOut(nodes, size) {
  const layer = layersOf(nodes);
  const slots = nodes.map((_, i) => ({ layer: layer[i], width: size.width, up: [], down: [] }));
  const edges = [];
  const isBent = nodes.reduce((sum, n, i) => sum + n.inputs.reduce((s, from) => s + layer[i] - layer[from] - 1, 0), 0) <= mostBends;
  nodes.forEach((node, to) => {
    for (const from of new Set(node.inputs)) {
      const path = [from];
      // An edge that passes a layer has a place there.
      for (let l = layer[from] + 1; isBent && l < layer[to]; l++)
        path.push(slots.push({ layer: l, width: size.gapX, up: [], down: [] }) - 1);
      path.push(to);
      for (let i = 1; i < path.length; i++) {
        slots[path[i - 1]].down.push(path[i]);
        slots[path[i]].up.push(path[i - 1]);
      }
      edges.push({ from, to, path });
    }
  });
  const layers = [];
  slots.forEach((slot, i) => (layers[slot.layer] ??= []).push(i));
  order(layers, slots);
  place(layers, slots, size);
  const least = slots.reduce((m, s) => Math.min(m, s.x - s.width / 2), Infinity);
  const y = slot => slot.layer * (size.height + size.gapY) + size.height / 2;
  for (const slot of slots)
    slot.x -= least;
  return {
    x: nodes.map((_, i) => slots[i].x),
    y: nodes.map((_, i) => y(slots[i])),
    edges: edges.map(({ from, to, path }) => ({ from, to, points: path.map(i => [slots[i].x, y(slots[i])]) })),
    width: nodes.length === 0 ? 0 : slots.reduce((m, s) => Math.max(m, s.x + s.width / 2), 0),
    height: layers.length * (size.height + size.gapY) - size.gapY,
  };
}

/** A layer below all inputs; what has no inputs stands just above its first reader. */
function layersOf(nodes) {
  const readers = nodes.map(() => []);
  const open = nodes.map(n => n.inputs.length);
  nodes.forEach((n, i) => n.inputs.forEach(from => readers[from].push(i)));
  const layer = nodes.map(() => 0);
  const ready = nodes.flatMap((_, i) => (open[i] === 0 ? [i] : []));
  for (let next = 0; next < ready.length; next++) {
    for (const reader of readers[ready[next]]) {
      layer[reader] = Math.max(layer[reader], layer[ready[next]] + 1);
      if (--open[reader] === 0)
        ready.push(reader);
    }
  }
  nodes.forEach((n, i) => {
    if (n.inputs.length === 0 && readers[i].length > 0)
      layer[i] = Math.max(0, Math.min(...readers[i].map(r => layer[r])) - 1);
  });
  return layer;
}

/** Orders each layer by the mean place of its neighbours, down and up in turns. */
function order(layers, slots) {
  const renumber = layer => layer.forEach((slot, i) => (slots[slot].order = i - layer.length / 2));
  layers.forEach(renumber);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const isDown = sweep % 2 === 0;
    for (const layer of isDown ? layers : layers.toReversed()) {
      for (const i of layer) {
        const near = isDown ? slots[i].up : slots[i].down;
        slots[i].wish = near.length === 0 ? slots[i].order : near.reduce((sum, n) => sum + slots[n].order, 0) / near.length;
      }
      layer.sort((a, b) => slots[a].wish - slots[b].wish);
      renumber(layer);
    }
  }
}

/** Gives each slot the mean x of its neighbours, as far as those beside it allow. */
function place(layers, slots, { gapX }) {
  for (const layer of layers) {
    let x = 0;
    for (const i of layer) {
      slots[i].x = x + slots[i].width / 2;
      x += slots[i].width + gapX;
    }
    for (const i of layer)
      slots[i].x -= x / 2;
  }
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const isDown = sweep % 2 === 0;
    for (const layer of isDown ? layers : layers.toReversed()) {
      const wishes = layer.map(i => {
        const near = isDown ? slots[i].up : slots[i].down;
        return near.length === 0 ? slots[i].x : near.reduce((sum, n) => sum + slots[n].x, 0) / near.length;
      });
      spread(layer, wishes, slots, gapX).forEach((x, k) => (slots[layer[k]].x = x));
    }
  }
}

/** The places nearest to the wishes, in the sense of least squares, that keep the order and the distances. */
function spread(layer, wishes, slots, gapX) {
  let offset = 0;
  const offsets = layer.map((slot, i) => (offset += i === 0 ? 0 : (slots[layer[i - 1]].width + slots[slot].width) / 2 + gapX));
  const blocks = [];
  wishes.forEach((wish, i) => {
    blocks.push({ sum: wish - offsets[i], count: 1 });
    while (blocks.length > 1 && blocks.at(-2).sum / blocks.at(-2).count > blocks.at(-1).sum / blocks.at(-1).count) {
      const last = blocks.pop();
      blocks.at(-1).sum += last.sum;
      blocks.at(-1).count += last.count;
    }
  });
  return blocks.flatMap(({ sum, count }) => Array(count).fill(sum / count)).map((base, i) => base + offsets[i]);
}
