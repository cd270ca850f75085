// The graph with what is around it: search, colours, details of a node, the heaviest nodes.
import { byId, element, name } from './dom.js';
import { bytes, dims, large, tensor } from './format.js';
import { GraphView } from './graph-view.js';

const mostListed = 8;

export function showGraph({ functions }) {
  let nodes = [], found = [], at = -1;
  const search = byId('search'), measure = byId('measure'), chosen = byId('function');
  const view = new GraphView(byId('canvas'), index => describe(index === null ? null : nodes[index], nodes, i => view.select(i)));

  const look = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(w => w);
    found = words.length === 0 ? [] : nodes.flatMap((n, i) => {
      const text = `${n.name} ${n.op} ${n.outputs.map(tensor).join(' ')}`.toLowerCase();
      return words.every(w => text.includes(w)) ? [i] : [];
    });
    at = -1;
    byId('hits').textContent = words.length === 0 ? '' : found.length === 0 ? 'none' : `${found.length} of ${nodes.length}`;
    view.mark(new Set(found));
  };
  const color = () => {
    view.color(measure.value);
    listHeaviest(nodes, measure.value, i => view.select(i));
  };
  const show = () => {
    nodes = functions[chosen.selectedIndex].nodes;
    view.show(nodes);
    color();
    look();
  };

  search.addEventListener('input', look);
  search.addEventListener('keydown', e => {
    if (e.key === 'Enter' && found.length > 0) {
      e.preventDefault();
      at = (at + (e.shiftKey ? -1 : 1) + found.length) % found.length;
      byId('hits').textContent = `${at + 1} of ${found.length}`;
      view.select(found[at]);
    } else if (e.key === 'Escape') {
      search.value = '';
      look();
    }
  });
  document.addEventListener('keydown', e => {
    if (e.key === '/' && !(e.target instanceof HTMLInputElement) && !(e.target instanceof HTMLSelectElement)) {
      e.preventDefault();
      search.focus();
    }
  });
  measure.addEventListener('change', color);
  chosen.addEventListener('change', show);
  byId('zoom-in').addEventListener('click', () => view.view.zoom(1.25));
  byId('zoom-out').addEventListener('click', () => view.view.zoom(0.8));
  byId('fit').addEventListener('click', () => view.view.fit());
  chosen.append(...functions.map(f => element('option', {}, f.name === '' ? 'main' : f.name)));
  byId('function-field').hidden = functions.length < 2;
  if (!functions[0].nodes.some(n => n.weightBytes > 0))
    measure.value = 'macs';
  show();
}

function describe(node, nodes, select) {
  const details = byId('details');
  if (node === null) {
    details.replaceChildren(element('p', { class: 'quiet' }, 'Select a node to see what is known of it.'));
    return;
  }
  const rows = [
    ['Outputs', node.outputs.map(o => element('div', {}, tensor(o)))],
    ['Inputs', [...new Set(node.inputs)].map(i => element('button', { type: 'button', class: 'link', onclick: () => select(i) }, name(nodes[i].name)))],
    ['Weights', node.weights.map(w => element('div', {}, `${w.dtype}${dims(w.shape)} `, element('span', { class: 'quiet' }, `${bytes(w.bytes)}  `, name(w.name))))],
    ['Multiply-adds', node.macs > 0 ? [large(node.macs)] : []],
  ];
  details.replaceChildren(
    element('h3', {}, name(node.op)), element('p', { class: 'name' }, name(node.name)),
    element('dl', {}, ...rows.filter(([, content]) => content.length > 0).flatMap(([term, content]) => [element('dt', {}, term), element('dd', {}, ...content)])));
}

function listHeaviest(nodes, measure, select) {
  const total = nodes.reduce((sum, n) => sum + (n[measure] ?? 0), 0);
  const order = nodes.map((n, i) => [n[measure] ?? 0, i]).filter(([value]) => value > 0).sort((a, b) => b[0] - a[0] || a[1] - b[1]).slice(0, mostListed);
  byId('heaviest-heading').textContent = measure === 'macs' ? 'Most multiply-adds' : 'Heaviest weights';
  byId('heaviest').replaceChildren(...order.map(([value, i]) => {
    const bar = element('span', { class: 'bar' });
    bar.style.width = `${(100 * value / order[0][0]).toFixed(1)}%`;
    return element('li', {}, element('button', { type: 'button', class: 'link', onclick: () => select(i), title: nodes[i].name },
      element('span', { class: 'what' }, element('b', {}, name(nodes[i].op)), ' ', name(nodes[i].name.split('/').slice(-2).join('/'))),
      element('span', { class: 'amount' }, `${measure === 'macs' ? large(value) : bytes(value)} · ${(100 * value / total).toFixed(value / total < 0.1 ? 1 : 0)} %`), bar));
  }));
  if (order.length === 0)
    byId('heaviest').replaceChildren(element('li', { class: 'quiet' }, measure === 'macs' ? 'No multiply-adds are known.' : 'No node reads weights.'));
}
