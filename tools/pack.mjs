// Packs what npm publishes into build/npm: the packages of this clone, and one for each machine that an addon was built for. A package's own manifest
// is for the clone, where nothing has to be published; here it gets the packages of addons as optional dependencies, the repository, the README and
// the license.
//
//   node tools/pack.mjs [folder]

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { platforms } from '../packages/unrolled/kernels/build/native.mjs';
import { licensesFile } from './licenses.mjs';
import { readJson, root } from './setup.mjs';

const { version, license } = readJson(join(root, 'packages', 'unrolled', 'package.json'));
const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
const nativeName = (platform) => `@unrolled/native-${platform}`;

/** Where the addon for a machine lies once it is built, or undefined. */
function addonOf(platform) {
  const own = `${process.platform}-${process.arch}` === platform && join(root, 'packages/unrolled/build/unrolled.node');
  return [join(root, 'build', 'native', platform, 'unrolled.node'), own].find((file) => file && existsSync(file));
}

/** Where the project is published from, as the release workflow says; a clone does not know. */
function repository(directory) {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env;
  return server && name ? { repository: { type: 'git', url: `git+${server}/${name}.git`, directory } } : {};
}

/** The manifest that is published. */
function published(own, directory) {
  const manifest = { ...own, private: undefined };
  const addons = Object.fromEntries(platforms.map((platform) => [nativeName(platform), version]));
  return {
    ...manifest,
    ...repository(directory),
    ...(manifest.name === 'unrolled' && { optionalDependencies: addons }),
  };
}

function nativeManifest(platform) {
  const [os, cpu] = platform.split('-');
  return {
    name: nativeName(platform),
    version,
    description: `The compiled kernels of unrolled for ${platform}.`,
    keywords: ['unrolled'],
    license,
    ...repository('packages/unrolled/kernels'),
    os: [os],
    cpu: [cpu],
    main: './unrolled.node',
    files: ['unrolled.node', licensesFile],
  };
}

function npmPack(folder, out) {
  const shell = npm[0] === 'npm' && process.platform === 'win32';
  const args = [...npm.slice(1), 'pack', '--json', '--ignore-scripts', '--pack-destination', out];
  const { status, stdout, stderr } = spawnSync(npm[0], args, { cwd: folder, encoding: 'utf8', shell });
  if (status !== 0) throw new Error(`npm pack: ${stderr}`);
  const [{ filename, size, unpackedSize, files }] = Object.values(JSON.parse(stdout));
  return { file: join(out, filename), size, unpackedSize, files: files.map(({ path }) => path) };
}

/** Packs everything into `folder`. Returns the packed packages by name: { manifest, file, size, unpackedSize, files }. */
export function pack(folder) {
  const out = resolve(folder); // npm packs from within each package
  mkdirSync(out, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'unrolled-pack-'));
  const packed = {};
  const add = (manifest, fill) => {
    const to = join(work, manifest.name.replace('/', '-'));
    mkdirSync(to, { recursive: true });
    fill(to);
    cpSync(join(root, 'LICENSE'), join(to, 'LICENSE'));
    writeFileSync(join(to, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    packed[manifest.name] = { manifest, ...npmPack(to, out) };
  };
  try {
    for (const name of readdirSync(join(root, 'packages'))) {
      const from = join(root, 'packages', name);
      const manifest = readJson(join(from, 'package.json'));
      if (!manifest) continue;
      add(published(manifest, `packages/${name}`), (to) => {
        // Of a pattern its folder: npm looks for the pattern in there.
        const listed = manifest.files.filter((path) => !path.startsWith('!')).map((path) => path.split('/**')[0]);
        for (const path of ['README.md', ...listed])
          if (existsSync(join(from, path))) cpSync(join(from, path), join(to, path), { recursive: true });
      });
    }
    for (const platform of platforms) {
      const addon = addonOf(platform);
      if (!addon) continue;
      add(nativeManifest(platform), (to) => {
        cpSync(addon, join(to, 'unrolled.node'));
        // Elsewhere an addon holds nothing but ours and libgcc, whose license asks for no notice.
        if (platform === 'win32-x64') cpSync(join(root, 'tools', 'mingw-w64-licenses.txt'), join(to, licensesFile));
        const text = `# ${nativeName(platform)}\n\nThe compiled kernels of unrolled for ${platform}. It is installed with the library where it fits.\n`;
        writeFileSync(join(to, 'README.md'), text);
      });
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return packed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const out = process.argv[2] ?? join(root, 'build', 'npm');
  for (const [name, { file, size, files }] of Object.entries(pack(out)))
    console.log(`${name}: ${file}, ${(size / 1024).toFixed(0)} kB, ${files.length} files`);
}
