// The licenses of what a build puts into its files: they ask that their notices go where the code goes.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The file that has them, next to the code. */
export const licensesFile = 'THIRD-PARTY-LICENSES.txt';

const folderOf = (path) => /^.*[\\/]node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+/.exec(path)?.[0];

/** The licenses of the packages that these modules come from, as one text; an empty one where all modules are our own. */
export function licensesOf(modules) {
  const paths = modules.map((id) => id.replace(/^\0/, '').replace(/\?.*$/, ''));
  const folders = new Set(paths.flatMap((path) => folderOf(path) ?? []));
  const texts = Array.from(folders, (folder) =>
    licenseOf(
      folder,
      paths.filter((path) => folderOf(path) === folder),
    ),
  );
  return texts.sort().join('\n\n');
}

/** Ours, for files that leave the package. */
export function ownLicense() {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const { name, version, license } = JSON.parse(readFileSync(join(root, 'packages/unrolled/package.json'), 'utf8'));
  return `${name} ${version}, ${license}\n\n${readFileSync(join(root, 'LICENSE'), 'utf8')}`;
}

/** Of a package without a file for it: what its modules begin with. */
function licenseOf(folder, modules) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((path) => /^licen[cs]e/i.test(path));
  const comments = modules.flatMap((id) => /^((\/\/.*\n)+|\/\*[^]*?\*\/)/.exec(readFileSync(id, 'utf8'))?.[0] ?? []);
  const text = file ? readFileSync(join(folder, file), 'utf8') : [...new Set(comments)].join('\n');
  if (text === '') throw new Error(`${name}: no license is found`);
  return `${name} ${version}, ${license}\n\n${text}`;
}
