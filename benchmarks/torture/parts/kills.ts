// A training process, killed at its n-th call of the file system and started again, ends in the bits of one that was never stopped. Real
// processes and real kills, most of them inside of a save. And power cuts on a simulated disk.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Random } from 'unrolled';
import type { Part, Row } from '../part.ts';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const killsPerRun = 10;
const words = ['recurrent', 'networks', 'remember', 'what', 'they', 'read', '한글', 'and 👋'];

export const part: Part = {
  name: 'kills',
  about: 'training killed at its n-th call of the file system, and resumed; power cuts on a simulated disk',
  run: async (long) => [...kills(long ? 200 : 10), powerCuts(long ? 5000 : 200)],
};

interface Life {
  readonly code: number | null;
  readonly inSave: boolean;
  /** The step it went on from, null where it was killed before it knew; and the last that it said was saved. */
  readonly loaded: number | null;
  readonly saved: number;
  readonly calls: number;
}

function kills(count: number): Row[] {
  const folder = mkdtempSync(join(tmpdir(), 'unrolled-kills-'));
  const random = new Random(31);
  const text = Array.from({ length: 900 }, () => words[random.integer(words.length)]).join(' ');
  writeFileSync(join(folder, 'text.txt'), text);
  /** With every setting on that a resumed run has to restore. */
  const live = (run: string, n: number): Life => {
    const model = ['--hidden', '12', '--layers', '2', '--cell', 'lstm', '--dropout', '0.2', '--batch', '4'];
    const settings = ['--seq-length', '10', '--optimizer', 'adamw', '--weight-decay', '0.01', '--clip-value', '0.5'];
    const watching = [
      '--schedule',
      'plateau',
      '--warmup',
      '3',
      '--patience',
      '9',
      '--eval-every',
      '3',
      '--steps',
      '24',
    ];
    const args = ['train', 'text', join(folder, 'text.txt'), '--out', run, ...model, ...settings, ...watching];
    const entry = path('../kills/entry.mjs');
    const { status, stderr } = spawnSync(
      process.execPath,
      [entry, String(n), ...args, '--save-seconds', '0', '--quiet', '--threads', '1'],
      { encoding: 'utf8', env: { ...process.env, UNROLLED_STATE: join(folder, 'state') } },
    );
    const last = (what: string) => {
      const lastMatch = Array.from(stderr.matchAll(new RegExp(`^${what} (\\d+)$`, 'gm'))).at(-1);
      return lastMatch ? Number(lastMatch[1]) : null;
    };
    const [loaded, saved, calls] = [last('loaded'), last('saved') ?? 0, last('calls') ?? 0];
    return { code: status, inSave: stderr.includes('killed in a save'), loaded, saved, calls };
  };
  try {
    const whole = join(folder, 'whole');
    const { calls, code } = live(whole, 0);
    if (code !== 0) throw new Error('the uninterrupted run did not end well');
    const expected = fingerprint(whole);
    let [killed, inSave, runs, same, lost, orphans] = [0, 0, 0, 0, 0, 0];
    while (killed < count) {
      const run = join(folder, `run-${runs++}`);
      let saved = 0;
      let dead = 0;
      for (;;) {
        const n = dead < killsPerRun && killed < count ? 1 + random.integer(Math.ceil(calls / 4)) : 0;
        const life = live(run, n);
        if (life.loaded !== null && life.loaded < saved) lost++;
        saved = Math.max(saved, life.saved);
        if (life.code === 0) break;
        dead++;
        killed++;
        if (life.inSave) inSave++;
      }
      if (fingerprint(run) === expected) same++;
      orphans += leftovers(run).length;
      rmSync(run, { recursive: true });
    }
    const wantedInSave = Math.round(count * 0.35);
    return [
      row(
        'K1 kills, of which inside of a save',
        `≥ ${count}, ≥ ${wantedInSave}`,
        `${killed}, ${inSave}`,
        killed >= count && inSave >= wantedInSave,
      ),
      row('K1 runs that end in the same bits', `${runs} of ${runs}`, `${same} of ${runs}`, same === runs),
      row('K1 saves that a kill took back', '0', String(lost), lost === 0),
      row('K1 files left over after the end', '0', String(orphans), orphans === 0),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of all that a finished run leaves. */
function fingerprint(run: string): string {
  const hash = createHash('sha256');
  const last = readdirSync(join(run, 'checkpoints')).sort().at(-1) as string;
  hash.update(last.replace(/^\d+-/, ''));
  for (const file of ['config.json', 'model.safetensors', 'metrics.jsonl']) hash.update(readFileSync(join(run, file)));
  for (const file of ['model.safetensors', 'training.safetensors'])
    hash.update(readFileSync(join(run, 'checkpoints', last, file)));
  return hash.digest('hex');
}

function leftovers(run: string): string[] {
  return [run, join(run, 'checkpoints')]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder))
    .filter((name) => name.endsWith('.tmp') || name.startsWith('lock'));
}

/** The test with more cuts. */
function powerCuts(count: number): Row {
  const { status, stdout } = spawnSync(
    process.execPath,
    [path('../../../node_modules/vitest/vitest.mjs'), 'run', 'test/run-folder-faults.test.ts', '--maxWorkers=1'],
    { cwd: path('../../..'), encoding: 'utf8', env: { ...process.env, UNROLLED_POWER_CUTS: String(count) } },
  );
  if (status !== 0) process.stderr.write(stdout);
  return row(
    'K2, K3 a fault at every call; power cuts after which the newest save loads',
    `all; ${count} of ${count}`,
    status === 0 ? `all; ${count}` : 'not all',
    status === 0,
  );
}

const row = (bar: string, wanted: string, measured: string, met: boolean): Row => ({ bar, wanted, measured, met });
