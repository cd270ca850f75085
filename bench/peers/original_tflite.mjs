// node original_tflite.mjs MODULES SECONDS model.tflite: LiteRT's CPU kernels, one thread.
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { createRequire } from 'node:module';
import { measured, values } from './answers.mjs';

const [modules, seconds, file] = process.argv.slice(2);
const litert = path.join(modules, '@litertjs', 'core');
globalThis.self = globalThis;
globalThis.__dirname = path.join(litert, 'wasm');
globalThis.require = createRequire(path.join(litert, 'x.js'));
globalThis.importScripts = script => vm.runInThisContext(fs.readFileSync(script, 'utf8'), { filename: script });
Object.defineProperty(globalThis, 'navigator', { value: { userAgent: 'node', hardwareConcurrency: 1, language: 'en' }, configurable: true });
const say = console.log;
console.warn = console.info = console.log = () => {};
const { loadLiteRt, loadAndCompile, Tensor } = await import(path.join(litert, 'dist', 'index.js'));
await loadLiteRt(path.join(litert, 'wasm') + '/');
const model = await loadAndCompile(new Uint8Array(fs.readFileSync(file)), { accelerator: 'wasm' });
const details = model.getInputDetails();
const inputs = details.map(d => values(d.shape, d.dtype));

// A model whose inputs have open sizes runs only once in this runtime.
const isOnce = details.some(d => [...d.shape].some(n => n < 0));
say(await measured(async () => {
  const fed = inputs.map(i => Tensor.fromTypedArray(...i));
  const found = await model.run(fed);
  fed.forEach(t => t.delete());
  const answers = [];
  for (const tensor of found) {
    answers.push(Float32Array.from(await tensor.data()));
    tensor.delete();
  }
  return answers;
}, seconds, isOnce));
process.exit(0);
