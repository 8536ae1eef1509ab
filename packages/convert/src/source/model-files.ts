// Where a model is read from: a file, or several that belong together, by their names. Everything is read through this one interface, bounded, so that
// readers do not care whether they run in Node or in a page.

import { ConvertError } from '../errors.ts';
import { limits } from '../limits.ts';
import { headBytes, missing, type ModelFiles, requireInside, withinLimit } from './contained.ts';

/** A Blob or File. */
export interface BlobLike {
  readonly size: number;
  readonly name?: string;
  readonly webkitRelativePath?: string;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** A model's files: bytes, a File, files by their paths, or in Node the path of a file or folder. */
export type ModelSource =
  | string
  | Uint8Array
  | BlobLike
  | Iterable<BlobLike>
  | ReadonlyMap<string, Uint8Array>
  | Readonly<Record<string, Uint8Array>>;

/** The files of a source. */
export async function filesOf(source: ModelSource, name?: string): Promise<ModelFiles> {
  if (typeof source === 'string') {
    const { diskFiles } = await import('./disk-files.ts');
    return diskFiles(source);
  }
  if (source instanceof Uint8Array) return listed(new Map([[name ?? 'model', async () => source]]));
  if (isBlob(source)) return listed(new Map([[name ?? pathOf(source), () => blobBytes(source)]]));
  if (source instanceof Map) return inMemory(source as ReadonlyMap<string, Uint8Array>);
  if (typeof source === 'object' && source !== null && Symbol.iterator in source)
    return listed(new Map(Array.from(source as Iterable<BlobLike>, (blob) => [pathOf(blob), () => blobBytes(blob)])));
  if (typeof source === 'object' && source !== null) return inMemory(new Map(Object.entries(source)));
  throw new ConvertError('readModel', { expected: 'bytes, a File or files by their paths', got: typeof source });
}

function inMemory(files: ReadonlyMap<string, Uint8Array>): ModelFiles {
  for (const [path, bytes] of files)
    if (!(bytes instanceof Uint8Array))
      throw new ConvertError(path, { expected: 'bytes, a Uint8Array', got: typeof bytes });
  return listed(new Map(Array.from(files, ([path, bytes]) => [path, async () => bytes])));
}

function listed(files: ReadonlyMap<string, () => Promise<Uint8Array>>): ModelFiles {
  const paths = Array.from(files.keys());
  if (paths.length === 0 || paths.length > limits.files)
    throw new ConvertError('readModel', { expected: `1 to ${limits.files} files`, got: String(paths.length) });
  const [main] = paths;
  return {
    name: main,
    main,
    paths,
    async bytes(path, most = limits.fileBytes) {
      const read = files.get(requireInside(main, path)) ?? missing(main, path);
      return withinLimit(path, await read(), most);
    },
    head: async () => (await (files.get(main) as () => Promise<Uint8Array>)()).subarray(0, headBytes),
  };
}

function isBlob(source: object): source is BlobLike {
  return 'arrayBuffer' in source && typeof source.arrayBuffer === 'function';
}

function pathOf(blob: BlobLike): string {
  return blob.webkitRelativePath || (blob.name ?? 'model');
}

async function blobBytes(blob: BlobLike): Promise<Uint8Array> {
  if (blob.size > limits.fileBytes)
    throw new ConvertError(pathOf(blob), { expected: `at most ${limits.fileBytes} bytes`, got: String(blob.size) });
  return new Uint8Array(await blob.arrayBuffer());
}
