// `npm run package-check -- --cold [turns]`: the seconds from `npx @unrolled/cli demo text` in an empty folder, with npm's cache empty, to the first line of
// training; and what of them is download, unpacking, npm itself, and the program. Each turn measures all, so that a busy machine slows them alike.

import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { firstStep, run } from './checks.mjs';
import { startRegistry } from './registry.mjs';

const demo = ['demo', 'text', '--steps', '2'];

export async function measureCold(work, packed, npm, turns) {
  const upstream = run(npm[0], [...npm.slice(1), 'config', 'get', 'registry']).trim();
  const registry = await startRegistry(packed, upstream);
  const measured = [];
  try {
    for (let turn = 0; turn < turns; turn++) {
      const cache = join(work, `cache-${turn}`);
      const env = { ...process.env, npm_config_cache: cache, npm_config_registry: registry.url, NO_COLOR: '1' };
      const npx = [...npm.slice(1), 'exec', '--yes', '--prefer-offline', '--', '@unrolled/cli', ...demo];
      const cold = await inEmpty(work, npm[0], npx, env);
      const [installed] = readdirSync(join(cache, '_npx')).map((name) => join(cache, '_npx', name, 'node_modules'));
      const bytes = sizeOf(installed);
      const packages = sizesOf(installed);
      const program = await inEmpty(
        work,
        process.execPath,
        [join(installed, '@unrolled/cli/bin/unrolled.js'), ...demo],
        env,
      );
      const again = await inEmpty(work, npm[0], npx, env);
      rmSync(join(cache, '_npx'), { recursive: true });
      const unpacked = await inEmpty(work, npm[0], npx, env);
      rmSync(cache, { recursive: true });
      measured.push({ cold, download: cold - unpacked, unpack: unpacked - again, npm: again - program, program });
      console.log(`${text(measured.at(-1))}`);
      if (turn === 0) console.log(`${(bytes / 1e6).toFixed(1)} MB installed: ${packages}`);
    }
  } finally {
    await registry.close();
  }
  const median = (key) => measured.map((one) => one[key]).sort((a, b) => a - b)[measured.length >> 1];
  console.log(`median  ${text(Object.fromEntries(Object.keys(measured[0]).map((key) => [key, median(key)])))}`);
}

const text = ({ cold, ...parts }) =>
  `${cold.toFixed(1)} s cold: ${Object.entries(parts)
    .map(([what, seconds]) => `${what} ${seconds.toFixed(1)}`)
    .join(', ')}`;

async function inEmpty(work, command, args, env) {
  const cwd = mkdtempSync(join(work, 'empty-'));
  return firstStep(command, args, { cwd, env: { ...env, UNROLLED_STATE: join(cwd, 'state') } });
}

function sizeOf(path) {
  const entry = statSync(path);
  if (!entry.isDirectory()) return entry.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

/** The packages of more than half a megabyte. */
function sizesOf(folder) {
  const names = readdirSync(folder).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(folder, name)).map((one) => `${name}/${one}`) : [name],
  );
  return names
    .map((name) => [name, sizeOf(join(folder, name)) / 1e6])
    .filter(([, size]) => size > 0.5)
    .sort(([, a], [, b]) => b - a)
    .map(([name, size]) => `${name} ${size.toFixed(1)}`)
    .join(', ');
}
