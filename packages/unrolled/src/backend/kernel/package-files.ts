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

/** Vite's dev server moves the code of a package into a folder of its own, and leaves the other files where they were. */
function viteAddress(variant: WasmVariant): string | undefined {
  const [modules, inside] = (attempt(() => import.meta.url) ?? '').split('/.vite/deps');
  return inside === undefined ? undefined : `${modules}/unrolled/wasm/${variant}.wasm`;
}

// Not written inside new URL(…): a bundler would go looking for the folder.
const root = '../../../';

/**
 * In Node: the folders that this package may be in, as file URLs that end in a slash. The code's own; and for a program that was bundled, the one
 * that is installed for the script that runs.
 */
export function packageFolders(): string[] {
  const { pathToFileURL } = nodeModule('node:url') ?? {};
  if (!pathToFileURL) return [];
  const folders = [attempt(() => new URL(root, import.meta.url).href)];
  for (const require of requires()) {
    const manifest = attempt(() => require.resolve('unrolled/package.json'));
    if (manifest) folders.push(attempt(() => new URL('.', pathToFileURL(manifest).href).href));
  }
  return [...new Set(folders.filter((folder) => folder?.startsWith('file:')))] as string[];
}

interface Require {
  (name: string): unknown;
  resolve(name: string): string;
}

/** What finds packages as this code would, and as the script that runs would. */
export function requires(): Require[] {
  const createRequire = nodeModule('node:module')?.createRequire;
  if (!createRequire) return [];
  const places = [attempt(() => import.meta.url), host.process?.argv?.[1]];
  return places.flatMap((place) => {
    const require = place && attempt(() => createRequire(place) as Require);
    return require ? [require] : [];
  });
}

function attempt<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch {
    return undefined;
  }
}
