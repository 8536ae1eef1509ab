// What is in the tarballs: the files that belong there and no others, what publint and attw say of them, their sizes, and their types as a project with an
// older library of types reads them.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { check, run, versionOf } from './checks.mjs';
import { licensesFile } from '../licenses.mjs';
import { root } from '../setup.mjs';

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(0)} kB`;

/** Where the licenses of others lie whose code is in a package's files. */
const licenses = {
  unrolled: [`dist/${licensesFile}`],
  '@unrolled/cli': [`dist/bundle/${licensesFile}`],
  '@unrolled/studio': [`dist/${licensesFile}`],
  '@unrolled/native-win32-x64': [licensesFile],
};

export async function checkContents(folder, packed) {
  for (const [name, { file, size, unpackedSize, files }] of Object.entries(packed)) {
    await check(`contents of ${name}`, () => {
      const wanted = ['package.json', 'README.md', 'LICENSE', ...(licenses[name] ?? [])];
      const missing = wanted.filter((path) => !files.includes(path));
      const dead = files.filter((path) => /\.tsbuildinfo$|\.map$|\.test\./.test(path));
      if (missing.length + dead.length > 0) throw new Error(`missing ${missing}; not to be published ${dead}`);
      return `${kilobytes(size)} packed, ${kilobytes(unpackedSize)}, ${files.length} files`;
    });
    if (name.includes('native')) continue;
    await check(`publint of ${name}`, () => {
      const version = versionOf(folder, 'publint');
      run(process.execPath, [join(folder, 'node_modules/publint/src/cli.js'), 'run', file, '--strict'], {
        cwd: folder,
      });
      return version;
    });
    await check(`attw of ${name}`, () => {
      const version = versionOf(folder, '@arethetypeswrong/cli');
      const cli = join(folder, 'node_modules/@arethetypeswrong/cli/dist/index.js');
      const none = name === '@unrolled/cli' || name === '@unrolled/studio'; // a command, a page: nothing to import
      if (!none)
        run(process.execPath, [cli, file, '--profile', 'esm-only', '--exclude-entrypoints', './worker'], {
          cwd: folder,
        });
      return none ? `${version}: nothing to import` : version;
    });
  }
  await check('what a release would publish', () =>
    run(process.execPath, [join(root, 'tools', 'publish.mjs'), dirname(packed.unrolled.file), '--dry-run']),
  );
  await check('types, with lib ES2020 and skipLibCheck off', () => {
    const version = versionOf(folder, 'typescript');
    const at = join(folder, 'types');
    mkdirSync(at, { recursive: true });
    const doors = Object.keys(
      JSON.parse(readFileSync(join(folder, 'node_modules/unrolled/package.json'), 'utf8')).exports,
    );
    const names = doors.filter((door) => !/[*]|json$|mjs$|worker/.test(door)).map((door) => `unrolled${door.slice(1)}`);
    const imports = [...names, '@unrolled/convert'].map(
      (name, i) => `import * as m${i} from '${name}';\nexport { m${i} };\n`,
    );
    writeFileSync(join(at, 'main.ts'), imports.join(''));
    for (const moduleResolution of ['NodeNext', 'Bundler']) {
      const compilerOptions = {
        target: 'ES2020',
        lib: ['ES2020'],
        types: [],
        module: moduleResolution === 'Bundler' ? 'ESNext' : 'NodeNext',
        moduleResolution,
        strict: true,
        skipLibCheck: false,
        noEmit: true,
      };
      writeFileSync(join(at, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['main.ts'] }));
      run(process.execPath, [join(folder, 'node_modules/typescript/lib/tsc.js'), '-p', at], { cwd: at });
    }
    return `TypeScript ${version}, NodeNext and Bundler`;
  });
}
