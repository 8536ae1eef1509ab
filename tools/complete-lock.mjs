// Adds to package-lock.json the optional packages of other platforms that npm left out, as it does where a registry's mirror does
// not carry them. `npm ci` refuses a lock file with such holes, and on those platforms it would install a tool without its program.
// Run it after `npm install` of anything that ships a program per platform; it changes nothing when nothing is missing.

import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/** What a package says about where it runs, from its name: `cli-linux-x64-musl`. */
function platform(name) {
  const words = name.split(/[/-]/);
  const os = systems.filter((s) => words.includes(s));
  const cpu = processors.filter((p) => words.includes(p));
  const libc = words.some((w) => w.startsWith('musl'))
    ? ['musl']
    : words.some((w) => w.startsWith('gnu'))
      ? ['glibc']
      : [];
  return { ...(cpu.length > 0 && { cpu }), ...(os.length > 0 && { os }), ...(libc.length > 0 && { libc }) };
}

/** The folders in which a package finds what it depends on, its own first: as Node looks for them. */
function folders(path) {
  const inside = path.split('/node_modules/');
  return [
    ...inside.map((_, i) => `${inside.slice(0, inside.length - i).join('/node_modules/')}/node_modules`),
    'node_modules',
  ];
}

const added = [];
for (const [from, { optionalDependencies, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
    const path = `node_modules/${name}`;
    const { cpu, os, libc } = platform(name);
    if (folders(from).some((folder) => lock.packages[`${folder}/${name}`]) || (!cpu && !os)) continue;
    lock.packages[path] = {
      version,
      ...(cpu && { cpu }),
      ...(dev && { dev }),
      ...(libc && { libc }),
      optional: true,
      ...(os && { os }),
    };
    added.push(`${name}@${version}`);
  }
}
if (added.length > 0) {
  const rank = (a, b) => a.localeCompare(b, 'en');
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => rank(a, b)));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
console.log(added.length > 0 ? `added ${added.length}:\n  ${added.join('\n  ')}` : 'package-lock.json is complete');
