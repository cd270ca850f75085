// Runs graph models and layers models in TensorFlow.js on its CPU backend, and prints for each {shapes: {output: shape}} or {error}.
// node tfjs_run.mjs MODULES jobs.json: [{model, inputs: {name: {dtype, shape, file or strings}}, outputs: {name: file}}]
// Inputs and outputs of layers models have their places for names. Files of outputs hold float64, complex numbers as pairs; of strings a JSON array.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const [modules, jobsFile] = process.argv.slice(2);
const require = createRequire(path.join(modules, 'node_modules', 'x.js'));
console.warn = console.info = () => {};
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');
const { loadGraphModel } = require('@tensorflow/tfjs-converter');
const { loadLayersModel } = require('@tensorflow/tfjs-layers');
const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array, complex64: Float32Array };

// The package @tensorflow/tfjs, which is not installed here, gives tensors the ops as methods; initializers of layers call some of them.
const methods = tf.Tensor.prototype;
for (const [name, op] of Object.entries(tf)) {
  if (typeof op === 'function' && /^[a-z]/.test(name) && !(name in methods))
    methods[name] = function (...rest) { return op(this, ...rest); };
}
methods.flatten = function () { return tf.reshape(this, [this.size]); };

async function run({ model: modelFile, inputs, outputs }) {
  const json = JSON.parse(fs.readFileSync(modelFile, 'utf8'));
  const folder = path.dirname(modelFile);
  const all = Buffer.concat(json.weightsManifest.flatMap(g => g.paths.map(p => fs.readFileSync(path.join(folder, p)))));
  const isLayers = json.format === 'layers-model';
  const model = await (isLayers ? loadLayersModel : loadGraphModel)({
    load: async () => ({
      ...json, weightsManifest: undefined,
      weightSpecs: json.weightsManifest.flatMap(g => g.weights), weightData: all.buffer.slice(all.byteOffset, all.byteOffset + all.length),
    }),
  });
  const feeds = {};
  for (const [name, input] of Object.entries(inputs)) {
    const bytes = input.strings ? null : fs.readFileSync(input.file);
    const values = input.strings ?? new arrays[input.dtype](bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    feeds[isLayers ? name : json.signature.inputs[name].name] = tf.tensor(values, input.shape, input.dtype);
  }
  const names = Object.keys(outputs);
  const found = [isLayers ? model.predict(model.inputs.map((_, i) => feeds[i])) : await model.executeAsync(feeds, names.map(n => json.signature.outputs[n].name))].flat();
  const shapes = {};
  found.forEach((tensor, i) => {
    const values = tensor.dataSync();
    fs.writeFileSync(outputs[names[i]], tensor.dtype === 'string' ? JSON.stringify(values) : Buffer.from(Float64Array.from(values).buffer));
    shapes[names[i]] = tensor.shape;
  });
  model.dispose();
  return { shapes };
}

const results = [];
for (const job of JSON.parse(fs.readFileSync(jobsFile, 'utf8')))
  results.push(await run(job).catch(e => ({ error: `${e.message}`.split('\n')[0] })));
console.log(JSON.stringify(results));
