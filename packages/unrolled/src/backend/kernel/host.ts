// The few things a host gives us, declared here because the library compiles without the types of Node and of the DOM.
// Whatever may be missing is optional, so the compiler makes us ask.

export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
  grow(pages: number): number;
}
export interface WasmModule {
  readonly [Symbol.toStringTag]: string;
}
export interface WasmInstance {
  readonly exports: Record<string, (...args: number[]) => number>;
}
export interface WebAssemblyHost {
  validate(bytes: Uint8Array): boolean;
  compile(bytes: Uint8Array): Promise<WasmModule>;
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: object) => WasmInstance;
  readonly Memory: new (limits: { initial: number; maximum: number; shared?: boolean }) => WasmMemory;
}

/** A thread: of `node:worker_threads` or of the page. */
export interface HostWorker {
  postMessage?(message: unknown): void;
  terminate(): unknown;
  unref?(): void;
  /** Node's way to hear of an error. */
  on?(event: 'error', listener: (error: Error) => void): void;
  /** A page's. */
  onerror?: ((event: { readonly message?: string; preventDefault?(): void }) => void) | null;
}

interface NodeModules {
  'node:fs': { readFileSync(path: string): Uint8Array; existsSync(path: string): boolean };
  'node:module': { createRequire(from: string): { (path: string): unknown; resolve(name: string): string } };
  'node:os': { availableParallelism(): number; hostname(): string };
  'node:url': { fileURLToPath(url: string): string; pathToFileURL(path: string): { readonly href: string } };
  'node:v8': { setFlagsFromString(flags: string): void };
  'node:vm': { runInNewContext(code: string): unknown };
  'node:worker_threads': {
    Worker: new (code: string, options: { eval: true; workerData: unknown; execArgv: string[] }) => HostWorker;
  };
}

interface Host {
  readonly WebAssembly?: WebAssemblyHost;
  readonly process?: {
    readonly platform: string;
    readonly arch: string;
    readonly env: Record<string, string | undefined>;
    readonly argv?: readonly string[];
    readonly pid?: number;
    exitCode?: number | string | null;
    once?(event: 'beforeExit' | 'exit', listener: (code: number) => void): void;
    getBuiltinModule?<N extends keyof NodeModules>(name: N): NodeModules[N] | undefined;
  };
  readonly navigator?: { readonly hardwareConcurrency?: number };
  readonly crossOriginIsolated?: boolean;
  readonly fetch?: (url: string) => Promise<{ ok: boolean; status: number; arrayBuffer(): Promise<ArrayBuffer> }>;
  readonly Worker?: new (url: string, options?: { type: 'module' }) => HostWorker;
  readonly Deno?: {
    readonly permissions?: { querySync?(permission: { name: 'env'; variable: string }): { readonly state: string } };
  };
  readonly Blob?: new (parts: string[], options: { type: string }) => object;
  readonly URL?: { createObjectURL(blob: object): string; revokeObjectURL?(url: string): void };
}

export const host = globalThis as Host;

declare global {
  interface ImportMeta {
    url: string;
  }
}

/** A module of Node's own, or undefined outside of Node. Never imported by name: bundlers for the browser would stumble over it. */
export function nodeModule<N extends keyof NodeModules>(name: N): NodeModules[N] | undefined {
  return host.process?.getBuiltinModule?.(name);
}

/** An environment variable; undefined where there is no environment, and where Deno may not read it and would stop to ask. */
export function environment(name: string): string | undefined {
  const permission = host.Deno?.permissions?.querySync?.({ name: 'env', variable: name });
  if (permission && permission.state !== 'granted') return undefined;
  return host.process?.env?.[name] || undefined;
}
