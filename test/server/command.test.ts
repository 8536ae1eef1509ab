// `unrolled serve` as a process: it says where it listens, answers, and ends when it is told to, with its requests answered.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { root } from '../snippets.ts';
import { runPath } from './served.ts';

const folder = mkdtempSync(join(tmpdir(), 'unrolled-serve-'));
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  readonly output: { out: string; err: string };
  readonly exit: Promise<number | null>;
}

function serve(args: readonly string[], env: Record<string, string> = {}, cwd = process.cwd()): Run {
  const command = [join(root, 'packages/cli/bin/unrolled.js'), 'serve', ...args];
  const child = spawn(process.execPath, command, {
    env: { ...process.env, ...env },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  const output = { out: '', err: '' };
  child.stdout.on('data', (data) => (output.out += data));
  child.stderr.on('data', (data) => (output.err += data));
  return { child, output, exit: new Promise((done) => child.once('exit', (code) => done(code))) };
}

/** The address, once it listens. */
async function listening({ output, exit }: Run): Promise<string> {
  let over = false;
  void exit.then(() => (over = true));
  for (;;) {
    const found = /"url": ?"([^"]+)"/.exec(output.out);
    if (found) return found[1];
    if (over) throw new Error(`it ended: ${output.err}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

test('it serves, logs, and finishes a stream when it is told to stop', async () => {
  const log = join(folder, 'log.jsonl');
  const run = serve(
    [runPath('text-lstm'), `reviews=${runPath('classify')}`, '--port', '0', '--json', '--quiet', '--log-jsonl', log],
    {
      UNROLLED_API_KEY: 'a-key-of-many-characters',
    },
  );
  const url = await listening(run);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const { data } = (await (await fetch(`${url}/v1/models`)).json()) as { data: { id: string }[] };
  expect(data.map(({ id }) => id)).toEqual(['text-lstm', 'reviews']);
  const body = JSON.stringify({ model: 'text-lstm', prompt: 'the ', max_tokens: 3000, stream: true });
  expect((await fetch(`${url}/v1/completions`, { method: 'POST', body })).status).toBe(401);
  const headers = { authorization: 'Bearer a-key-of-many-characters' };
  const stream = await fetch(`${url}/v1/completions`, { method: 'POST', body, headers });
  run.child.kill('SIGTERM');
  expect(await stream.text()).toMatch(/data: \[DONE\]\n\n$/);
  expect(await run.exit).toBe(0);
  const entries = readFileSync(log, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { status: number; route: string; tokens?: number });
  expect(entries.map(({ status }) => status)).toEqual([200, 401, 200]);
  expect(entries[2]).toMatchObject({ route: '/v1/completions', tokens: 3000 });
}, 60_000);

test('a run that is served from within it has the name of its folder', async () => {
  const run = serve(['.', '--port', '0', '--json', '--quiet'], {}, runPath('text-lstm'));
  const { data } = (await (await fetch(`${await listening(run)}/v1/models`)).json()) as { data: { id: string }[] };
  expect(data.map(({ id }) => id)).toEqual(['text-lstm']);
  run.child.kill('SIGTERM');
  expect(await run.exit).toBe(0);
});

test.each([
  ['an address that others reach without a key', ['--host', '0.0.0.0'], 2, /--api-key/],
  ['a run that is not there', ['--port', '0', join(folder, 'none')], 1, /none/],
  ['two runs of one name', ['--port', '0', runPath('text-lstm')], 2, /two runs are called/],
])(
  '%s is refused',
  async (_, args, code, message) => {
    const run = serve([runPath('text-lstm'), ...args], { UNROLLED_API_KEY: '' });
    expect(await run.exit).toBe(code);
    expect(run.output.err).toMatch(message);
  },
  60_000,
);
