// The WASM builds inside of the code, for bundles of one file and for hosts that can neither read nor fetch: some 580 kB of text, which a program has
// only if it imports this door. The files are put into ./files.js when the package is built.
//
//   import { useBackend } from 'unrolled';
//   import { inlineWasm } from 'unrolled/inline';
//   await useBackend('wasm', inlineWasm);

import type { WasmVariant } from '../backend/kernel/package-files.ts';
import { files } from './files.js';

export type { WasmVariant } from '../backend/kernel/package-files.ts';
export type { WasmOptions } from '../backend/kernel/wasm.ts';

const { atob, Blob, DecompressionStream, Response } = globalThis as unknown as {
  atob(text: string): string;
  readonly Blob: new (parts: Uint8Array[]) => { stream(): { pipeThrough(through: object): object } };
  readonly DecompressionStream: new (format: 'deflate-raw') => object;
  readonly Response: new (body: object) => { arrayBuffer(): Promise<ArrayBuffer> };
};

/** What `useBackend('wasm', inlineWasm)` takes in place of the package's .wasm files. */
export const inlineWasm: { readonly bytes: (variant: WasmVariant) => Promise<Uint8Array> } = { bytes };

async function bytes(variant: WasmVariant): Promise<Uint8Array> {
  const packed = Uint8Array.from(atob(files[variant]), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
