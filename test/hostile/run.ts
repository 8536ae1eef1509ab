// Runs hostile calls in processes of their own, and goes on behind a call that ended one.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Fault, Outcome } from './calls.ts';

const child = fileURLToPath(new URL('./child.ts', import.meta.url));
const loader = new URL('../../tools/ts.mjs', import.meta.url).href;

/** A call that says nothing for so long is ended. */
const patience = 8_000;

export async function hostileCalls(backend: string, seed: number, count: number): Promise<Outcome> {
  const faults: Fault[] = [];
  let [calls, refused, slowest, slowestCall] = [0, 0, 0, ''];
  while (calls < count) {
    const { outcome, found, last, how } = await attempt(backend, seed, calls, count - calls);
    faults.push(...found);
    if (outcome) {
      refused += outcome.refused;
      if (outcome.slowest > slowest) ({ slowest, slowestCall } = outcome);
      calls += outcome.calls;
      break;
    }
    if (last < 0) throw new Error(`the process for ${backend} did not start: ${how}`);
    faults.push({
      call: `seed ${seed}, call ${last} (child.ts ${backend} ${seed} ${last} 1)`,
      kind: 'crash',
      what: how,
    });
    calls = last + 1;
    if (faults.filter((f) => f.kind === 'crash').length > 20) break;
  }
  return { calls, refused, slowest, slowestCall, faults };
}

function attempt(
  backend: string,
  seed: number,
  first: number,
  count: number,
): Promise<{ outcome: Outcome | null; found: Fault[]; last: number; how: string }> {
  return new Promise((resolve) => {
    const args = ['--max-old-space-size=1024', '--import', loader, child, backend, `${seed}`, `${first}`, `${count}`];
    const run = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [buffer, last, call, errors, silent] = ['', -1, '', '', false];
    let outcome: Outcome | null = null;
    const found: Fault[] = [];
    const end = () => {
      silent = true;
      run.kill('SIGKILL');
    };
    let timer = setTimeout(end, 60_000); // until the first call: loading a backend
    run.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      clearTimeout(timer);
      timer = setTimeout(end, patience);
      buffer += chunk;
      const lines = buffer.split('\n');
      buffer = lines.pop() as string;
      for (const line of lines) {
        if (line.startsWith('{"fault"')) found.push((JSON.parse(line) as { fault: Fault }).fault);
        else if (line.startsWith('{"outcome"')) ({ outcome } = JSON.parse(line) as { outcome: Outcome });
        else [last, call] = [Number.parseInt(line, 10), line];
      }
    });
    run.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      errors = (errors + chunk).slice(-600);
    });
    run.on('close', (code, signal) => {
      clearTimeout(timer);
      const how = silent ? `silent for ${patience / 1000} s` : `ended with ${signal ?? code}: ${errors.slice(0, 600)}`;
      resolve({ outcome, found, last, how: `${call}: ${how}` });
    });
  });
}
