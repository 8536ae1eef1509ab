// A run as a zip of its folder, which the command and `openRun` open: configuration, the files of its task, measurements, the checkpoint with its hashes, and
// what validated, so that others can measure the same.

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { type Zippable, zipSync } from 'fflate';
import { pngOf } from '../data/picture.ts';
import { framesOf } from '../data/frames.ts';
import type { HeldOut } from '../training/tasks/prepared.ts';
import { csvOf } from '../ui/csv.ts';
import { readme } from './readme.ts';
import { fileNameOf, type Taken } from './taken.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const jsonBytes = (content: unknown) => encode(`${JSON.stringify(content, null, 2)}\n`);
const hashOf = (bytes: Uint8Array) => bytesToHex(sha256(bytes));
const sumOf = (bytes: Uint8Array) => ({ bytes: bytes.length, sha256: hashOf(bytes) });

/** See the top of this file. */
export async function runZip({ snapshot, history, training }: Taken): Promise<Uint8Array> {
  const { spec, step, files, weights, heldOut } = snapshot;
  const root = fileNameOf(spec.name);
  const all = new Map<string, Uint8Array>();
  for (const [name, content] of Object.entries(files)) if (name.endsWith('.json')) all.set(name, jsonBytes(content));
  const inputs = new Map(all);
  const metrics = encode(
    history.validations
      .map(({ step, loss, metrics, best }) => `${JSON.stringify({ type: 'evaluation', step, loss, metrics, best })}\n`)
      .join(''),
  );
  all.set('metrics.jsonl', metrics);
  all.set('model.safetensors', weights);
  const folder = `checkpoints/000001-step-${step}`;
  const checkpoint = { 'model.safetensors': weights, 'training.safetensors': training?.tensors ?? noTensors };
  const body = JSON.stringify({
    format: 'unrolled checkpoint',
    version: 1,
    step,
    best: false,
    metricsBytes: metrics.length,
    metricsSha256: hashOf(metrics),
    inputs: Object.fromEntries(Array.from(inputs, ([name, bytes]) => [name, hashOf(bytes)])),
    files: Object.fromEntries(Object.entries(checkpoint).map(([name, bytes]) => [name, sumOf(bytes)])),
    state: training?.state ?? {},
  });
  const manifest = encode(`{"sha256":"${hashOf(encode(body))}","checkpoint":${body}}\n`);
  for (const [name, bytes] of Object.entries({ ...checkpoint, 'training.json': manifest }))
    all.set(`${folder}/${name}`, bytes);
  all.set('index.json', indexOf(folder, inputs, weights, manifest));
  const held = heldOut && (await heldOutFiles(heldOut));
  for (const [name, bytes] of held?.files ?? []) all.set(name, bytes);
  all.set('README.md', encode(readme(root, snapshot, held?.main ?? null)));
  const entries: Zippable = {};
  // Weights and pictures do not get smaller.
  for (const [name, bytes] of all)
    entries[`${root}/${name}`] = [
      bytes,
      { level: /\.(safetensors|png)$/.test(name) ? 0 : 6, mtime: '1980-01-01T00:00:00' },
    ];
  return zipSync(entries);
}

/** An empty safetensors file: the length of its header, and the header. */
const noTensors = Uint8Array.of(8, 0, 0, 0, 0, 0, 0, 0, ...encode('{}      '));

/** For readers that cannot list a folder: see `openRun` by URL. */
function indexOf(
  folder: string,
  inputs: ReadonlyMap<string, Uint8Array>,
  weights: Uint8Array,
  manifest: Uint8Array,
): Uint8Array {
  const files = Object.fromEntries(Array.from(inputs, ([name, bytes]) => [name, sumOf(bytes)]));
  const checkpoint = {
    [`${folder}/model.safetensors`]: sumOf(weights),
    [`${folder}/training.json`]: sumOf(manifest),
  };
  const index = { format: 'unrolled index', version: 1, best: null, last: folder, files: { ...files, ...checkpoint } };
  return jsonBytes(index);
}

/** What validated as files, and the one that names them: validation.txt, or validation.csv with its images. */
async function heldOutFiles(
  held: HeldOut,
): Promise<{ readonly main: string; readonly files: Map<string, Uint8Array> }> {
  const files = new Map<string, Uint8Array>();
  if (held.kind === 'text') {
    files.set('validation.txt', encode(held.text));
    return { main: 'validation.txt', files };
  }
  const { head, rows, images, clips } = held;
  const pathOf = (n: string) => (clips ? `clips/${n.padStart(4, '0')}` : `images/${n.padStart(4, '0')}.png`);
  const named = images.length === 0 ? rows : rows.map(([first, ...rest]) => [pathOf(first), ...rest]);
  files.set('validation.csv', encode(csvOf({ head, rows: named })));
  for (const [n, image] of images.entries()) {
    const path = pathOf(String(n));
    if (!clips) files.set(path, await pngOf(image));
    else
      for (const [t, frame] of framesOf(image).entries())
        files.set(`${path}/${String(t).padStart(4, '0')}.png`, await pngOf(frame));
  }
  return { main: 'validation.csv', files };
}
