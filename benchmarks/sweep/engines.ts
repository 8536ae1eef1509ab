// The engines of a sweep, as far as they can be had here: one process, ranks of an mpirun, and what starts a process for each index and starts it again
// when it was killed. A Slurm array and an indexed Job of Kubernetes are their variables of the environment.

import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from 'unrolled';
import { isAlive, type Job, ranksOf, startJob } from '../mpi/jobs.ts';

export interface EngineRun {
  /** Arguments of node. */
  readonly args: readonly string[];
  readonly cwd: string;
  /** Number of indices, for engines that have them. */
  readonly indices: number;
  /** How many processes to kill before the sweep may end. */
  readonly kills: number;
  /** Milliseconds that a process lives at most before it is killed. */
  readonly within: number;
  readonly random: Random;
}

export interface EngineResult {
  readonly starts: number;
  readonly kills: number;
  /** Processes that were left behind by a job that had ended. */
  readonly orphans: number;
}

/** Runs a sweep to its end, through all kills. Rejects where a process fails of itself. */
export type Engine = (run: EngineRun) => Promise<EngineResult>;

const startAgain = 75;

/** A job of several ranks: when one is killed the launcher ends all, and the job is started again. */
export const ranksOfJob =
  (launcher: string | null, size: number): Engine =>
  async ({ args, cwd, kills, within, random }) => {
    let [starts, done, orphans] = [0, 0, 0];
    for (;;) {
      const job = startJob(launcher, size, args, {}, cwd);
      starts++;
      let pids: number[] = [];
      const over = watch(job);
      if (done < kills) {
        await Promise.race([sleep(within * random.uniform()), job.ended]);
        pids = launcher === null ? [job.process.pid as number] : ranksOf(job.process.pid as number, 'sweep');
        const victim = pids[random.integer(Math.max(1, pids.length))];
        if (!over() && victim !== undefined && isAlive(victim)) {
          process.kill(victim, 'SIGKILL');
          done++;
        }
      }
      const { code, stderr } = await job.ended;
      const left = pids.filter(isAlive);
      orphans += await stay(left);
      if (code === 0) return { starts, kills: done, orphans };
      if (done === 0 || starts > kills + 1) throw new Error(`the sweep failed: ${stderr}`);
    }
  };

/** Processes of their own, a few at a time: each index is started again until it ends with 0, killed or not. */
export const indexed =
  (variable: string, atOnce: number): Engine =>
  async ({ args, cwd, indices, kills, within, random }) => {
    const queue = Array.from({ length: indices }, (_, index) => index);
    let [starts, done] = [0, 0];
    const worker = async () => {
      for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
        const job = startJob(null, 1, args, { [variable]: String(index) }, cwd);
        starts++;
        // Kills are spread over the starts; towards the end there are none left to begin with.
        const isHit = done < kills && random.uniform() < 0.6;
        const over = watch(job);
        if (isHit) {
          await Promise.race([sleep(within * random.uniform()), job.ended]);
          if (!over() && done < kills) {
            process.kill(job.process.pid as number, 'SIGKILL');
            done++;
          }
        }
        const { code, signal, stderr } = await job.ended;
        if (signal === 'SIGKILL' || code === startAgain) queue.push(index);
        else if (code !== 0) throw new Error(`index ${index} failed: ${stderr}`);
        if (code === startAgain && queue.length <= atOnce) await sleep(100);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return { starts, kills: done, orphans: 0 };
  };

/** Whether a job has ended. */
function watch(job: Job): () => boolean {
  let over = false;
  void job.ended.then(() => {
    over = true;
  });
  return () => over;
}

/** How many of these processes are still there after two seconds; those are ended. */
async function stay(pids: readonly number[]): Promise<number> {
  for (let tries = 0; tries < 20 && pids.some(isAlive); tries++) await sleep(100);
  const left = pids.filter(isAlive);
  for (const pid of left) process.kill(pid, 'SIGKILL');
  return left.length;
}
