// Folders in a page: a directory handle of the File System Access API, files chosen with <input webkitdirectory>, and a dropped
// folder.

import { requireWhole, shown } from '../../checks.ts';
import { OptionError } from '../../errors.ts';
import type { DirectoryHandleLike, DropItemLike, EntryLike, FileLike } from '../host.ts';
import { checkPath, checkSize, missing, rootOf, type RunFiles, runFiles } from '../run-files.ts';

/** `await showDirectoryPicker()` */
export function directoryFiles(directory: DirectoryHandleLike): RunFiles {
  const { name } = directory;
  const fileAt = async (path: string): Promise<FileLike> => {
    const parts = checkPath(name, path).split('/');
    const last = parts.pop() as string;
    try {
      let folder = directory;
      for (const part of parts) folder = await folder.getDirectoryHandle(part);
      return await (await folder.getFileHandle(last)).getFile();
    } catch (cause) {
      if ((cause as { name?: string }).name === 'NotFoundError') throw missing(`${name}/${path}`);
      throw cause;
    }
  };
  return runFiles(
    name,
    async (path, most = Infinity) => bytesOf(await fileAt(path), `${name}/${path}`, most),
    async () => {
      const paths: string[] = [];
      for await (const entry of directory.keys()) if (entry !== 'checkpoints') paths.push(entry);
      const checkpoints = await directory.getDirectoryHandle('checkpoints').catch(() => null);
      if (!checkpoints) return paths;
      for await (const entry of checkpoints.keys()) {
        if (entry.endsWith('.tmp')) continue;
        const folder = await checkpoints.getDirectoryHandle(entry).catch(() => null);
        if (folder) for await (const file of folder.keys()) paths.push(`checkpoints/${entry}/${file}`);
      }
      return paths;
    },
  );
}

const mostFiles = 10_000;

/** A list of objects, as a page has them: no list that is longer than any folder of a run. */
export function checkItems(who: string, items: unknown): void {
  const { length } = Object(items) as { readonly length?: unknown };
  const isList =
    typeof items === 'object' && items !== null && (Symbol.iterator in items || typeof length === 'number');
  if (!isList) throw new OptionError(who, 'items', `expected a list of files, got ${shown(items)}`);
  if (typeof length === 'number') requireWhole(who, 'items.length', length, 0, mostFiles);
  let count = 0;
  for (const item of Symbol.iterator in items
    ? (items as Iterable<unknown>)
    : Array.from(items as ArrayLike<unknown>)) {
    if (++count > mostFiles) throw new OptionError(who, 'items', `expected at most ${mostFiles} files`);
    if (typeof item !== 'object' || item === null)
      throw new OptionError(who, `items[${count - 1}]`, `expected a file, got ${shown(item)}`);
  }
}

/** Files with their paths: `input.files`, or the result of `droppedFiles`. */
export function listedFiles(files: Iterable<FileLike> | ArrayLike<FileLike>, name = 'files'): RunFiles {
  const byPath = new Map(Array.from(files, (file) => [file.webkitRelativePath || file.name, file]));
  const root = rootOf(name, byPath.keys());
  return runFiles(
    root === '' ? name : root.slice(0, -1),
    async (path, most = Infinity) => {
      const file = byPath.get(root + path);
      if (!file) throw missing(`${name}/${path}`);
      return bytesOf(file, `${name}/${path}`, most);
    },
    async () => [...byPath.keys()].filter((path) => path.startsWith(root)).map((path) => path.slice(root.length)),
  );
}

/** The files of a drop, folders included. Must be called within the event: `await openRun(event.dataTransfer.items)` does so. */
export async function droppedFiles(items: Iterable<DropItemLike> | ArrayLike<DropItemLike>): Promise<FileLike[]> {
  checkItems('droppedFiles', items);
  // The entries must be taken before the first await: afterwards the event is over and they are gone.
  const entries = Array.from(items, (item) => (item.kind === 'file' ? item.webkitGetAsEntry() : null));
  const found: FileLike[] = [];
  const walk = async (entry: EntryLike, path: string): Promise<void> => {
    if (found.length > mostFiles) return;
    if (!entry.isDirectory) {
      const file = await new Promise<FileLike>((done, failed) => entry.file?.(done, failed));
      found.push(withPath(file, path + entry.name));
      return;
    }
    const reader = entry.createReader?.();
    for (;;) {
      const some = await new Promise<EntryLike[]>((done, failed) => reader?.readEntries(done, failed)); // 100 at a time
      if (some.length === 0) return;
      for (const one of some) await walk(one, `${path}${entry.name}/`);
    }
  };
  for (const entry of entries) if (entry) await walk(entry, '');
  return found;
}

function withPath(file: FileLike, path: string): FileLike {
  const { name, size } = file;
  return {
    name,
    size,
    webkitRelativePath: path,
    slice: file.slice.bind(file),
    arrayBuffer: file.arrayBuffer.bind(file),
  };
}

async function bytesOf(file: FileLike, source: string, most: number): Promise<Uint8Array> {
  checkSize(source, file.size, most);
  return new Uint8Array(await file.arrayBuffer());
}
