// A run folder on a disk, in Node, Deno or Bun. Links that lead out of the folder are refused.

import { nodeFiles } from '../host.ts';
import { RunError } from '../run-error.ts';
import { checkPath, checkSize, missing, type RunFiles, runFiles } from '../run-files.ts';

const mostAtOnce = 2 ** 30; // bytes

export async function folderFiles(folder: string): Promise<RunFiles> {
  const node = nodeFiles();
  if (!node)
    throw new RunError('missing', folder, 'a folder can be read in Node; in a page give a URL, dropped files or a zip');
  const { fs, path: paths } = node;
  const root = await fs.realpath(folder).catch(() => {
    throw new RunError('missing', folder, 'there is no such folder');
  });
  if (!(await fs.stat(root)).isDirectory()) throw new RunError('missing', folder, 'is not a folder');
  return runFiles(folder, read, list);

  async function read(path: string, most = Infinity): Promise<Uint8Array> {
    const source = `${folder}/${path}`;
    const real = await fs.realpath(paths.join(root, checkPath(folder, path))).catch(() => {
      throw missing(source);
    });
    if (!real.startsWith(root.endsWith(paths.sep) ? root : root + paths.sep))
      throw new RunError('missing', source, 'is a link that leads out of the folder');
    const { size, ...stat } = await statOf(real);
    if (!stat.file) throw new RunError('corrupt', source, 'is not an ordinary file');
    checkSize(source, size, most);
    return readWhole(real, size);
  }

  /** In few large reads: `readFile` takes half a megabyte at a time. */
  async function readWhole(path: string, size: number): Promise<Uint8Array> {
    const file = await fs.open(path);
    try {
      const bytes = new Uint8Array(size);
      let at = 0;
      while (at < size) {
        const { bytesRead } = await file.read(bytes, at, Math.min(size - at, mostAtOnce), at);
        if (bytesRead === 0) break;
        at += bytesRead;
      }
      return bytes.subarray(0, at);
    } finally {
      await file.close();
    }
  }

  async function statOf(path: string) {
    const stat = await fs.stat(path);
    return { size: stat.size, file: stat.isFile() };
  }

  /** Files of the folder itself and of its checkpoints; what is unfinished is left out. */
  async function list(): Promise<string[]> {
    const found = (await fs.readdir(root)).filter((entry) => !entry.endsWith('.tmp'));
    const all = found.filter((entry) => entry !== 'checkpoints');
    if (!found.includes('checkpoints')) return all;
    for (const checkpoint of await fs.readdir(paths.join(root, 'checkpoints'))) {
      if (checkpoint.endsWith('.tmp')) continue;
      const files = await fs.readdir(paths.join(root, 'checkpoints', checkpoint)).catch(() => []);
      all.push(...files.map((file) => `checkpoints/${checkpoint}/${file}`));
    }
    return all;
  }
}
