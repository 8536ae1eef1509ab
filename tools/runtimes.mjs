// `npm run runtimes`: the library and the server as npm would ship them, installed into an empty folder, open runs of every task and answer in Node,
// Deno and Bun as the command did. Deno and Bun are installed next to it from npm; where that is not possible it says so and asks Node alone.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'rolldown/utils';
import { pack } from './pack.mjs';
import { root, setup } from './setup.mjs';

setup();
const folder = mkdtempSync(join(tmpdir(), 'unrolled-runtimes-'));
const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];

function run([command, ...first], args, cwd = folder) {
  const shell = command === 'npm' && process.platform === 'win32';
  return spawnSync(command, [...first, ...args], { cwd, encoding: 'utf8', shell, timeout: 300_000 });
}

/** The program of a package whose binary is a file of it or of one of its optional packages. */
function binary(packages, names) {
  const found = packages.flatMap((name) => names.map((file) => join(folder, 'node_modules', name, file)));
  return found.find(existsSync);
}

/** The optional packages of a scope that npm installed here. */
function inScope(scope) {
  const at = join(folder, 'node_modules', scope);
  return existsSync(at) ? readdirSync(at).map((name) => `${scope}/${name}`) : [];
}

let failed = false;
try {
  const { unrolled, '@unrolled/server': server } = pack(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const installed = run(npm, ['install', ...quiet, unrolled.file, server.file]);
  if (installed.status !== 0) throw new Error(`npm install: ${installed.stderr}`);
  // Bun's package puts its program in place with a script of its own.
  const others = run(npm, ['install', ...quiet, '--ignore-scripts=false', 'deno', 'bun']);
  const reason = others.status === 0 ? 'npm has none for this machine' : `npm: ${others.stderr.trim().split('\n')[0]}`;

  cpSync(join(root, 'test', 'fixtures'), join(folder, 'fixtures'), { recursive: true });
  mkdirSync(join(folder, 'pixels'));
  writeFileSync(
    join(folder, 'pixels', 'all.json'),
    JSON.stringify(await pixels(join(root, 'test/fixtures/runs/inputs'))),
  );
  const table = join(root, 'test', 'pipelines.ts');
  writeFileSync(join(folder, 'pipelines.js'), transformSync(table, readFileSync(table, 'utf8')).code);
  cpSync(join(root, 'tools', 'runtimes-program.mjs'), join(folder, 'program.mjs'));

  const runtimes = {
    Node: [process.execPath],
    Deno: [binary(['deno', ...inScope('@deno')], ['deno', 'deno.exe']), 'run', '--allow-all', '--no-lock'],
    Bun: [binary(['bun', ...inScope('@oven')], ['bin/bun.exe', 'bin/bun'])],
  };
  for (const [name, command] of Object.entries(runtimes)) {
    if (!command[0]) {
      console.log(`${name}: skipped (${reason})`);
      continue;
    }
    const { status, stdout, stderr } = run(command, ['program.mjs']);
    console.log(`${name}: ${status === 0 ? stdout.trim() : `FAILED\n${stdout}${stderr}`}`);
    failed ||= status !== 0;
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
process.exitCode = failed ? 1 : 0;

/** The images as pixels, decoded here: the other runtimes have no decoder. */
async function pixels(inputs) {
  const sharp = (await import('sharp')).default;
  const files = readdirSync(inputs, { recursive: true }).filter((path) => path.endsWith('.png'));
  const entries = files.map(async (path) => {
    const { data, info } = await sharp(join(inputs, path)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    return [path.replaceAll('\\', '/'), { data: [...data], width: info.width, height: info.height }];
  });
  return Object.fromEntries(await Promise.all(entries));
}
