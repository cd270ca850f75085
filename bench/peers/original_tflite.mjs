// node original_tflite.mjs MODULES SECONDS model.tflite: LiteRT's CPU kernels, one thread.
import fs from 'node:fs';
import { load } from '../../tests/Decant.Interop.Tests/scripts/litert_loader.mjs';
import { measured, values } from './answers.mjs';

const [modules, seconds, file] = process.argv.slice(2);
const { loadAndCompile, Tensor, speak } = await load(modules);
const model = await loadAndCompile(new Uint8Array(fs.readFileSync(file)), { accelerator: 'wasm' });
const details = model.getInputDetails();
const inputs = details.map(d => values(d.shape, d.dtype));

// A model whose inputs have open sizes runs only once in this runtime.
const isOnce = details.some(d => [...d.shape].some(n => n < 0));
const answer = await measured(async () => {
  const fed = inputs.map(i => Tensor.fromTypedArray(...i));
  const found = await model.run(fed);
  fed.forEach(t => t.delete());
  const answers = [];
  for (const tensor of found) {
    answers.push(Float32Array.from(await tensor.data()));
    tensor.delete();
  }
  return answers;
}, seconds, isOnce);
speak();
console.log(answer);
process.exit(0);
