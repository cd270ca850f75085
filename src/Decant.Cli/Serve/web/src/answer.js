// Reads an answer of the server: a length, that much JSON, and the bytes of the tensors behind it.

const arrays = {
  float32: Float32Array, int32: Int32Array, uint8: Uint8Array, bool: Uint8Array,
  int8: Int8Array, int16: Int16Array, uint16: Uint16Array, uint32: Uint32Array, int64: BigInt64Array, uint64: BigUint64Array, float64: Float64Array,
};

/** {inputs, outputs, first, times}: tensors have name, dtype, shape and data. */
export async function fetchAnswer(seed) {
  const response = await fetch(`/api/answer?seed=${seed}`);
  if (!response.ok)
    throw new Error((await response.json()).error);
  const buffer = await response.arrayBuffer();
  const length = new DataView(buffer).getUint32(0, true);
  const answer = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  for (const tensor of [...answer.inputs, ...answer.outputs]) {
    // Copied, as the offset need not be aligned.
    tensor.data = tensor.strings ?? new arrays[tensor.dtype](buffer.slice(4 + length + tensor.offset, 4 + length + tensor.offset + tensor.bytes));
    delete tensor.strings;
  }
  return answer;
}
