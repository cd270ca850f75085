// node tfjs.mjs TASK.json: TensorFlow.js on WASM with SIMD. In Node it has one thread.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { task, inputs, measure } from './tensors.mjs';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs-core');
const { loadGraphModel } = require('@tensorflow/tfjs-converter');
const { loadLayersModel } = require('@tensorflow/tfjs-layers');
require('@tensorflow/tfjs-backend-wasm');
await tf.setBackend('wasm');
await tf.ready();

const model = JSON.parse(readFileSync(task.model));
const handler = {
  load: async () => {
    const groups = model.weightsManifest;
    const data = Buffer.concat(groups.flatMap(g => g.paths).map(p => readFileSync(join(dirname(task.model), p))));
    const weightData = data.buffer.slice(data.byteOffset, data.byteOffset + data.length);
    return { ...model, weightSpecs: groups.flatMap(g => g.weights), weightData };
  },
};
const isGraph = Array.isArray(model.modelTopology.node);
const loaded = isGraph ? await loadGraphModel(handler) : await loadLayersModel(handler);
const isAsync = isGraph && model.modelTopology.node.some(n => /^(While|StatelessWhile|If|StatelessIf|Switch|Merge|NonMaxSuppression.*|Where)$/.test(n.op));
const fed = inputs().map(i => [i.name, tf.tensor(i.values, i.shape, i.dtype === 'uint8' ? 'int32' : i.dtype)]);
await measure(async () => {
  const results = isAsync ? await loaded.executeAsync(Object.fromEntries(fed), task.outputs)
    : isGraph ? loaded.execute(Object.fromEntries(fed), task.outputs) : loaded.predict(fed.map(f => f[1]));
  const tensors = Array.isArray(results) ? results : [results];
  const values = tensors.map(t => [t.dataSync(), t.shape]);
  tensors.forEach(t => t.dispose());
  return values;
});
