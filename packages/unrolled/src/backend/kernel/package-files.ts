// Where the files next to the code are: the WASM builds and the addon. Nothing is looked for before it is needed: in a bundle `import.meta.url` may
// be anything, and an import of the library must not fail for it.

import { host, nodeModule } from './host.ts';

declare const URL: new (path: string, base: string) => { readonly href: string };

/** The four builds: by SIMD level, and with memory that threads can share or without. */
export type WasmVariant = 'simd128' | 'relaxed' | 'simd128-shared' | 'relaxed-shared';

/** Each URL is written out, so that bundlers find the file and copy it. */
const beside: Readonly<Record<WasmVariant, () => { readonly href: string }>> = {
  simd128: () => new URL('../../../wasm/simd128.wasm', import.meta.url),
  relaxed: () => new URL('../../../wasm/relaxed.wasm', import.meta.url),
  'simd128-shared': () => new URL('../../../wasm/simd128-shared.wasm', import.meta.url),
  'relaxed-shared': () => new URL('../../../wasm/relaxed-shared.wasm', import.meta.url),
};

/** Addresses at which a build may be, the most likely first; none where this code does not know where it is. */
export function wasmAddresses(variant: WasmVariant): string[] {
  const found = [attempt(() => beside[variant]().href), viteAddress(variant)];
  for (const folder of packageFolders()) found.push(`${folder}wasm/${variant}.wasm`);
  return [...new Set(found.filter((address) => address !== undefined))];
}

/** Vite's dev server moves the code of a package to node_modules/.vite/deps or the like, and leaves the other files where they were. */
function viteAddress(variant: WasmVariant): string | undefined {
  const [, modules] = /^(.*\/node_modules)\/\.[^?]*\/deps(?:_\w+)?\/[^/]*$/.exec(attempt(own) ?? '') ?? [];
  return modules && `${modules}/unrolled/wasm/${variant}.wasm`;
}

// Neither this nor import.meta.url is written inside of new URL(…): a bundler would go looking for the folder.
const root = '../../../';
const own = (): string => import.meta.url;

/**
 * In Node: the folders that this package may be in, as file URLs that end in a slash. The code's own; and for a program that was bundled, the one
 * that is installed for the script that runs.
 */
export function packageFolders(): string[] {
  const { pathToFileURL } = nodeModule('node:url') ?? {};
  if (!pathToFileURL) return [];
  const folders = [attempt(() => new URL(root, own()).href)];
  for (const { find } of finders()) {
    const manifest = attempt(() => find('unrolled/package.json'));
    if (manifest) folders.push(attempt(() => new URL('.', pathToFileURL(manifest).href).href));
  }
  return [...new Set(folders.filter((folder) => folder?.startsWith('file:')))] as string[];
}

/** What looks for packages from some place. Not called `require`: a bundler would take it for its own. */
interface Finder {
  readonly load: (name: string) => unknown;
  readonly find: (name: string) => string;
}

/** Look for packages as this code would, and as the script that runs would. */
export function finders(): Finder[] {
  const { createRequire } = nodeModule('node:module') ?? {};
  if (!createRequire) return [];
  const places = [attempt(() => import.meta.url), host.process?.argv?.[1]];
  return places.flatMap((place) => {
    const load = place && attempt(() => createRequire(place));
    return load ? [{ load, find: (name: string) => load.resolve(name) }] : [];
  });
}

function attempt<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch {
    return undefined;
  }
}
