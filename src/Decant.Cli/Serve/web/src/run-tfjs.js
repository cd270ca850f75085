// A graph model in TensorFlow.js.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { measure } from './measure.js';

const names = { cpu: 'CPU', wasm: 'WASM', webgl: 'WebGL' };

export async function runTfjs({ backend, runs, inputs, outputs, model: url }, progress) {
  // Threads need pages to be isolated, which few sites are: this measures what most visitors get.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths('/tfjs/');
  const start = performance.now();
  if (!await tf.setBackend(backend).catch(() => false))
    throw new Error(`${names[backend]} is not available in this browser`);
  await tf.ready();
  const { signature } = await (await fetch(url)).json();
  const model = await loadGraphModel(url);
  const load = performance.now() - start;

  const feeds = {};
  for (const input of inputs)
    feeds[signature.inputs[input.name].name] = tf.tensor(input.data, input.shape, input.dtype);
  const wanted = outputs.map(o => signature.outputs[o.name].name);
  // Models with loops or tables cannot be executed at once, which they say before they begin.
  let execute = () => {
    try {
      return model.execute(feeds, wanted);
    } catch (e) {
      if (!e.message.includes('executeAsync'))
        throw e;
      execute = () => model.executeAsync(feeds, wanted);
      return execute();
    }
  };
  let tensors = 0;
  const run = async () => {
    const made = [await execute()].flat();
    tensors = Math.max(tensors, tf.memory().numBytes);
    const found = await Promise.all(made.map(async (t, i) => ({ name: outputs[i].name, dtype: t.dtype, shape: t.shape, data: await t.data() })));
    tf.dispose(made);
    return found;
  };
  const { outputs: found, first, times } = await measure(run, runs, progress);
  const memory = backend === 'wasm' ? tf.backend().wasm.HEAPU8.byteLength : backend === 'webgl' ? tf.memory().numBytesInGPU : tensors;
  return { load, first, times, memory, memoryOf: { cpu: 'tensors', wasm: 'heap of WebAssembly', webgl: 'textures' }[backend], outputs: found };
}
