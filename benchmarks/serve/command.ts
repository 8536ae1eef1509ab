// `unrolled serve` as a process of its own.

import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Command {
  readonly url: string;
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  stop(): Promise<number | null>;
}

const program = fileURLToPath(new URL('../../packages/cli/bin/unrolled.js', import.meta.url));

/** Runs a command to its end. */
export async function finished(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise((done) => child.once('exit', done));
  if (code !== 0) throw new Error(`unrolled ${args.slice(0, 2).join(' ')} ended with ${String(code)}`);
}

/** Starts it on a free port, and waits until it listens. */
export function serve(args: readonly string[]): Promise<Command> {
  const child = spawn(process.execPath, [program, 'serve', ...args, '--port', '0', '--json', '--quiet'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL')); // whatever happens here
  const exit = new Promise<number | null>((done) => child.once('exit', done));
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (data) => {
      output += String(data);
      const url = /"url": ?"([^"]+)"/.exec(output)?.[1];
      if (url) resolve({ url, child, exit, stop: () => (child.kill('SIGTERM'), exit) });
    });
    void exit.then((code) => reject(new Error(`it ended with ${code}`)));
  });
}
