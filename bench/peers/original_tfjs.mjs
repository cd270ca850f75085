// node original_tfjs.mjs MODULES SECONDS model.json: TensorFlow.js on WASM, one thread.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { measured, values } from './answers.mjs';

const [modules, seconds, file] = process.argv.slice(2);
const require = createRequire(path.join(modules, 'x.js'));
console.warn = console.info = () => {};
const tf = require('@tensorflow/tfjs-core');
const { loadGraphModel } = require('@tensorflow/tfjs-converter');
require('@tensorflow/tfjs-backend-wasm');
await tf.setBackend('wasm');
await tf.ready();
const json = JSON.parse(fs.readFileSync(file));
const data = Buffer.concat(json.weightsManifest.flatMap(g => g.paths.map(p => fs.readFileSync(path.join(path.dirname(file), p)))));
const model = await loadGraphModel({
  load: async () => ({
    ...json, weightsManifest: undefined, weightSpecs: json.weightsManifest.flatMap(g => g.weights), weightData: data.buffer.slice(data.byteOffset, data.byteOffset + data.length),
  }),
});
const feeds = Object.fromEntries(model.inputs.map(input => [input.name, tf.tensor(...values(input.shape, input.dtype), input.dtype)]));
console.log(await measured(async () => {
  const found = [await model.executeAsync(feeds)].flat();
  const answers = found.map(t => Float32Array.from(t.dataSync()));
  found.forEach(t => t.dispose());
  return answers;
}, seconds));
