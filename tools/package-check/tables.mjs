// Tables where DuckDB, which is optional, is not installed: what needs none works, and what needs it says the line to type, after which it works.

import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { check, run } from './checks.mjs';
import { startRegistry } from './registry.mjs';

const bin = process.platform === 'win32' ? 'unrolled.cmd' : 'unrolled';
const quick = ['--steps', '2', '--threads', '1', '--quiet'];

/** `folder`: a project in which the command is installed. */
export async function checkTables(folder, work, packed, tarballs, npm, { short }) {
  await makeTables(folder);
  const local = join(folder, 'node_modules', '.bin', bin);
  const classify = (...words) => ['train', 'classify', ...words, ...quick];
  const needing = [
    ['reading Parquet', classify('reviews.parquet')],
    ['--where', classify('reviews.csv', '--where', "label <> 'none'")],
  ];
  const npmRun = (args, options) => run(npm[0], [...npm.slice(1), ...args], { cwd: folder, ...options });

  await check('CSV, where DuckDB is not installed', () => void run(local, classify('reviews.csv'), { cwd: folder }));
  await check('Parquet and --where say what to install in a project, and then work', async () => {
    for (const [what, args] of needing)
      await refuses(what, 'npm install @duckdb/node-api', () => run(local, args, { cwd: folder }));
    npmRun(['install', '--no-audit', '--no-fund', '--loglevel=error', '@duckdb/node-api']);
    for (const [, args] of needing) run(local, args, { cwd: folder });
    return JSON.parse(run(local, ['doctor', '--no-test', '--json'], { cwd: folder })).tables;
  });
  if (short) return;
  await check('where the command is installed for the whole machine', async () => {
    const prefix = join(work, 'machine');
    const globally = (...names) =>
      npmRun(['install', '--global', '--prefix', prefix, '--no-audit', '--no-fund', '--loglevel=error', ...names]);
    globally(...tarballs);
    const machine = join(prefix, process.platform === 'win32' ? '' : 'bin', bin);
    const line = 'npm install --global @duckdb/node-api';
    for (const [what, args] of needing) await refuses(what, line, () => run(machine, args, { cwd: folder }));
    globally('@duckdb/node-api');
    for (const [, args] of needing) run(machine, args, { cwd: folder });
    return line;
  });
  await check('where npx fetches it', async () => {
    const registry = await startRegistry(packed, npmRun(['config', 'get', 'registry']).trim());
    try {
      const empty = join(work, 'npx');
      mkdirSync(empty);
      await makeTables(empty);
      const env = { ...process.env, npm_config_cache: join(work, 'npx-cache'), npm_config_registry: registry.url };
      const args = classify('reviews.parquet');
      // The registry is in this process, which must not wait.
      const [program, ...first] = npm.map((word) => word.replace(/npm(-cli\.js)?$/, 'npx$1')); // `npm exec` has another -p
      const npx = (...words) => promisify(execFile)(program, [...first, '--yes', ...words], { cwd: empty, env });
      const packages = ['-p', '@unrolled/cli', '-p', '@duckdb/node-api'];
      const line = ['npx', ...packages, 'unrolled', ...args].join(' ');
      await refuses('reading Parquet', line, () => npx('@unrolled/cli', ...args));
      await npx(...packages, 'unrolled', ...args);
      return line;
    } finally {
      await registry.close();
    }
  });
}

async function refuses(what, line, act) {
  let message = null;
  try {
    await act();
  } catch (error) {
    message = error.message;
  }
  if (!message?.includes(`${what} needs @duckdb/node-api, which is not installed:\n  ${line}`))
    throw new Error(`expected to be told to type ${line}, got: ${message ?? 'success'}`);
}

/** reviews.csv, and the same as reviews.parquet. */
async function makeTables(folder) {
  const rows = Array.from({ length: 60 }, (_, n) => (n % 3 === 0 ? `bad film ${n},neg` : `good film ${n},pos`));
  const csv = join(folder, 'reviews.csv');
  writeFileSync(csv, ['text,label', ...rows].join('\n'));
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(
    `COPY (SELECT * FROM read_csv('${csv}')) TO '${join(folder, 'reviews.parquet')}' (FORMAT parquet)`,
  );
  connection.closeSync();
}
