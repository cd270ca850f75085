// Numbers as people read them.

const units = ['B', 'KB', 'MB', 'GB', 'TB'];

export function bytes(count) {
  let unit = 0;
  while (count >= 1000 && unit < units.length - 1) {
    count /= 1000;
    unit++;
  }
  return `${unit === 0 ? count : count.toPrecision(3)} ${units[unit]}`;
}

/** 1230000 as 1.23 M. */
export function large(count) {
  const scale = [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k']].find(([size]) => count >= size);
  return scale ? `${(count / scale[0]).toPrecision(3)} ${scale[1]}` : `${count}`;
}

export function milliseconds(value) {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

export function error(value) {
  return !Number.isFinite(value) ? '∞' : value === 0 || (value >= 1e-3 && value < 1e4) ? `${Number(value.toPrecision(2))}` : value.toExponential(1);
}

/** float32[1,?,3] */
export function tensor({ dtype, shape }) {
  return `${dtype}${dims(shape)}`;
}

/** [1,?,3]; nothing is known of a null shape. */
export function dims(shape) {
  return shape ? `[${shape.map(d => d ?? '?').join(',')}]` : '[…]';
}
