// Bundles for Node: they run where they were made, next to node_modules, and with unrolled/inline anywhere.

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../setup.mjs';
import { check, freePort, learned, run, start, versionOf } from './checks.mjs';

const bin = (folder, name) => join(folder, 'node_modules', '.bin', name);

/** Runs a file as it is, and a bundle with the kernels inside in a folder that has nothing else. */
function runBoth(main, inline) {
  const alone = mkdtempSync(join(tmpdir(), 'unrolled-alone-'));
  try {
    const copy = join(alone, inline.split(/[/\\]/).at(-1));
    cpSync(inline, copy);
    return `${learned(run(process.execPath, [main]))}; inline, alone: ${learned(run(process.execPath, [copy], { cwd: alone }), /^wasm/)}`;
  } finally {
    rmSync(alone, { recursive: true, force: true });
  }
}

export async function checkBundles(folder, { short }) {
  for (const format of ['cjs', 'esm'])
    await check(`esbuild for Node, ${format}`, () => {
      const version = versionOf(folder, 'esbuild');
      const out = join(folder, 'out', `esbuild-${format}`);
      const ending = format === 'cjs' ? '.cjs' : '.mjs';
      const args = [
        'main.js',
        'inline.js',
        '--bundle',
        '--platform=node',
        `--format=${format}`,
        `--out-extension:.js=${ending}`,
      ];
      run(bin(folder, 'esbuild'), [...args, `--outdir=${out}`, '--log-level=error'], { cwd: folder });
      return `${version}: ${runBoth(join(out, `main${ending}`), join(out, `inline${ending}`))}`;
    });
  if (short) return;
  await check('tsup', () => {
    const version = versionOf(folder, 'tsup');
    const out = join(folder, 'out', 'tsup');
    const args = ['main.js', 'inline.js', '--format', 'cjs,esm', '--out-dir', out, '--silent', '--no-splitting'];
    run(bin(folder, 'tsup'), [...args, '--no-config'], { cwd: folder });
    // It leaves what package.json names outside of the bundle.
    const [main, inline] = ['main.js', 'inline.cjs'].map((name) => run(process.execPath, [join(out, name)]));
    return `${version}: ${learned(main)}; inline: ${learned(inline, /^wasm/)}`;
  });
  await check('webpack for Node', () => {
    const version = versionOf(folder, 'webpack');
    const out = join(folder, 'out', 'webpack-node');
    const output = webpack(folder, {
      target: 'node',
      entry: { main: './main.js', inline: './inline.js' },
      output: { path: out, filename: '[name].cjs' },
    });
    if (/WARNING/.test(output)) throw new Error(output.slice(0, 2000));
    return `${version}: ${learned(run(process.execPath, [join(out, 'main.cjs')]))}`;
  });
  await checkNext(folder);
  await checkNextExample(folder);
}

/** Runs webpack and returns what it printed. */
export function webpack(folder, config) {
  const file = join(folder, `webpack-${config.target}.config.cjs`);
  const whole = { mode: 'production', performance: { hints: false }, context: folder, ...config };
  writeFileSync(file, `module.exports = ${JSON.stringify(whole)};\n`);
  return run(bin(folder, 'webpack'), ['--config', file], { cwd: folder });
}

/** A route of Next.js, with the library in the bundle and outside of it. */
async function checkNext(folder) {
  const app = join(folder, 'next-app');
  for (const external of [true, false])
    await check(`Next.js, a route; serverExternalPackages: ${external ? "['unrolled']" : 'none'}`, async () => {
      const version = versionOf(folder, 'next');
      rmSync(join(app, '.next'), { recursive: true, force: true });
      mkdirSync(join(app, 'app', 'api', 'train'), { recursive: true });
      cpSync(join(folder, 'train.js'), join(app, 'train.js'));
      const files = {
        'package.json': '{ "private": true, "type": "module" }',
        'next.config.js': `export default ${JSON.stringify({ ...(external && { serverExternalPackages: ['unrolled'] }), outputFileTracingRoot: folder })};`,
        'app/layout.js':
          'export default function Layout({ children }) { return <html><body>{children}</body></html>; }',
        'app/page.js': 'export default function Page() { return <p>unrolled</p>; }',
        'app/api/train/route.js':
          "import { train } from '../../../train.js';\nexport const dynamic = 'force-dynamic';\nexport const GET = async () => Response.json(await train());",
      };
      for (const [path, text] of Object.entries(files)) writeFileSync(join(app, path), text);
      const next = join(folder, 'node_modules', 'next', 'dist', 'bin', 'next');
      const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' };
      run(process.execPath, [next, 'build'], { cwd: app, env });
      const port = await freePort();
      const url = `http://127.0.0.1:${port}/api/train`;
      const server = await start(process.execPath, [next, 'start', '-p', String(port)], url, { cwd: app, env });
      try {
        const response = await fetch(url);
        if (!response.ok) throw new Error(`HTTP ${response.status}: ${(await response.text()).slice(0, 500)}`);
        return `${version}: ${learned(await response.json())}`;
      } finally {
        await server.close();
      }
    });
}

/** examples/next-app as it is, with a run of the fixtures where it looks for one. */
async function checkNextExample(folder) {
  const app = join(folder, 'next-example');
  await check('Next.js, examples/next-app as it is', async () => {
    const version = versionOf(folder, 'next');
    cpSync(join(root, 'examples', 'next-app'), app, { recursive: true });
    cpSync(join(root, 'test', 'fixtures', 'runs', 'classify'), join(app, 'runs', 'reviews'), { recursive: true });
    const next = join(folder, 'node_modules', 'next', 'dist', 'bin', 'next');
    const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' };
    run(process.execPath, [next, 'build'], { cwd: app, env });
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/`;
    const server = await start(process.execPath, [next, 'start', '-p', String(port)], url, { cwd: app, env });
    try {
      const body = JSON.stringify({ text: 'a good and lovely film' });
      const response = await fetch(`${url}api/classify`, { method: 'POST', body });
      const { label, score } = await response.json();
      if (!response.ok || !(score > 0)) throw new Error(`HTTP ${response.status}, label ${label}`);
      return `${version}: ${label}, ${score.toFixed(2)}`;
    } finally {
      await server.close();
    }
  });
}
