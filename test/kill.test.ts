// A training process, killed at its n-th call of the file system and started again with every setting on that a resumed run has to restore,
// does what one does that was never stopped: the same bits, and what plain arithmetic says of it. Real processes, real kills. `npm run torture
// -- kills` is the long form.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Random } from 'unrolled';
import { afterAll, beforeAll, expect, test } from 'vitest';

const entry = fileURLToPath(new URL('../benchmarks/torture/kills/entry.mjs', import.meta.url));
/** The calls that are the last, one life after the other; then one is left alone. Some of them lie in the steps without improvement. */
const lastCalls = [401, 438, 475, 512, 549, 180];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unrolled-kill-'));
  const words = ['recurrent', 'networks', 'remember', 'what', 'they', 'read', '한글', 'and 👋'];
  const random = new Random(3);
  writeFileSync(
    join(folder, 'text.txt'),
    Array.from({ length: 900 }, () => words[random.integer(words.length)]).join(' '),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Life {
  readonly code: number | null;
  readonly stderr: string;
}

function live(run: string, n: number): Promise<Life> {
  const model = ['--hidden', '12', '--layers', '2', '--cell', 'lstm', '--dropout', '0.2', '--batch', '4'];
  const update = ['--optimizer', 'adamw', '--lr', '1', '--weight-decay', '0.01', '--clip', '1', '--clip-value', '0.05'];
  const schedule = ['--schedule', 'step', '--decay-every', '8', '--decay', '0.5', '--warmup', '4'];
  const end = ['--seq-length', '10', '--eval-every', '3', '--patience', '3', '--steps', '60', '--save-seconds', '0'];
  const args = ['train', 'text', join(folder, 'text.txt'), '--out', run, ...model, ...update, ...schedule, ...end];
  const child = spawn(process.execPath, [entry, String(n), ...args, '--quiet', '--threads', '1'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (data) => (stderr += data));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stderr })));
}

const checkpoints = (run: string) => readdirSync(join(run, 'checkpoints')).sort();

/** Hashes of all that a finished run leaves: its best weights, its last state, its measurements. */
function fingerprint(run: string): Record<string, string> {
  const last = checkpoints(run).at(-1) as string;
  const hash = (...parts: string[]) =>
    createHash('sha256')
      .update(readFileSync(join(run, ...parts)))
      .digest('hex');
  return {
    config: hash('config.json'),
    best: hash('model.safetensors'),
    weights: hash('checkpoints', last, 'model.safetensors'),
    training: hash('checkpoints', last, 'training.safetensors'),
    metrics: hash('metrics.jsonl'),
    checkpoints: checkpoints(run)
      .map((name) => name.replace(/^\d+-/, ''))
      .join(' '),
  };
}

const unfinishedIn = (run: string) =>
  [run, join(run, 'checkpoints')]
    .flatMap((f) => (existsSync(f) ? readdirSync(f) : []))
    .filter((n) => /\.tmp$|^lock/.test(n));

interface Line {
  readonly type: string;
  readonly step: number;
  readonly loss: number;
  readonly lr: number;
  readonly best: boolean;
}

/** What has to be true of every such run, whoever ran it: what killed and uninterrupted runs share is seen only from outside. */
function expectKnown(run: string): void {
  const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  // The rate of step n: n/4 of it for 4 steps, then half of it for every 8.
  const rates = lines.filter(({ type }) => type === 'step').map(({ step, lr }) => [step, lr]);
  expect(rates).toEqual([10, 20, 30, 40].map((n) => [n, 0.5 ** Math.floor((n - 1 - 4) / 8)]));
  // Best is what is below all before it, and three validations in a row without a best are the end.
  const looks = lines.filter(({ type }) => type === 'evaluation');
  expect(looks.map(({ step }) => step)).toEqual(looks.map((_, k) => 3 * (k + 1)));
  let lowest = Infinity;
  let waited = 0;
  for (const [k, { loss, best }] of looks.entries()) {
    expect(best, `validation ${k + 1}`).toBe(loss < lowest);
    waited = best ? 0 : waited + 1;
    lowest = Math.min(lowest, loss);
    expect(waited === 3, `validation ${k + 1}`).toBe(k === looks.length - 1);
  }
  expect(looks.at(-1)?.step).toBe(42);
  // As it was on the first machine that ran it; others may round differently.
  const recorded: Readonly<Record<number, number>> = { 3: 2.7824, 12: 2.7547, 21: 2.6097, 33: 2.5165, 42: 2.5166 };
  for (const { step, loss } of looks) if (step in recorded) expect(loss).toBeCloseTo(recorded[step], 2);
  expect(checkpoints(run).map((name) => name.replace(/^\d+-/, ''))).toEqual(['step-33-best', 'step-41', 'step-42']);
}

test('killed in the middle of saves and resumed: the same bits, nothing left behind, and what arithmetic says', {
  timeout: 120_000,
}, async () => {
  const [whole, killed] = [join(folder, 'whole'), join(folder, 'killed')];
  const uninterrupted = live(whole, 0);
  let saved = 0;
  let inSave = 0;
  for (const n of lastCalls) {
    const { code, stderr } = await live(killed, n);
    const steps = (what: string) =>
      Array.from(stderr.matchAll(new RegExp(`^${what} (\\d+)$`, 'gm')), ([, step]) => Number(step));
    expect(stderr.replace(/^(killed( in a save)?|(saved|loaded|calls) \d+)$/gm, '').trim()).toBe('');
    if (code === 0) break;
    for (const step of steps('loaded')) expect(step).toBeGreaterThanOrEqual(saved); // no save is taken back
    saved = Math.max(saved, ...steps('saved'));
    if (stderr.includes('killed in a save')) inSave++;
  }
  expect(inSave).toBeGreaterThan(2);
  expect((await live(killed, 0)).code).toBe(0);
  expect((await uninterrupted).code).toBe(0);
  expectKnown(whole);
  expectKnown(killed);
  expect(fingerprint(killed)).toEqual(fingerprint(whole));
  expect([...unfinishedIn(killed), ...unfinishedIn(whole)]).toEqual([]);
});
