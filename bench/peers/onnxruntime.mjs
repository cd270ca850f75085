// node onnxruntime.mjs TASK.json: ONNX Runtime on a model of one input.
import ort from 'onnxruntime-node';
import { task, inputs, measure } from './tensors.mjs';

const session = await ort.InferenceSession.create(task.model, { intraOpNumThreads: task.threads, interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all' });
const [{ dtype, values, shape }] = inputs();
const feeds = { [session.inputNames[0]]: new ort.Tensor(dtype, values, shape) };
await measure(async () => {
  const results = await session.run(feeds);
  return session.outputNames.map(name => [results[name].data, results[name].dims]);
});
