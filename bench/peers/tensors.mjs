// What a peer in Node is told (a JSON file: model, threads, seconds, inputs, outputs, folder), and what it prints: the median in ms and its outputs.
import { readFileSync, writeFileSync } from 'node:fs';

const ARRAYS = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array };

export const task = JSON.parse(readFileSync(process.argv[2]));

export function inputs() {
  return task.inputs.map(input => {
    const bytes = readFileSync(input.file);
    const array = ARRAYS[input.dtype];
    return { ...input, values: new array(bytes.buffer, bytes.byteOffset, bytes.length / array.BYTES_PER_ELEMENT) };
  });
}

/** Runs until the time is over and prints the median; `run` gives the outputs as [values, shape]. */
export async function measure(run) {
  let results;
  for (let end = performance.now() + task.seconds * 300, i = 0; i < 3 || performance.now() < end; i++)
    results = await run();
  const times = [];
  for (let end = performance.now() + task.seconds * 1000; performance.now() < end || times.length < 10;) {
    const start = performance.now();
    results = await run();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const outputs = results.map(([values, shape], i) => {
    const file = `${task.folder}/y_${i}.bin`;
    const floats = Float32Array.from(values);
    writeFileSync(file, Buffer.from(floats.buffer));
    return { file, shape };
  });
  console.log(JSON.stringify({ median: times[times.length >> 1], runs: times.length, outputs }));
}
