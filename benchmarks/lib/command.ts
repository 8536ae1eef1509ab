// The command line as a benchmark runs it: what it prints as JSON, and the processor time that it takes, which a busy machine changes less than that of the clock.

import { spawnSync } from 'node:child_process';

const command = new URL('../../packages/cli/bin/unrolled.js', import.meta.url).pathname;
/** Writes the processor time of a process at its end, in microseconds. */
const clock = `data:text/javascript,${encodeURIComponent("process.on('exit', () => { const { user, system } = process.cpuUsage(); process.stderr.write('cpu ' + (user + system) + '\\n'); });")}`;

/** `unrolled <args> --threads 1 --json`: its result, and its processor seconds. */
export function unrolled<Result>(args: readonly string[]): { readonly result: Result; readonly seconds: number } {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', clock, command, ...args, '--threads', '1', '--json'],
    { encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  if (status !== 0) throw new Error(`unrolled ${args.join(' ')} ended with ${status}\n${stderr.slice(-2000)}${stdout}`);
  return { result: JSON.parse(stdout) as Result, seconds: Number(/cpu (\d+)\n$/.exec(stderr)?.[1]) / 1e6 };
}
