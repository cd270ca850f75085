// node onnxruntime.mjs MODEL.onnx THREADS SECONDS INPUT.bin SHAPE OUT_PREFIX: runs a model with one float32 input, prints the median in ms, writes the outputs.
import { readFileSync, writeFileSync } from 'node:fs';
import ort from 'onnxruntime-node';

const [model, threads, seconds, input, shape, prefix] = process.argv.slice(2);
const session = await ort.InferenceSession.create(model, { intraOpNumThreads: Number(threads), interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all' });
const bytes = readFileSync(input);
const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
const feeds = { [session.inputNames[0]]: new ort.Tensor('float32', values, shape.split(',').map(Number)) };
let results = await session.run(feeds);
const times = [];
const end = performance.now() + Number(seconds) * 1000;
while (performance.now() < end || times.length < 10) {
  const start = performance.now();
  results = await session.run(feeds);
  times.push(performance.now() - start);
}
times.sort((a, b) => a - b);
for (const name of session.outputNames)
  writeFileSync(`${prefix}${name.replace(/[^A-Za-z0-9]/g, '_')}.bin`, Buffer.from(results[name].data.buffer, results[name].data.byteOffset, results[name].data.byteLength));
console.log(JSON.stringify({ median: times[times.length >> 1], runs: times.length, outputs: session.outputNames.map(n => [n, results[n].dims]) }));
