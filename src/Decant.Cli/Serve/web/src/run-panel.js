// Runs the model in a worker and shows what came of it.
import { fetchAnswer } from './answer.js';
import { byId, element, name } from './dom.js';
import { bytes, error, milliseconds, tensor } from './format.js';
import { compare, latency } from './statistics.js';

const labels = { wasm: 'WASM', webgl: 'WebGL', cpu: 'CPU', litert: 'LiteRT (WASM)' };

const said = { yes: 'agree with', close: 'are close to', no: 'do not agree with' };
const ranked = 'The model chooses by scores of 8-bit integers, which each runtime rounds in its own way: of scores that are almost the same it may choose others.';
const verdicts = {
  yes: { kind: 'good', text: '✓ yes', title: 'No value is off by more than 0.01 % of the largest' },
  close: { kind: 'near', text: '≈ close', title: 'No value is off by more than 1 % of the largest, or by 5 steps of 8-bit integers' },
  no: { kind: 'bad', text: '✗ no', title: 'A value is off by more than 1 % of the largest' },
};

export function showRun(model) {
  const rows = new Map();
  let worker;
  const body = byId('latency').tBodies[0];
  byId('backends').append(...model.backends.map((b, i) => element('label', {}, element('input', { type: 'radio', name: 'backend', value: b, checked: i === 0 }), element('span', {}, labels[b]))));
  byId('inputs').tBodies[0].append(...model.inputs.map(i => element('tr', {}, element('th', { scope: 'row' }, name(i.name)), element('td', {}, tensor(i)))));
  if (model.problem) {
    byId('problem').textContent = model.problem;
    byId('problem').hidden = false;
    byId('run-form').hidden = byId('latency').hidden = true;
    return;
  }

  const row = (backend, cells) => {
    if (rows.size === 0)
      body.replaceChildren();
    const made = element('tr', { 'data-backend': backend }, element('th', { scope: 'row' }, labels[backend] ?? backend), ...cells);
    if (rows.has(backend))
      rows.get(backend).replaceWith(made);
    else
      body.append(made);
    rows.set(backend, made);
  };
  const say = text => (byId('status').textContent = text);
  const end = text => {
    worker?.terminate();
    worker = undefined;
    byId('start').hidden = false;
    byId('stop').hidden = true;
    say(text);
  };

  byId('run-form').addEventListener('submit', async e => {
    e.preventDefault();
    const backend = new FormData(byId('run-form')).get('backend') ?? document.querySelector('[name=backend]:checked').value;
    const runs = Number(byId('runs').value), mine = {};
    byId('start').hidden = true;
    byId('stop').hidden = false;
    byId('stop').focus();
    worker = mine;
    try {
      say('Decant computes the expected outputs…');
      const answer = await fetchAnswer(Number(byId('seed').value));
      if (worker !== mine)
        return;
      row('Decant', [...figures(answer, null), element('td', {}, '')]);
      say('Loading the model…');
      worker = new Worker('/runner.js');
      worker.onerror = event => end(`The worker failed: ${event.message}`);
      worker.onmessage = ({ data }) => {
        if (data.type === 'progress')
          say(`Run ${data.done} of ${data.all}…`);
        else if (data.type === 'failed') {
          row(backend, [element('td', { colspan: 6, class: 'bad' }, data.message)]);
          end(`${labels[backend]} failed.`);
          byId('start').focus();
        } else {
          const compared = data.report.outputs.map((o, i) => ({ ...o, ...compare(answer.outputs[i], o) }));
          const agrees = ['no', 'close', 'yes'].find(a => compared.some(c => c.agrees === a));
          row(backend, [...figures(data.report, data.report), verdict(agrees)]);
          showOutputs(compared);
          end(`${labels[backend]}: ${runs} runs, outputs ${said[agrees]} Decant’s.${agrees === 'no' && model.ranks ? ` ${ranked}` : ''}`);
          byId('start').focus();
        }
      };
      worker.postMessage({ backend, runs, model: new URL(model.url, location.href).href, inputs: answer.inputs, outputs: answer.outputs.map(({ name, dtype, shape }) => ({ name, dtype, shape })) });
    } catch (e) {
      end(e.message);
    }
  });
  byId('stop').addEventListener('click', () => {
    if (worker && !(worker instanceof Worker))
      worker = undefined;
    end('Stopped.');
    byId('start').focus();
  });
}

/** The cells between a row's name and its verdict. */
function figures({ load, first, times, memory }, report) {
  const { median, p90 } = latency(times);
  return [load, first, median, p90].map(v => element('td', { class: 'number' }, v === undefined ? '' : milliseconds(v)))
    .concat(element('td', { class: 'number', title: report?.memoryOf }, memory === undefined ? '' : bytes(memory)));
}

function verdict(agrees) {
  const { kind, text, title } = verdicts[agrees];
  return element('td', { class: kind, title }, text);
}

function showOutputs(compared) {
  byId('outputs').hidden = false;
  byId('outputs').tBodies[0].replaceChildren(...compared.map(o => element('tr', {},
    element('th', { scope: 'row' }, name(o.name)), element('td', {}, tensor(o)),
    element('td', { class: 'number' }, error(o.absolute)), element('td', { class: 'number' }, error(o.relative)), verdict(o.agrees))));
}
