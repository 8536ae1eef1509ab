// Run folders that somebody sent: three of each kind of trick. Opening, asking, measuring and going on with one reads nothing of the
// user's, changes nothing outside of it, and ends in an answer or an error that says what is wrong.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StateDict, UnrolledError } from 'unrolled';
import { RunFolder } from '../../../packages/cli/src/run-folder.ts';
import { openSaved } from '../../../packages/cli/src/runs/saved.ts';
import type { Part, Row } from '../part.ts';

export const part: Part = {
  name: 'folders',
  about: 'run folders with links, pipes, devices, wrong parts under right hashes, and paths that lead out',
  run: async () => [await folders()],
};

const sha256 = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex');
const training = {
  batch: 4, seqLength: 8, valFrac: 0.1, reduction: 'mean', optimizer: 'adam', lr: 0.004, momentum: 0, weightDecay: 0,
  schedule: 'cosine', warmup: 0, decayEvery: 1000, decay: 0.5, clip: 1, clipValue: 0, patience: 0, seed: 1, steps: 1,
  evalEvery: 1, sampleEvery: 1,
}; // biome-ignore format: a table
const config = {
  format: 'unrolled run',
  version: 1,
  task: 'text',
  model: { vocabularySize: 2, cell: 'gru', hiddenSize: 2 },
  training,
  data: { source: 'text.txt', characters: 2, sha256: 'a'.repeat(64) },
};
const weights: StateDict = new Map([['w', { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) }]]);

interface Place {
  readonly run: string;
  readonly secret: string;
  readonly last: string;
}

/** What is done to a whole run. */
type Trick = (place: Place) => void;

const files = ['config.json', 'vocabulary.json', 'metrics.jsonl'];
const inLast = ['model.safetensors', 'training.safetensors', 'training.json'];
const replaced = (path: string, make: () => void) => {
  fs.rmSync(path, { recursive: true, force: true });
  make();
};

function rewrite({ run, last }: Place, change: (manifest: Record<string, unknown>) => void): void {
  const file = join(last, 'training.json');
  const { checkpoint } = JSON.parse(fs.readFileSync(file, 'utf8')) as { checkpoint: Record<string, unknown> };
  const inputs = checkpoint.inputs as Record<string, string>;
  for (const name of Object.keys(inputs)) inputs[name] = sha256(fs.readFileSync(join(run, name)));
  change(checkpoint);
  const body = JSON.stringify(checkpoint);
  fs.writeFileSync(file, `{"sha256":"${sha256(body)}","checkpoint":${body}}\n`);
}

/** A changed configuration under its right hash. */
const configured =
  (change: (config: Record<string, Record<string, unknown>>) => void): Trick =>
  (place) => {
    const changed = structuredClone(config) as unknown as Record<string, Record<string, unknown>>;
    change(changed);
    fs.writeFileSync(join(place.run, 'config.json'), JSON.stringify(changed));
    rewrite(place, () => {});
  };

const kinds: Readonly<Record<string, readonly Trick[]>> = {
  'a file as a link': files.map(
    (name): Trick =>
      ({ run, secret }) =>
        replaced(join(run, name), () => fs.symlinkSync(secret, join(run, name))),
  ),
  'a part of a checkpoint as a link': inLast.map(
    (name): Trick =>
      ({ last, secret }) =>
        replaced(join(last, name), () => fs.symlinkSync(secret, join(last, name))),
  ),
  'a folder as a link': [
    ({ run, secret }) =>
      replaced(join(run, 'checkpoints'), () => fs.symlinkSync(join(secret, '..'), join(run, 'checkpoints'))),
    ({ last, secret }) => replaced(last, () => fs.symlinkSync(join(secret, '..'), last)),
    ({ run, secret }) => fs.symlinkSync(join(secret, '..'), join(run, 'checkpoints', 'x.tmp')),
  ],
  'a second name of a file': [...files].map(
    (name): Trick =>
      ({ run, secret }) =>
        replaced(join(run, name), () => fs.linkSync(secret, join(run, name))),
  ),
  'a pipe': files.map(
    (name): Trick =>
      ({ run }) =>
        replaced(join(run, name), () => execFileSync('mkfifo', [join(run, name)])),
  ),
  'a device': ['/dev/zero', '/dev/random', '/dev/full'].map(
    (device): Trick =>
      ({ last }) =>
        replaced(join(last, 'training.json'), () => fs.symlinkSync(device, join(last, 'training.json'))),
  ),
  'a folder for a file': files.map(
    (name): Trick =>
      ({ run }) =>
        replaced(join(run, name), () => fs.mkdirSync(join(run, name))),
  ),
  'a file of 8 GiB with nothing in it': files.map(
    (name): Trick =>
      ({ run }) =>
        fs.truncateSync(join(run, name), 2 ** 33),
  ),
  'a lock': ['-1', '0', '{"pid":1e99}'].map(
    (pid): Trick =>
      ({ run }) =>
        fs.writeFileSync(join(run, 'lock'), `{"pid":${pid},"host":"x"}`),
  ),
  'a manifest without a part': ['state', 'files', 'step'].map(
    (name): Trick =>
      (place) =>
        rewrite(place, (manifest) => delete manifest[name]),
  ),
  'a manifest with a part of another kind': [{ files: [] }, { step: -1 }, { state: 'x' }].map(
    (part): Trick =>
      (place) =>
        rewrite(place, (manifest) => Object.assign(manifest, part)),
  ),
  'a configuration without a part': ['training', 'data', 'task'].map(
    (name): Trick => configured((c) => delete c[name]),
  ),
  'a configuration with a part of another kind': [
    configured((c) => Object.assign(c.training, { lr: '1' })),
    configured((c) => Object.assign(c.training, { steps: 1e99 })),
    configured((c) => Object.assign(c.data, { source: {} })),
  ],
  'a configuration that names a file of the user’s': ['/etc/passwd', '../secret/diary', '/dev/stdin'].map(
    (path): Trick => configured((c) => Object.assign(c.data, { source: path })),
  ),
  'names of prototypes': ['__proto__', 'constructor', 'toString'].map(
    (name): Trick => configured((c) => Object.assign(c, { task: name })),
  ),
  'nesting of 100,000': files.map(
    (name): Trick =>
      ({ run }) =>
        fs.writeFileSync(join(run, name), '['.repeat(100_000)),
  ),
};

async function folders(): Promise<Row> {
  const problems: string[] = [];
  let count = 0;
  for (const [kind, tricks] of Object.entries(kinds)) {
    for (const [k, trick] of tricks.entries()) {
      count++;
      const problem = await meet(trick);
      if (problem !== null) problems.push(`${kind}, ${k + 1}: ${problem}`);
    }
  }
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  return {
    bar: `P4, A1 of ${count} hostile folders, those that read, changed or crashed what they must not`,
    wanted: '0',
    measured: String(problems.length),
    met: problems.length === 0,
  };
}

/** What went wrong, or null. */
async function meet(trick: Trick): Promise<string | null> {
  const parent = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'unrolled-folders-')));
  const [run, secret] = [join(parent, 'run'), join(parent, 'secret', 'diary')];
  try {
    fs.mkdirSync(join(parent, 'secret'));
    fs.writeFileSync(secret, 'dear diary');
    const made = await RunFolder.create(run, { config, vocabulary: { symbols: ['a', 'b'] } });
    await made.saveCheckpoint({ step: 1, best: false, model: weights, training: weights, state: { step: 1 } });
    await made.close();
    trick({ run, secret, last: join(run, 'checkpoints', '000001-step-1') });
    const start = performance.now();
    for (const use of [ask, goOn]) {
      try {
        await use(run);
      } catch (error) {
        if (!(error instanceof UnrolledError)) return `${use.name}: ${(error as Error).stack}`;
        if (error.message.includes('dear diary')) return `${use.name}: shows the file`;
      }
    }
    if (performance.now() - start > 5000) return 'took longer than 5 s';
    if (fs.readFileSync(secret, 'utf8') !== 'dear diary' || fs.readdirSync(join(secret, '..')).length !== 1)
      return 'changed what lies outside';
    return null;
  } finally {
    fs.rmSync(parent, { recursive: true, force: true });
  }
}

/** As `eval` without a file opens it; what it would read then lies here or is refused. */
async function ask(run: string): Promise<void> {
  const saved = await openSaved(run, 'best', { ownData: true, ask: null });
  saved.metrics();
  saved.readJSON('vocabulary');
  if (saved.config.data.source !== 'text.txt') throw new Error(`would read ${saved.config.data.source}`);
}

async function goOn(run: string): Promise<void> {
  const folder = await RunFolder.open(run, { write: true });
  try {
    await folder.loadCheckpoint('last');
    await folder.appendMetrics({ step: 2 });
    await folder.saveCheckpoint({ step: 2, best: true, model: weights, training: weights, state: { step: 2 } });
  } finally {
    await folder.close();
  }
}
