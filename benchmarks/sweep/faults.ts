// A sweep whose processes are killed at random and started again, next to one that nobody disturbed: every trial has to end once, in the same bits.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from 'unrolled';
import { root } from '../../test/snippets.ts';
import type { Engine } from './engines.ts';

export interface FaultsRequest {
  readonly method: 'random' | 'halving';
  readonly trials: number;
  readonly steps: number;
  readonly kills: number;
  readonly within: number;
  readonly seed: number;
}

export interface FaultsResult {
  readonly starts: number;
  readonly kills: number;
  readonly orphans: number;
  /** Trials whose weights and measurements are, to the byte, those of the undisturbed sweep. */
  readonly sameTrials: number;
  readonly trials: number;
  /** Whether results.json and results.csv are the same bytes. */
  readonly sameResults: boolean;
}

const command = join(root, 'packages', 'cli', 'bin', 'unrolled.js');

/** Writes the text and sweep.json into `folder`, and sweeps there once without disturbance. */
export function undisturbed(folder: string, { method, trials, steps }: FaultsRequest): void {
  mkdirSync(folder, { recursive: true });
  const text = Array.from({ length: 1500 }, (_, n) => `${n * n} is the square of ${n}`).join('\n');
  writeFileSync(join(folder, 'text.txt'), text);
  const sweep = {
    command: `train text text.txt --batch 4 --seq-length 12 --steps ${steps} --save-seconds 0.05`,
    parameters: { hidden: { integer: [6, 20] }, cell: ['gru', 'lstm'], lr: { 'log-uniform': [1e-3, 3e-2] } },
    method,
    trials,
    ...(method === 'halving' ? { halving: { eta: 2, rungs: 3 } } : {}),
  };
  writeFileSync(join(folder, 'sweep.json'), JSON.stringify(sweep));
  const args = [command, 'sweep', 'sweep.json', '--out', 'undisturbed', '--threads', '1'];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the undisturbed sweep failed: ${stderr}`);
}

/** Sweeps under an engine with kills, and compares. */
export async function faults(
  name: string,
  engine: Engine,
  folder: string,
  request: FaultsRequest,
): Promise<FaultsResult> {
  const { trials, kills, within, seed } = request;
  const args = [command, 'sweep', 'sweep.json', '--out', name, '--threads', '1'];
  const ran = await engine({ args, cwd: folder, indices: trials, kills, within, random: new Random(seed) });
  const same = (file: string) => {
    const [a, b] = [name, 'undisturbed'].map((sweep) => join(folder, sweep, file));
    return existsSync(a) && existsSync(b) && readFileSync(a).equals(readFileSync(b));
  };
  const runs = readdirSync(join(folder, 'undisturbed', 'trials'));
  const isSame = (run: string) =>
    ['model.safetensors', 'metrics.jsonl', 'config.json'].every((file) => same(join('trials', run, file)));
  return {
    ...ran,
    trials: runs.length,
    sameTrials: readdirSync(join(folder, name, 'trials')).length === runs.length ? runs.filter(isSame).length : 0,
    sameResults: ['results.json', 'results.csv'].every(same),
  };
}
