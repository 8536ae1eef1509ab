// Converts any source to the files of a run.

import { shown } from '../../checks.ts';
import { OptionError } from '../../errors.ts';
import {
  type BlobLike,
  type DirectoryHandleLike,
  type DropItemLike,
  type FileLike,
  fileUrlToPath,
  host,
  nodeFiles,
  type UrlLike,
} from '../host.ts';
import type { RunFiles } from '../run-files.ts';
import { checkItems, directoryFiles, droppedFiles, listedFiles } from './directory.ts';
import { folderFiles } from './folder.ts';
import { type MemoryFiles, memoryFiles } from './memory.ts';
import { urlFiles } from './url.ts';
import { zipFiles } from './zip.ts';

/**
 * A folder's path (Node) or a URL (page); a URL object; a directory handle; files with their paths, a FileList or the items of a drop; a zip as
 * bytes or Blob; files in memory by path; or files by your own functions.
 */
export type RunSource =
  | string
  | UrlLike
  | DirectoryHandleLike
  | Iterable<FileLike | DropItemLike>
  | ArrayLike<FileLike | DropItemLike>
  | Uint8Array
  | BlobLike
  | MemoryFiles
  | RunFiles;

/** The files of a run, wherever it is. */
export async function filesOf(where: RunSource): Promise<RunFiles> {
  if (typeof where === 'string') {
    if (/^file:/i.test(where)) return folderFiles(fileUrlToPath(new host.URL(where)));
    const address = /^(https?|blob|data):/i.test(where) || !nodeFiles();
    if (address) return zipAddress(where) ? zipFrom(where) : urlFiles(where);
    return zipAddress(where) ? zipFromDisk(where) : folderFiles(where);
  }
  if (where instanceof Uint8Array) return zipFiles(where);
  if (typeof where !== 'object' || where === null)
    throw new OptionError('openRun', 'where', `expected a folder, a URL, files or a zip, got ${shown(where)}`);
  if (where instanceof Map) return memoryFiles(where as MemoryFiles);
  if (isRunFiles(where)) return where;
  if ('href' in where && typeof where.href === 'string') return filesOf(where.href);
  if ('getFileHandle' in where) return directoryFiles(where as DirectoryHandleLike);
  if ('arrayBuffer' in where && typeof where.arrayBuffer === 'function')
    return zipFiles(where as BlobLike, 'name' in where && typeof where.name === 'string' ? where.name : 'zip');
  if (Symbol.iterator in where || 'length' in where) {
    checkItems('openRun', where);
    const items = Array.from(where as ArrayLike<FileLike | DropItemLike>);
    const dropped = items.some((item) => 'webkitGetAsEntry' in item);
    const files = dropped ? await droppedFiles(items as DropItemLike[]) : (items as FileLike[]);
    return files.length === 1 && zipAddress(files[0].name) ? zipFiles(files[0], files[0].name) : listedFiles(files);
  }
  return memoryFiles(where as MemoryFiles);
}

function isRunFiles(where: object): where is RunFiles {
  return typeof (where as RunFiles).json === 'function' && typeof (where as RunFiles).bytes === 'function';
}

const zipAddress = (text: string) => /\.zip([?#].*)?$/i.test(text);

async function zipFrom(url: string): Promise<RunFiles> {
  const { href } = new host.URL(url, host.location?.href);
  const response = await host.fetch?.(href);
  if (!response?.ok) throw new OptionError('openRun', href, `the server answered with status ${response?.status}`);
  return zipFiles(new Uint8Array(await response.arrayBuffer()), href);
}

async function zipFromDisk(path: string): Promise<RunFiles> {
  const node = nodeFiles();
  const bytes = await node?.fs.readFile(path).catch(() => undefined);
  if (!bytes) throw new OptionError('openRun', path, 'there is no such file');
  return zipFiles(bytes, path);
}
