// node litert.mjs TASK.json: LiteRT's kernels (XNNPACK) for browsers, one thread, on a .tflite file.
import fs from 'node:fs';
import path from 'node:path';
import { load } from '../../tests/Decant.Interop.Tests/scripts/litert_loader.mjs';
import { task, inputs, measure } from './tensors.mjs';

const { loadAndCompile, Tensor, speak } = await load(path.join(import.meta.dirname, 'node_modules'));
const model = await loadAndCompile(new Uint8Array(fs.readFileSync(task.model)), { accelerator: 'wasm' });
const given = inputs();
const ordered = model.getInputDetails().map((detail, i) => given.find(input => input.name === detail.name) ?? given[i]);
speak();
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
