// Times a run once, and then again and again.

/**
 * Calls run, which gives the outputs when they are there, once and then for a number of times.
 * Progress is told at most ten times a second, as telling takes time.
 */
export async function measure(run, runs, progress) {
  const start = performance.now();
  const outputs = await run();
  const first = performance.now() - start;
  const times = [];
  let told = 0;
  for (let i = 0; i < runs; i++) {
    const before = performance.now();
    await run();
    const after = performance.now();
    times.push(after - before);
    if (after - told > 100) {
      progress(i + 1, runs);
      told = after;
    }
  }
  return { outputs, first, times };
}
