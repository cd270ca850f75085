// The same inputs for every model of the same shapes, and how long a model takes for them.
const ARRAYS = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array };
let state = 1;

/** Values from 0 to 1 for a shape, where sizes that are open are 1. */
export function values(shape, dtype) {
  const sizes = [...shape].map(n => (n > 0 ? n : 1));
  const next = () => (state = (state * 48271) % 2147483647) / 2147483647;
  return [ARRAYS[dtype].from({ length: sizes.reduce((a, b) => a * b, 1) }, next), sizes];
}

/** The line for bench/peers/originals: the median in ms, and the answers in an order that does not depend on their names. */
export async function measured(run, seconds, isOnce = false) {
  const begin = performance.now();
  const answers = await run();
  const first = performance.now() - begin;
  for (const warm = performance.now() + 300 * seconds; !isOnce && performance.now() < warm;)
    await run();
  const times = isOnce ? [first] : [];
  for (const end = performance.now() + 1000 * seconds; !isOnce && (performance.now() < end || times.length < 5);) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  answers.sort((a, b) => a.length - b.length || a[0] - b[0]);
  return JSON.stringify({ ms: times[times.length >> 1], answers: answers.map(a => [...a]) });
}
