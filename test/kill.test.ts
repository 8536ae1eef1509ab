// A training process killed at any moment and started again ends in the same bits as one that was never stopped. Real processes, real kills,
// a save after every step, and every other kill inside of one. UNROLLED_KILLS sets how many.

import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Random } from 'unrolled';

const command = fileURLToPath(new URL('../packages/cli/bin/unrolled.js', import.meta.url));
const kills = Number(process.env.UNROLLED_KILLS ?? 30);
const killsPerRun = 10;
const steps = 40;

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

function start(run: string): ChildProcess {
  const settings = [
    '--hidden',
    '12',
    '--layers',
    '2',
    '--cell',
    'lstm',
    '--dropout',
    '0.2',
    '--batch',
    '4',
    '--seq-length',
    '10',
  ];
  const watching = ['--steps', `${steps}`, '--eval-every', '7', '--save-seconds', '0', '--quiet', '--threads', '1'];
  return spawn(
    process.execPath,
    [command, 'train', 'text', join(folder, 'text.txt'), '--out', run, ...settings, ...watching],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
}

function ended(child: ChildProcess): Promise<{ code: number | null; errors: string }> {
  let errors = '';
  child.stderr?.on('data', (data) => (errors += data));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, errors })));
}

/** Hashes of all that a finished run leaves: its best weights, its last state, its measurements. */
function fingerprint(run: string): Record<string, string> {
  const checkpoints = readdirSync(join(run, 'checkpoints')).sort();
  const last = checkpoints.at(-1) as string;
  const hash = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
  return {
    best: hash(join(run, 'model.safetensors')),
    weights: hash(join(run, 'checkpoints', last, 'model.safetensors')),
    training: hash(join(run, 'checkpoints', last, 'training.safetensors')),
    metrics: hash(join(run, 'metrics.jsonl')),
    step: last.replace(/^\d+-|-best$/g, ''),
  };
}

const unfinishedIn = (run: string) =>
  [run, join(run, 'checkpoints')].some((f) => existsSync(f) && readdirSync(f).some((name) => name.endsWith('.tmp')));

function killWhen(child: ChildProcess, due: () => boolean): void {
  if (child.exitCode !== null) return;
  if (due()) child.kill('SIGKILL');
  else setImmediate(killWhen, child, due);
}

test(`killed ${kills} times, some inside a save, and resumed: the same bits, and nothing left behind`, {
  timeout: 600_000,
}, async () => {
  const whole = join(folder, 'whole');
  const begin = performance.now();
  expect(await ended(start(whole))).toEqual({ code: 0, errors: '' });
  const duration = performance.now() - begin;
  const expected = fingerprint(whole);
  expect(expected.step).toBe(`step-${steps}`);

  const random = new Random(Number(process.env.UNROLLED_KILL_SEED ?? 5));
  let insideSave = 0;
  let delivered = 0;
  for (let r = 0; delivered < kills; r++) {
    const run = join(folder, `killed-${r}`);
    for (let k = 0; k < killsPerRun; k++) {
      const child = start(run);
      const end = ended(child);
      // Every other kill waits for the next save to begin: by chance alone none of them may fall into one.
      const inSave = k % 2 === 1;
      const timer = setTimeout(() => killWhen(child, () => !inSave || unfinishedIn(run)), random.uniform() * duration);
      const { code, errors } = await end;
      clearTimeout(timer);
      expect(errors).toBe('');
      if (code === 0) break;
      delivered++;
      if (unfinishedIn(run)) insideSave++;
    }
    expect(await ended(start(run))).toEqual({ code: 0, errors: '' });
    expect(fingerprint(run)).toEqual(expected);
    expect(unfinishedIn(run)).toBe(false);
    expect(existsSync(join(run, 'lock'))).toBe(false);
  }
  expect(insideSave).toBeGreaterThan(0);
});
