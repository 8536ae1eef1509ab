// The licenses of what a build puts into its files: they ask that their notices go where the code goes.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The file that has them, next to the code. */
export const licensesFile = 'THIRD-PARTY-LICENSES.txt';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Whose code it is that a bundler writes itself, into modules without a file; null where it is ours. */
const makers = [
  [/^\0rolldown\//, 'rolldown'],
  [/^\0vite\//, 'vite'],
  [/^\0plugin-vue:/, 'vitepress'], // which has that plugin inside of it
  [/^\0virtual:answer-page$/, null],
];

/** The folder of the package that a module comes from; null for our own. */
export function folderOf(id) {
  const [, folder] = /^\0?(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)/.exec(id) ?? [];
  if (folder !== undefined) return folder;
  if (!id.startsWith('\0')) return null;
  const maker = makers.find(([made]) => made.test(id));
  if (!maker) throw new Error(`${JSON.stringify(id)}: tools/licenses.mjs does not know whose code this module is`);
  return maker[1] === null ? null : join(root, 'node_modules', maker[1]);
}

/** The licenses of the packages that these modules come from, as one text; an empty one where all modules are our own. */
export function licensesOf(modules) {
  const folders = new Set(modules.map(folderOf).filter((folder) => folder !== null));
  const texts = Array.from(folders, (folder) =>
    licenseOf(
      folder,
      modules.filter((id) => folderOf(id) === folder).map((id) => id.replace(/^\0/, '').replace(/\?.*$/, '')),
    ),
  );
  return texts.sort().join('\n\n');
}

/** Ours, for files that leave the package. */
export function ownLicense() {
  const { name, version, license } = JSON.parse(readFileSync(join(root, 'packages/unrolled/package.json'), 'utf8'));
  return `${name} ${version}, ${license}\n\n${readFileSync(join(root, 'LICENSE'), 'utf8')}`;
}

/** Of a package without a file for it: what its modules begin with. */
function licenseOf(folder, modules) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((path) => /^licen[cs]e/i.test(path));
  const text = file
    ? ownPart(readFileSync(join(folder, file), 'utf8'))
    : [
        ...new Set(
          modules.flatMap((path) => /^((\/\/.*\n)+|\/\*[^]*?\*\/)/.exec(readFileSync(path, 'utf8'))?.[0] ?? []),
        ),
      ].join('\n');
  if (text === '') throw new Error(`${name}: no license is found`);
  return `${name} ${version}, ${license}\n\n${text}`;
}

/** Without what a bundler says of the packages inside of itself, none of which goes into what it bundles. */
const ownPart = (text) => text.replace(/^# Licenses of bundled dependencies\n[^]*/m, '');
