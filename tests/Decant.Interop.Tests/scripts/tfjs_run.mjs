// Runs a graph model in TensorFlow.js on its CPU backend.
// node tfjs_run.mjs MODULES model.json job.json: {inputs: {name: {dtype, shape, file}}, outputs: {name: file}}
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const [modules, modelFile, jobFile] = process.argv.slice(2);
const require = createRequire(path.join(modules, 'node_modules', 'x.js'));
console.warn = console.info = () => {};
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');
const { loadGraphModel } = require('@tensorflow/tfjs-converter');

const json = JSON.parse(fs.readFileSync(modelFile, 'utf8'));
const folder = path.dirname(modelFile);
const shards = json.weightsManifest.flatMap(g => g.paths.map(p => fs.readFileSync(path.join(folder, p))));
const all = Buffer.concat(shards);
const model = await loadGraphModel({
  load: async () => ({
    modelTopology: json.modelTopology, format: json.format, signature: json.signature, userDefinedMetadata: json.userDefinedMetadata,
    weightSpecs: json.weightsManifest.flatMap(g => g.weights), weightData: all.buffer.slice(all.byteOffset, all.byteOffset + all.length),
  }),
});
const job = JSON.parse(fs.readFileSync(jobFile, 'utf8'));
const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };
const feeds = {};
for (const [name, input] of Object.entries(job.inputs)) {
  const bytes = fs.readFileSync(input.file);
  const values = new arrays[input.dtype](bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  feeds[json.signature.inputs[name].name] = tf.tensor(values, input.shape, input.dtype);
}
const names = Object.keys(job.outputs);
const found = await model.executeAsync(feeds, names.map(n => json.signature.outputs[n].name));
const result = {};
[found].flat().forEach((tensor, i) => {
  fs.writeFileSync(job.outputs[names[i]], Buffer.from(Float32Array.from(tensor.dataSync()).buffer));
  result[names[i]] = tensor.shape;
});
console.log(JSON.stringify(result));
