// A run in memory: bytes or parsed JSON by path.

import { encodeUtf8 } from '../../encoding.ts';
import { checkSize, missing, rootOf, type RunFiles, runFiles } from '../run-files.ts';

/** A run's files in memory, by their paths. */
export type MemoryFiles =
  | ReadonlyMap<string, Uint8Array | object | string>
  | Readonly<Record<string, Uint8Array | object | string>>;

/** `new Map([['config.json', bytes], ['checkpoints/000001-step-9/model.safetensors', bytes], …])`; an object in it is JSON. */
export function memoryFiles(files: MemoryFiles, name = 'run in memory'): RunFiles {
  const all = files instanceof Map ? (files as ReadonlyMap<string, unknown>) : new Map(Object.entries(files));
  const root = rootOf(name, all.keys());
  return runFiles(
    name,
    async (path, most = Infinity) => {
      const content = all.get(root + path);
      if (content === undefined) throw missing(`${name}/${path}`);
      const bytes =
        content instanceof Uint8Array
          ? content
          : encodeUtf8(typeof content === 'string' ? content : JSON.stringify(content));
      checkSize(`${name}/${path}`, bytes.length, most);
      return bytes;
    },
    async () => [...all.keys()].filter((path) => path.startsWith(root)).map((path) => path.slice(root.length)),
  );
}
