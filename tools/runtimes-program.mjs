// What tools/runtimes.mjs runs in Node, Deno and Bun: opens a run of every task from its folder and compares what it answers with what the command did.

import { readFileSync } from 'node:fs';
import { backendReport, openRun } from 'unrolled';
import { createServer } from '@unrolled/server';
import { ask, runs } from './pipelines.js';

const json = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const answers = json('./fixtures/runs/answers.json');
const images = json('./pixels/all.json');
const pixelsOf = (path) => ({ ...images[path], data: Uint8Array.from(images[path].data) });
const inputs = {
  image: async (name) => pixelsOf(name),
  clip: async (name) =>
    Object.keys(images)
      .filter((path) => path.startsWith(`${name}/`))
      .sort()
      .map(pixelsOf),
  waves: async () =>
    readFileSync(new URL('./fixtures/runs/inputs/waves.csv', import.meta.url), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').map(Number)),
};

/** Throws unless both are the same, numbers within a tolerance. */
function same(got, expected, tolerance, path) {
  if (typeof got === 'number' && typeof expected === 'number') {
    if (Math.abs(got - expected) <= tolerance * Math.max(1, Math.abs(expected))) return;
  } else if (typeof got === 'object' && got !== null && typeof expected === 'object' && expected !== null) {
    for (const key of new Set([...Object.keys(got), ...Object.keys(expected)]))
      same(got[key], expected[key], tolerance, `${path}.${key}`);
    return;
  } else if (got === expected) return;
  throw new Error(`${path}: got ${JSON.stringify(got)}, expected ${JSON.stringify(expected)}`);
}

for (const name of runs) {
  const run = await openRun(new URL(`./fixtures/runs/${name}/`, import.meta.url));
  const [got, expected] = await ask(name, run, answers, inputs);
  // Images were resized by sharp and are resized here by the library. The other numbers were rounded, mostly to six digits, and one of Bun's logarithms
  // may round to the neighbor.
  same(got, expected, /^(caption|vqa|video)/.test(name) ? 0.02 : 2e-6, name);
}

// The server, without threads of its own.
const server = createServer({ runs: { poems: new URL('./fixtures/runs/text-lstm/', import.meta.url) }, workers: 0 });
const request = (body) =>
  new Request('http://localhost/v1/completions', { method: 'POST', body: JSON.stringify(body) });
const asked = { model: 'poems', prompt: 'the ', max_tokens: 20, seed: 1 };
const whole = await (await server.fetch(request(asked))).json();
const streamed = await (await server.fetch(request({ ...asked, stream: true }))).text();
const events = streamed.split('\n\n').filter((event) => event.startsWith('data: {'));
const text = events.map((event) => JSON.parse(event.slice(6)).choices[0].text).join('');
same([text, text.length, streamed.endsWith('data: [DONE]\n\n')], [whole.choices[0].text, 20, true], 0, 'server');
await server.close();

console.log(
  `${runs.length} runs answer as they did, and the server gives one's text whole and streamed (${backendReport().taken})`,
);
