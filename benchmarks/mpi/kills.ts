// Ranks that are killed and frozen at random: the job has to end within two seconds, name the rank where it can, and leave no process behind; started
// again until its end, the run has to be the undisturbed one to the last bit.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from 'unrolled';
import { root } from '../../test/snippets.ts';
import { isAlive, type Job, launchers, ranksOf, startJob } from './jobs.ts';

export interface KillsRequest {
  readonly signal: 'SIGKILL' | 'SIGSTOP';
  readonly count: number;
  readonly seed: number;
  readonly say: (text: string) => void;
}

export interface KillsResult {
  readonly launcher: string;
  readonly signal: string;
  readonly count: number;
  /** Milliseconds from the signal until the job says what happened, and until it has ended: the slowest. */
  readonly noticed: number;
  readonly ended: number;
  readonly orphans: number;
  /** Jobs whose last words name the rank, or the process. */
  readonly named: number;
  readonly sameBits: boolean;
}

const ranks = 3;
const perRun = 10;
const mark = 'unrolled.js';
const command = join(root, 'packages', 'cli', 'bin', mark);

/** Kills for each launcher that is here. */
export async function kills(request: KillsRequest): Promise<KillsResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'unrolled-kills-'));
  try {
    const text = join(folder, 'text.txt');
    writeFileSync(text, Array.from({ length: 4000 }, (_, n) => `${n * n} is the square of ${n}`).join('\n'));
    const wanted = undisturbed(text, join(folder, 'undisturbed'));
    const results: KillsResult[] = [];
    for (const launcher of launchers) results.push(await killsUnder(launcher, text, folder, wanted, request));
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const steps = 1500;

function argumentsOf(text: string, out: string): string[] {
  const sizes =
    '--hidden 24 --batch 6 --seq-length 12 --shards 6 --eval-every 500 --no-check --save-seconds 0.05 --quiet';
  return [command, 'train', 'text', text, ...sizes.split(' '), '--steps', String(steps), '--out', out];
}

const shaOf = (run: string) =>
  createHash('sha256')
    .update(readFileSync(join(run, 'model.safetensors')))
    .digest('hex');

/** The SHA-256 of the weights that one process ends in. */
function undisturbed(text: string, out: string): string {
  const { status, stderr } = spawnSync(process.execPath, argumentsOf(text, out), { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the undisturbed run failed: ${stderr}`);
  return shaOf(out);
}

async function killsUnder(
  launcher: string,
  text: string,
  folder: string,
  wanted: string,
  { signal, count, seed, say }: KillsRequest,
): Promise<KillsResult> {
  const random = new Random(seed);
  const [noticed, ended]: [number[], number[]] = [[], []];
  let [orphans, named, done, sameBits] = [0, 0, 0, true];
  for (let run = 0; done < count; run++) {
    const out = join(folder, `${launcher}-${signal}-${run}`);
    for (let k = 0; k < perRun && done < count; k++) {
      const job = startJob(launcher, ranks, argumentsOf(text, out));
      const hit = await strike(job, signal, random);
      if (!hit) break; // the run had ended
      done++;
      noticed.push(hit.noticed);
      ended.push(hit.took);
      orphans += hit.orphans;
      if (hit.named) named++;
      say(
        `${launcher} ${signal} ${done}/${count}: noticed after ${hit.noticed.toFixed(0)} ms, ended after ${hit.took.toFixed(0)}${hit.named ? '' : ', not named'}`,
      );
    }
    const last = await startJob(launcher, 1 + random.integer(ranks), argumentsOf(text, out)).ended;
    if (last.code !== 0) throw new Error(`${launcher}: the run could not be ended: ${last.stderr}`);
    if (shaOf(out) !== wanted) sameBits = false;
  }
  const slowest = (times: readonly number[]) => Math.round(Math.max(...times));
  return {
    launcher,
    signal,
    count: done,
    noticed: slowest(noticed),
    ended: slowest(ended),
    orphans,
    named,
    sameBits,
  };
}

/** Lets a job train for a moment, and sends a signal to one of its ranks. Null where it had ended before. */
async function strike(
  job: Job,
  signal: NodeJS.Signals,
  random: Random,
): Promise<{
  readonly noticed: number;
  readonly took: number;
  readonly orphans: number;
  readonly named: boolean;
} | null> {
  const pids = await whenAllAreThere(job);
  if (!pids) return null;
  await sleep(1200 * random.uniform()); // when it is hit must not depend on what it does
  const victim = pids[random.integer(pids.length)];
  if (!isAlive(victim)) return null;
  const at = performance.now();
  process.kill(victim, signal);
  const ended = await job.ended;
  if (ended.code === 0) return null; // it was about to end
  let left = pids.filter(isAlive);
  // Open MPI's launcher may be gone a moment before its ranks, which then end themselves.
  for (
    const until = performance.now() + 1000;
    left.length > 0 && performance.now() < until;
    left = pids.filter(isAlive)
  )
    await sleep(20);
  for (const pid of left) process.kill(pid, 'SIGKILL');
  const named = new RegExp(`\\b${victim}\\b|rank \\d+`, 'i').test(ended.stderr + ended.stdout);
  const told = job.said(/not been heard of|is stopped while|BAD TERMINATION|noticed that process/) ?? ended.at;
  return { noticed: Math.min(told, ended.at) - at, took: ended.at - at, orphans: left.length, named };
}

/** The processes of the ranks, once all have joined; null where the job ended before. */
async function whenAllAreThere(job: Job): Promise<number[] | null> {
  let over = false;
  void job.ended.then(() => {
    over = true;
  });
  while (!over) {
    const pids = ranksOf(job.process.pid as number, mark);
    if (pids.length === ranks && pids.every(hasJoined)) return pids;
    await sleep(20);
  }
  return null;
}

/** Whether the thread of MPI is there: its name is what it waits in. */
function hasJoined(pid: number): boolean {
  try {
    return /libmpi|libmpich/.test(readFileSync(`/proc/${pid}/maps`, 'utf8'));
  } catch {
    return false;
  }
}
