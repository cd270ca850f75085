// What runs come to, and how outputs compare.

/** Of the largest value of an output: float32 sums in another order, and what half precision or a few hundred layers make of it. */
const same = 1e-4, close = 1e-2;
/** 2 % of what 8 bits can say: quantized values are rounded in every layer, and not by all in the same way. */
const closeSteps = 5;

/** The median, and the time that nine of ten do not exceed (nearest rank). */
export function latency(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return {
    median: (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2,
    p90: sorted[Math.ceil(sorted.length * 0.9) - 1],
  };
}

/** The largest errors of found values beside expected ones, and whether they agree: yes, close or no. */
export function compare(expected, found) {
  if (expected.shape.length !== found.shape.length || expected.shape.some((d, i) => d !== found.shape[i]))
    return { agrees: 'no', absolute: Infinity, relative: Infinity };
  let absolute = 0, relative = 0, largest = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const a = Number(expected.data[i]), b = Number(found.data[i]);
    if (typeof expected.data[i] === 'string' ? expected.data[i] === found.data[i] : a === b || (Number.isNaN(a) && Number.isNaN(b))) {
      largest = Math.max(largest, Number.isFinite(a) ? Math.abs(a) : 0);
      continue;
    }
    const error = Number.isFinite(a - b) ? Math.abs(a - b) : Infinity;
    absolute = Math.max(absolute, error);
    largest = Math.max(largest, Number.isFinite(a) ? Math.abs(a) : 0);
    relative = Math.max(relative, a === 0 ? 0 : error / Math.abs(a));
  }
  const isReal = expected.dtype.startsWith('float');
  const agrees = absolute <= (isReal ? same * largest : 0) ? 'yes' : absolute <= (isReal ? close * largest : closeSteps) ? 'close' : 'no';
  return { agrees, absolute, relative };
}
