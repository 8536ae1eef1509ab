// Jobs of MPI on this machine: the launchers that are here, and a job that was started with one.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Launchers by name, of those that are installed; `mpirun.openmpi` and `mpirun.mpich` are Debian's. */
export const launchers = ['mpirun.openmpi', 'mpirun.mpich'].filter(
  (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
);

/** What containers and root need of Open MPI, and that ranks may outnumber cores. */
export const environment = {
  OMPI_ALLOW_RUN_AS_ROOT: '1',
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
  OMPI_MCA_rmaps_base_oversubscribe: '1',
  OMPI_MCA_hwloc_base_binding_policy: 'none',
  OMPI_MCA_btl_vader_single_copy_mechanism: 'none',
};

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds, as `performance.now` counts. */
  readonly at: number;
}

export interface Job {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** When stderr first held such a line. */
  said(pattern: RegExp): number | null;
}

/** Starts `node ...args` `size` times; once, without a launcher, for null. */
export function startJob(
  launcher: string | null,
  size: number,
  args: readonly string[],
  more: Record<string, string> = {},
  cwd = process.cwd(),
): Job {
  const node = [process.execPath, ...args];
  const [program, ...rest] = launcher === null ? node : [launcher, '-n', String(size), ...node];
  const child = spawn(program, rest, {
    cwd,
    env: { ...process.env, ...environment, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  const lines: { readonly at: number; readonly text: string }[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    lines.push({ at: performance.now(), text: stderr });
  });
  let endedAt = 0;
  child.on('exit', () => {
    endedAt = performance.now();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr, at: endedAt }));
  });
  return {
    process: child,
    ended,
    said: (pattern) => lines.find(({ text }) => pattern.test(text))?.at ?? null,
  };
}

/** Processes of Linux: their parents, and what they run. */
function processes(): { readonly pid: number; readonly parent: number; readonly command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const parent = Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]);
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), parent, command }];
      } catch {
        return []; // it has ended meanwhile
      }
    });
}

/** The ranks of a job: processes below the launcher whose command line holds `mark`. */
export function ranksOf(launcher: number, mark: string): number[] {
  const all = processes();
  const below = new Set([launcher]);
  for (let before = 0; before < below.size; ) {
    before = below.size;
    for (const { pid, parent } of all) if (below.has(parent)) below.add(pid);
  }
  return all
    .filter(({ pid, command }) => pid !== launcher && below.has(pid) && command.includes(mark))
    .map(({ pid }) => pid)
    .filter((pid, _, list) => !all.some((other) => other.parent === pid && list.includes(other.pid)));
}

/** Whether a process is there, and no zombie. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
