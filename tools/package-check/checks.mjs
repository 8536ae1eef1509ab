// What the parts of `npm run package-check` share: a list of outcomes, processes, a server for pages, and the environments that npm installs.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

/** Thrown by a check that cannot be made here. */
export class Skipped extends Error {}

const outcomes = [];

/** Runs one check, and says what came of it: what it returns, or what it throws. */
export async function check(name, make) {
  const started = performance.now();
  let [state, text] = ['ok', ''];
  try {
    text = (await make()) ?? '';
  } catch (error) {
    state = error instanceof Skipped ? 'skipped' : 'FAILED';
    text = String(error.message ?? error);
  }
  outcomes.push({ name, state });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `${state.padEnd(7)} ${name} (${seconds} s)${text ? `: ${text.trim().split('\n').join('\n          ')}` : ''}`,
  );
}

/** The counts, and whether nothing failed. */
export function summary() {
  const count = (state) => outcomes.filter((one) => one.state === state).length;
  console.log(`package-check: ${count('ok')} ok, ${count('FAILED')} failed, ${count('skipped')} skipped`);
  return count('FAILED') === 0;
}

/** Runs a program to its end. Returns what it printed; throws what it complained of. */
export function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: 300_000,
    maxBuffer: 1 << 28,
    ...options,
    env: { ...process.env, NO_COLOR: '1', ...options.env },
  });
  if (status !== 0) throw new Error(error?.message ?? `${stderr}${stdout}`.trim().slice(-2000));
  return stdout;
}

/** Seconds from the start of a process to its first line with a loss. Throws when it fails. */
export function firstStep(command, args, options) {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, options);
    let [output, seconds] = ['', null];
    const hear = (data) => {
      output += data;
      if (seconds === null && /loss/.test(output)) seconds = (performance.now() - started) / 1000;
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 && seconds !== null
        ? resolve(seconds)
        : reject(new Error(`exit code ${code}: ${output.slice(-1500)}`)),
    );
  });
}

/** Throws unless the program of ./programs/train.js learned, on what was to be taken; returns that. */
export function learned(text, taken = /./) {
  const result = typeof text === 'string' ? JSON.parse(text.trim().split('\n').at(-1)) : text;
  if (result.error) throw new Error(result.error);
  if (!(result.last < 0.7 * result.first)) throw new Error(`the loss went from ${result.first} to ${result.last}`);
  if (!taken.test(result.taken)) throw new Error(`expected ${taken}, got ${result.taken} (${result.outcome})`);
  return result.outcome === 'taken' ? result.taken : `${result.taken}; ${result.outcome}`;
}

/** The version of a package that is installed in `folder`; skips the check where there is none. */
export function versionOf(folder, name) {
  const manifest = join(folder, 'node_modules', name, 'package.json');
  if (!existsSync(manifest)) throw new Skipped(`npm has no ${name} here`);
  return JSON.parse(readFileSync(manifest, 'utf8')).version;
}

/** The program of a package that is a file of it or of one of its optional packages, as Deno's and Bun's are. */
export function programOf(folder, name, scope, files) {
  versionOf(folder, name);
  const at = join(folder, 'node_modules', scope);
  const packages = [name, ...(existsSync(at) ? readdirSync(at).map((one) => `${scope}/${one}`) : [])];
  const found = packages
    .flatMap((one) => files.map((file) => join(folder, 'node_modules', one, file)))
    .find(existsSync);
  if (!found) throw new Skipped(`${name} has no program for this machine`);
  return found;
}

export const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

const types = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm', '.css': 'text/css' };

/** Serves a folder on a free port. What is not there is the page, as servers of applications answer. */
export async function serve(folder, headers = {}) {
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    const file = join(folder, normalize(path === '/' ? '/index.html' : path));
    const found = existsSync(file) && extname(file) !== '' ? file : join(folder, 'index.html');
    response
      .writeHead(200, { ...headers, 'Content-Type': types[extname(found)] ?? 'application/octet-stream' })
      .end(existsSync(found) ? readFileSync(found) : '');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())),
  };
}

/** Starts a server that is a program, and waits until it answers. */
export async function start(command, args, url, options) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  const close = () => new Promise((resolve) => (child.on('exit', resolve), child.kill()));
  for (const deadline = Date.now() + 90_000; Date.now() < deadline && child.exitCode === null; ) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return { url, close };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await close();
  throw new Error(`no answer at ${url}:\n${output.slice(-2000)}`);
}

/** A port that is free now. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
