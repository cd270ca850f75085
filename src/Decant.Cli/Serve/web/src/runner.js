// The worker that runs the model, one life per measurement: nothing of an earlier one is warm.
import { runLiteRt } from './run-litert.js';
import { runTfjs } from './run-tfjs.js';

self.onmessage = async ({ data: job }) => {
  try {
    const report = await (job.backend === 'litert' ? runLiteRt : runTfjs)(job, (done, all) => self.postMessage({ type: 'progress', done, all }));
    self.postMessage({ type: 'done', report });
  } catch (e) {
    self.postMessage({ type: 'failed', message: e instanceof Error ? e.message : String(e) });
  }
};
