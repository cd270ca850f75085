import { byId } from './dom.js';
import { bytes, large } from './format.js';
import { showGraph } from './graph-panel.js';
import { showRun } from './run-panel.js';

async function get(path) {
  const response = await fetch(path);
  if (!response.ok)
    throw new Error(`${path}: ${response.status}`);
  return response.json();
}

async function show() {
  try {
    const [model, graph] = await Promise.all([get('/api/model'), get('/api/graph')]);
    document.title = `${model.name} – Decant`;
    byId('title').textContent = model.name;
    byId('summary').textContent = [
      model.format, bytes(model.fileBytes), `${large(model.parameters)} parameters`, model.macs > 0 ? `${large(model.macs)} multiply-adds` : null, model.conversion,
    ].filter(p => p).join('  ·  ');
    showRun(model);
    showGraph(graph);
  } catch (e) {
    byId('title').textContent = 'The model cannot be shown';
    byId('problem').textContent = e.message;
    byId('problem').hidden = false;
  }
}

show();
