// Reads and compiles a WASM build from the given address or a known one. What goes wrong here is of the bundler, the server or the page's policy, so every
// error says which it was and what to add.

import { OptionError, BackendError } from '../../errors.ts';
import { shown } from '../../shown.ts';
import { host, nodeModule, type WebAssemblyHost, type WasmModule } from './host.ts';
import { type WasmVariant, wasmAddresses } from './package-files.ts';

/** Where the WASM kernels come from; left out: from the package's own files. One of `url`, `bytes` and `module`. */
export interface WasmSource {
  /** The address of one build, `https://…/relaxed.wasm`, or of the folder that has all four, which ends in a slash. */
  readonly url?: string | { readonly href: string };
  /** A build, or a function from its name to it: `inlineWasm` of 'unrolled/inline' is one. */
  readonly bytes?: Uint8Array | ArrayBuffer | ((variant: WasmVariant) => Uint8Array | Promise<Uint8Array>);
  /** A WebAssembly.Module, where a host compiles nothing while it runs. Say with `simd` which build it is. */
  readonly module?: object;
}

export interface FoundModule {
  readonly module: WasmModule;
  /** What its bytes say; unknown of a module that was made elsewhere. */
  readonly simd?: 'relaxed' | 'simd128';
}

/** Throws an OptionError unless the source is one source. */
export function checkSource(who: string, { url, bytes, module }: WasmSource): void {
  const given = Object.entries({ url, bytes, module }).filter(([, value]) => value !== undefined);
  if (given.length > 1)
    throw new OptionError(who, given[1][0], `expected one of url, bytes and module, got ${given[0][0]} as well`);
  if (url !== undefined && addressOf(url) === undefined)
    throw new OptionError(who, 'url', `expected the address of a .wasm file or of its folder, got ${shown(url)}`);
  if (bytes !== undefined && typeof bytes !== 'function' && !(bytes instanceof Uint8Array) && !isBuffer(bytes))
    throw new OptionError(who, 'bytes', `expected a Uint8Array, an ArrayBuffer or a function, got ${shown(bytes)}`);
  if (module !== undefined && tagOf(module) !== 'WebAssembly.Module')
    throw new OptionError(who, 'module', `expected a WebAssembly.Module, got ${shown(module)}`);
}

const tagOf = (value: unknown): unknown => Object(value)[Symbol.toStringTag];
const isBuffer = (value: unknown): value is ArrayBuffer => tagOf(value) === 'ArrayBuffer';

/** The module of `variant`, from a file or from memory, at once. Only Node reads files so. */
export function findModuleSync(source: WasmSource, variant: WasmVariant): FoundModule {
  const wasm = webAssembly();
  const known = source.module ?? source.bytes;
  if (typeof known === 'function')
    throw new BackendError("these bytes come asynchronously; call `await useBackend('wasm', …)` first");
  if (known) return known === source.module ? { module: known as WasmModule } : compileSync(wasm, known as Uint8Array);
  const { readFileSync } = nodeModule('node:fs') ?? {};
  const { fileURLToPath } = nodeModule('node:url') ?? {};
  if (!readFileSync || !fileURLToPath)
    throw new BackendError("a browser loads WASM asynchronously; call `await useBackend('wasm')` first");
  const tried: string[] = [];
  for (const address of addressesOf(source, variant)) {
    try {
      if (!address.startsWith('file:')) throw new BackendError('not a file');
      return compileSync(wasm, readFileSync(fileURLToPath(address)));
    } catch (error) {
      tried.push(`${address}: ${reasonOf(error)}`);
    }
  }
  throw notFound(tried);
}

/** The same, fetched where it must be. */
export async function findModule(source: WasmSource, variant: WasmVariant): Promise<FoundModule> {
  const wasm = webAssembly();
  if (source.module) return { module: source.module as WasmModule };
  if (source.bytes) {
    const bytes = typeof source.bytes === 'function' ? await source.bytes(variant) : source.bytes;
    return compile(wasm, bytes);
  }
  const tried: string[] = [];
  for (const address of addressesOf(source, variant)) {
    try {
      return await compile(wasm, await read(address));
    } catch (error) {
      if (error instanceof ForbiddenError) throw error;
      tried.push(`${address}: ${reasonOf(error)}`);
    }
  }
  throw notFound(tried);
}

/** The text of a URL or of an address; undefined for anything else. */
export function addressOf(url: unknown): string | undefined {
  const address: unknown = typeof url === 'object' && url !== null ? (url as { href?: unknown }).href : url;
  return typeof address === 'string' && address !== '' ? address : undefined;
}

function webAssembly(): WebAssemblyHost {
  if (!host.WebAssembly) throw new BackendError('this host has no WebAssembly');
  return host.WebAssembly;
}

function addressesOf({ url }: WasmSource, variant: WasmVariant): string[] {
  if (url === undefined) return wasmAddresses(variant);
  const address = addressOf(url) ?? '';
  return [address.endsWith('/') ? `${address}${variant}.wasm` : address];
}

async function read(address: string): Promise<Uint8Array> {
  const { readFileSync } = nodeModule('node:fs') ?? {};
  const { fileURLToPath } = nodeModule('node:url') ?? {};
  if (address.startsWith('file:') && readFileSync && fileURLToPath) return readFileSync(fileURLToPath(address));
  if (!host.fetch) throw new BackendError('this host can neither read files nor fetch them');
  const response = await host.fetch(address);
  if (!response.ok) throw new BackendError(`HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function compile(wasm: WebAssemblyHost, given: Uint8Array | ArrayBuffer): Promise<FoundModule> {
  const bytes = checkedBytes(given);
  try {
    return { module: await wasm.compile(bytes), simd: simdIn(bytes) };
  } catch (error) {
    throw forbidden(error) ?? error;
  }
}

function compileSync(wasm: WebAssemblyHost, given: Uint8Array | ArrayBuffer): FoundModule {
  const bytes = checkedBytes(given);
  try {
    return { module: new wasm.Module(bytes), simd: simdIn(bytes) };
  } catch (error) {
    throw forbidden(error) ?? error;
  }
}

/** Throws unless the bytes begin as every WASM file does. A server that knows no such file mostly answers with a page. */
function checkedBytes(given: Uint8Array | ArrayBuffer): Uint8Array {
  const bytes = given instanceof Uint8Array ? given : new Uint8Array(given);
  const start = String.fromCharCode(...bytes.subarray(0, 64)).trimStart();
  if (start.startsWith('\0asm')) return bytes;
  throw new BackendError(start.startsWith('<') ? 'is an HTML page, not a WASM file' : 'is not a WASM file');
}

/** The opcode of a relaxed multiply-add: the builds that have it have it a thousand times. */
const relaxedMultiplyAdd = [0xfd, 0x85, 0x02];

function simdIn(bytes: Uint8Array): FoundModule['simd'] {
  const [first, second, third] = relaxedMultiplyAdd;
  let count = 0;
  for (let at = bytes.indexOf(first); at >= 0 && count < 10; at = bytes.indexOf(first, at + 1))
    if (bytes[at + 1] === second && bytes[at + 2] === third) count++;
  return count < 10 ? 'simd128' : 'relaxed';
}

/** The host forbids compiling: no other address helps. */
class ForbiddenError extends BackendError {}

function forbidden(error: unknown): ForbiddenError | undefined {
  const message = reasonOf(error);
  if (/disallowed by embedder/i.test(message))
    return new ForbiddenError(
      "this host compiles no WASM while it runs: import the .wasm file as a module, and pass useBackend('wasm', { module, simd: 'simd128' })",
    );
  if (/content security policy|\bCSP\b|unsafe-eval/i.test(message))
    return new ForbiddenError(
      "the page's Content-Security-Policy allows no WASM: add 'wasm-unsafe-eval' to its script-src",
    );
  return undefined;
}

function notFound(tried: readonly string[]): BackendError {
  const where = tried.length > 0 ? tried : ['this bundle does not say where it lies (import.meta.url is not set)'];
  return new BackendError(
    `the .wasm file was not found\n    ${where.join('\n    ')}\n  Keep the code of unrolled out of the bundle (Vite: optimizeDeps.exclude; Next: serverExternalPackages), or say where
  the files are, useBackend('wasm', { url: … }), or have them in the code: import { inlineWasm } from 'unrolled/inline' and
  useBackend('wasm', inlineWasm). See docs/bundlers.md`,
  );
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0];
