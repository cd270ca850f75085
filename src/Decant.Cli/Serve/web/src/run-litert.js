// A .tflite file in LiteRT's runtime for WebAssembly.
import { loadAndCompile, loadLiteRt, Tensor } from '@litertjs/core';
import { measure } from './measure.js';

export async function runLiteRt({ runs, inputs, outputs, model: url }, progress) {
  const start = performance.now();
  self.Module = {
    // In a worker the glue looks for its other file beside the worker's script.
    locateFile: file => `/litert/${file}`,
    // All of its log comes as errors.
    printErr: line => /^(INFO|WARNING|VERBOSE)/.test(line) || console.error(line),
  };
  const runtime = await loadLiteRt('/litert/');
  const model = await loadAndCompile(url, { accelerator: 'wasm' });
  const load = performance.now() - start;
  const details = model.getInputDetails();
  const feeds = ordered(inputs, details).map((input, i) => {
    const { dtype } = details[i];
    if (dtype !== input.dtype)
      throw new Error(`the input ${details[i].name} is ${dtype} to LiteRT and ${input.dtype} to Decant`);
    if ([...details[i].shape].some(d => d < 0))
      throw new Error(`LiteRT.js runs models of fixed shapes: decant convert MODEL --to tflite --input-shape ${input.name}=${[...details[i].shape].map(d => Math.max(1, d)).join(',')}`);
    return new Tensor(input.data, input.shape);
  });
  const made = model.getOutputDetails();
  // Its kernels write past the room of an output that is larger than declared, and traps somewhere else are all that is seen of it.
  for (const [i, { name, shape }] of ordered(outputs, made).entries()) {
    const declared = [...made[i].shape];
    if (size(declared) !== size(shape))
      throw new Error(`LiteRT.js makes room for the output ${name} by the shape [${declared.join(', ')}] that the file declares, and for these inputs it has the shape [${shape.join(', ')}], which does not fit`);
  }
  const run = async () => {
    const results = await model.run(feeds);
    const found = results.map((t, i) => ({ name: made[i].name, dtype: t.type.dtype, shape: [...t.type.layout.dimensions], data: t.toTypedArray().slice() }));
    for (const result of results)
      result.delete();
    return found;
  };
  const { outputs: found, first, times } = await measure(run, runs, progress);
  return { load, first, times, memory: runtime.liteRtWasm.HEAPU8.byteLength, memoryOf: 'heap of WebAssembly', outputs: ordered(found, outputs).map((o, i) => ({ ...o, name: outputs[i].name })) };
}

/** How many elements: NaN, which is like nothing, when a dimension is open. */
function size(shape) {
  return shape.some(d => d < 0) ? NaN : shape.reduce((a, b) => a * b, 1);
}

/** In the order of names, or as they are when those are not known. */
function ordered(items, order) {
  const byName = new Map(items.map(i => [i.name, i]));
  return order.every(o => byName.has(o.name)) ? order.map(o => byName.get(o.name)) : items;
}
