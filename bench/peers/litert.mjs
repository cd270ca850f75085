// node litert.mjs TASK.json: LiteRT's kernels (XNNPACK) for browsers, one thread, on a .tflite file.
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { createRequire } from 'node:module';
import { task, inputs, measure } from './tensors.mjs';

const litert = path.join(import.meta.dirname, 'node_modules', '@litertjs', 'core');
globalThis.self = globalThis;
globalThis.__dirname = path.join(litert, 'wasm');
globalThis.require = createRequire(path.join(litert, 'x.js'));
globalThis.importScripts = script => vm.runInThisContext(fs.readFileSync(script, 'utf8'), { filename: script });
Object.defineProperty(globalThis, 'navigator', { value: { userAgent: 'node', hardwareConcurrency: 1, language: 'en' }, configurable: true });
const say = console.log;
console.warn = console.info = console.log = () => {};
const { loadLiteRt, loadAndCompile, Tensor } = await import(path.join(litert, 'dist', 'index.js'));
await loadLiteRt(path.join(litert, 'wasm') + '/');
const model = await loadAndCompile(new Uint8Array(fs.readFileSync(task.model)), { accelerator: 'wasm' });
const given = inputs();
const ordered = model.getInputDetails().map((detail, i) => given.find(input => input.name === detail.name) ?? given[i]);
console.log = say;
await measure(async () => {
  const fed = ordered.map(({ values, shape }) => Tensor.fromTypedArray(values, shape));
  const found = await model.run(fed);
  fed.forEach(tensor => tensor.delete());
  const answers = [];
  for (const tensor of found) {
    answers.push([(await tensor.data()).slice(), tensor.type.layout.dimensions]);
    tensor.delete();
  }
  return answers;
});
process.exit(0);
