// Runs a model in LiteRT with its CPU kernels.
// node litert_run.mjs MODULES model.tflite job.json: {inputs: {name: {dtype, shape, file}}, outputs: {name: file}}
import fs from 'node:fs';
import path from 'node:path';
import { load } from './litert_loader.mjs';

const [modules, modelFile, jobFile] = process.argv.slice(2);
const { loadAndCompile, Tensor } = await load(path.join(modules, 'node_modules'));
const model = await loadAndCompile(new Uint8Array(fs.readFileSync(modelFile)), { accelerator: 'wasm' });

const job = JSON.parse(fs.readFileSync(jobFile, 'utf8'));
const arrays = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array };
const feeds = {};
for (const [name, input] of Object.entries(job.inputs)) {
  const bytes = fs.readFileSync(input.file);
  feeds[name] = Tensor.fromTypedArray(new arrays[input.dtype](bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)), input.shape);
}
const found = await model.run(feeds);
const result = {};
for (const [name, file] of Object.entries(job.outputs)) {
  const tensor = found[name];
  fs.writeFileSync(file, Buffer.from(Float32Array.from(await tensor.data()).buffer));
  result[name] = [...tensor.type.layout.dimensions];
}
process.stdout.write(JSON.stringify(result) + '\n');
process.exit(0);
