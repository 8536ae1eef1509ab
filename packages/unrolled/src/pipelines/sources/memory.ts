// A run in memory: bytes or parsed JSON by path.

import { RunError } from '../run-error.ts';
import { shown } from '../../checks.ts';
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
      const content = typeof path === 'string' ? all.get(root + path) : undefined;
      if (content === undefined) throw missing(`${name}/${typeof path === 'string' ? path : shown(path)}`);
      const bytes =
        content instanceof Uint8Array
          ? content
          : encodeUtf8(typeof content === 'string' ? content : jsonOf(content, `${name}/${path}`));
      checkSize(`${name}/${path}`, bytes.length, most);
      return bytes;
    },
    async () =>
      [...all.keys()]
        .filter((path) => typeof path === 'string' && path.startsWith(root))
        .map((path) => path.slice(root.length)),
  );
}

/** An object in place of a JSON file, as its text. */
function jsonOf(content: unknown, source: string): string {
  try {
    const text: unknown = JSON.stringify(content);
    if (typeof text === 'string') return text;
  } catch (cause) {
    throw new RunError('corrupt', source, `is not JSON (${(cause as Error).message})`, { cause });
  }
  throw new RunError('corrupt', source, `is not JSON: got ${shown(content)}`);
}
