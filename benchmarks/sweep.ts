// npm run bench:sweep [-- --trials 24 --kills 24 --steps 160 --seed 1]: sweeps whose processes are killed at random and started again, under every
// engine that is here, next to a sweep that nobody disturbed.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchers } from './mpi/jobs.ts';
import { type Engine, indexed, ranksOfJob } from './sweep/engines.ts';
import { faults, type FaultsRequest, type FaultsResult, undisturbed } from './sweep/faults.ts';

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '24' },
    kills: { type: 'string', default: '24' },
    steps: { type: 'string', default: '160' },
    within: { type: 'string', default: '2500' },
    seed: { type: 'string', default: '1' },
  },
});

const engines: Readonly<Record<string, Engine>> = {
  'one process': ranksOfJob(null, 1),
  ...Object.fromEntries(launchers.map((launcher) => [`${launcher} -n 3`, ranksOfJob(launcher, 3)])),
  'Slurm array, 3 at once': indexed('SLURM_ARRAY_TASK_ID', 3),
  'Kubernetes Job, 3 at once': indexed('JOB_COMPLETION_INDEX', 3),
};

const folder = mkdtempSync(join(tmpdir(), 'unrolled-sweep-'));
const rows: FaultsResult[] = [];
try {
  for (const method of ['random', 'halving'] as const) {
    const request: FaultsRequest = {
      method,
      trials: Number(values.trials),
      steps: Number(values.steps),
      kills: Number(values.kills),
      within: Number(values.within),
      seed: Number(values.seed),
    };
    undisturbed(join(folder, method), request);
    for (const [name, engine] of Object.entries(engines)) {
      const begun = performance.now();
      const result = await faults(name.replaceAll(/\W+/g, '-'), engine, join(folder, method), request);
      const row = { method, engine: name, ...result, seconds: Math.round((performance.now() - begun) / 1000) }; // biome-ignore format: a line
      process.stderr.write(`${JSON.stringify(row)}\n`);
      rows.push(row);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.table(rows);
const whole = ({ sameTrials, trials, sameResults, orphans }: FaultsResult) =>
  sameTrials === trials && sameResults && orphans === 0;
if (!rows.every(whole)) process.exitCode = 1;
