// The packages in Node, Deno and Bun, with and without permissions, and the command from npx.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, firstStep, learned, programOf, run, Skipped, versionOf } from './checks.mjs';
import { readJson, root } from '../setup.mjs';

/** `native` where the addon of this machine was packed. */
export async function checkRuntimes(folder, native, { short }) {
  const here = native ? /^native/ : /^wasm/;
  const program = (name) => join(folder, name);
  const nodes = short ? { 20: '' } : { 20: '', 24: 'node24', 26: 'node26' };
  for (const [wanted, name] of Object.entries(nodes)) {
    const node = wanted === '20' ? process.execPath : join(folder, 'node_modules', name, 'bin', 'node');
    await check(`Node ${wanted === '20' ? process.version : wanted}`, () => {
      if (wanted !== '20') versionOf(folder, name);
      const version = run(node, ['--version']).trim();
      const taken = learned(run(node, [program('node.js')], { cwd: folder }), here);
      const inline = learned(run(node, [program('inline.js')], { cwd: folder }), /^wasm/);
      return `${version}: ${taken}; inline: ${inline}`;
    });
  }
  const permissions = [
    ['all permissions', ['--allow-all'], 'node.js', here],
    ['--allow-read alone', ['--allow-read'], 'node.js', /^wasm/],
    ['no permission, unrolled/inline', [], 'inline.js', /^wasm/],
  ];
  for (const [name, granted, file, taken] of permissions)
    await check(`Deno, ${name}`, () => {
      const deno = programOf(folder, 'deno', '@deno', ['deno', 'deno.exe']);
      const args = ['run', '--no-prompt', '--no-lock'].concat(granted, program(file));
      return `${versionOf(folder, 'deno')}: ${learned(run(deno, args, { cwd: folder }), taken)}`;
    });
  await check('Deno, the notebook of examples/deno', () => {
    const deno = programOf(folder, 'deno', '@deno', ['deno', 'deno.exe']);
    const { cells } = readJson(join(root, 'examples', 'deno', 'notebook.ipynb'));
    const code = cells.filter((cell) => cell.cell_type === 'code').map(({ source }) => source.join(''));
    writeFileSync(join(folder, 'notebook.ts'), code.join('\n').replaceAll("'npm:unrolled'", "'unrolled'"));
    const args = ['run', '--check', '--no-prompt', '--no-lock', '--allow-read', program('notebook.ts')];
    const [first, last] = run(deno, args, { cwd: folder }).trim().split(' → ').map(Number);
    if (!(first > 1 && last < 0.1)) throw new Error(`the loss went from ${first} to ${last}`);
    return `${versionOf(folder, 'deno')}: loss ${first} → ${last}`;
  });
  await check('Bun', () => {
    const bun = programOf(folder, 'bun', '@oven', ['bin/bun.exe', 'bin/bun']);
    const taken = learned(run(bun, [program('node.js')], { cwd: folder }), here);
    return `${versionOf(folder, 'bun')}: ${taken}; inline: ${learned(run(bun, [program('inline.js')], { cwd: folder }), /^wasm/)}`;
  });
}

/** The command as npm installs it, and what the library says to those who look for it there. */
export async function checkCommand(folder, packed, npm) {
  const bin = join(folder, 'node_modules', '.bin', process.platform === 'win32' ? 'unrolled.cmd' : 'unrolled');
  await check('npx unrolled, where @unrolled/cli is installed', () => run(bin, ['--version'], { cwd: folder }));
  await check('npx unrolled, where only the library is installed, says what to type', () => {
    const alone = mkdtempSync(join(folder, '..', 'library-'));
    run(npm[0], [...npm.slice(1), 'install', '--no-audit', '--no-fund', '--loglevel=error', packed.unrolled.file], {
      cwd: alone,
    });
    let message = '';
    try {
      run(join(alone, 'node_modules', '.bin', 'unrolled'), ['demo', 'text'], { cwd: alone });
    } catch (error) {
      message = error.message;
    }
    rmSync(alone, { recursive: true, force: true });
    if (!message.includes('npm install unrolled @unrolled/cli\n  npx unrolled demo text'))
      throw new Error(`got: ${message}`);
    return 'npm install unrolled @unrolled/cli';
  });
  await check('a demonstration in an empty folder', async () => {
    const empty = mkdtempSync(join(folder, '..', 'empty-'));
    try {
      const env = { ...process.env, UNROLLED_STATE: join(empty, 'state'), NO_COLOR: '1' };
      const seconds = await firstStep(bin, ['demo', 'text', '--steps', '20', '--threads', '1'], { cwd: empty, env });
      const args = ['eval', 'runs/start', '--json', '--threads', '1'];
      const { characters } = JSON.parse(run(bin, args, { cwd: empty, env: { UNROLLED_STATE: env.UNROLLED_STATE } }));
      return `the first line of training after ${seconds.toFixed(1)} s; measured on ${characters} characters`;
    } finally {
      rmSync(empty, { recursive: true, force: true });
    }
  });
  await check('unrolled doctor names the kernels', () => {
    const { backend, advice } = JSON.parse(run(bin, ['doctor', '--no-test', '--json'], { cwd: folder }));
    const wasm = JSON.parse(
      run(bin, ['doctor', '--no-test', '--json'], { cwd: folder, env: { UNROLLED_BACKEND: 'wasm' } }),
    );
    if (!wasm.backend.startsWith('wasm')) throw new Skipped(`UNROLLED_BACKEND=wasm gave ${wasm.backend}`);
    return `${backend}${advice ? `; ${advice}` : ''}`;
  });
}
