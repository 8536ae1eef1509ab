// A model on a disk, in Node: one file with those next to it, or a folder. A file that the model names is read only if it lies in the model's own folder,
// under its own name: no link leads out, not of the file and not of a folder above it, and no second name of a file from elsewhere (a hard link).

import { ConvertError, quoted } from '../errors.ts';
import { limits } from '../limits.ts';
import { headBytes, missing, type ModelFiles, requireInside } from './contained.ts';

interface Stat {
  readonly size: number;
  readonly nlink: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

interface Disk {
  readonly fs: {
    realpath(path: string): Promise<string>;
    readdir(path: string): Promise<string[]>;
    stat(path: string): Promise<Stat>;
    readFile(path: string): Promise<Uint8Array>;
    open(path: string): Promise<{
      read(buffer: Uint8Array, at: number, length: number, position: number): Promise<{ readonly bytesRead: number }>;
      close(): Promise<void>;
    }>;
  };
  readonly path: {
    readonly sep: string;
    join(...parts: string[]): string;
    dirname(path: string): string;
    basename(path: string): string;
    resolve(path: string): string;
  };
}

/** Node's modules; a bundler for pages never sees their names. */
function disk(source: string): Disk {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  const fs = process?.getBuiltinModule?.('node:fs') as { readonly promises: Disk['fs'] } | undefined;
  const path = process?.getBuiltinModule?.('node:path') as Disk['path'] | undefined;
  if (fs && path) return { fs: fs.promises, path };
  throw new ConvertError(source, {
    expected: 'bytes or a File, in a page',
    got: 'a path',
    advice: 'paths are read in Node',
  });
}

/** The file at `given` with what lies next to it, or the files of the folder. */
export async function diskFiles(given: string): Promise<ModelFiles> {
  const { fs, path } = disk(given);
  const stat = await fs.stat(given).catch(() => {
    throw new ConvertError(given, { expected: 'a file or folder', got: 'nothing there' });
  });
  const named = stat.isDirectory() ? null : path.basename(given);
  const folder = await fs.realpath(named === null ? given : path.dirname(path.resolve(given)));
  const around = await fs.readdir(folder).catch(() => []);
  if (around.length > limits.files)
    throw new ConvertError(given, {
      expected: `a folder of at most ${limits.files} files`,
      got: String(around.length),
    });
  const main = named ?? mainOf(around, given);
  const others = around.filter((name) => name !== main).sort();
  const paths = main === null ? others : [main, ...others];
  if (paths.length === 0) throw new ConvertError(given, { expected: 'a model', got: 'an empty folder' });
  return {
    name: given,
    main: main ?? paths[0],
    paths,
    async bytes(name, most = limits.fileBytes) {
      const own = name === named; // what the user named is read wherever it is
      const source = own ? given : path.join(folder, requireInside(given, name));
      const real = own ? given : await fs.realpath(source).catch(() => missing(given, name));
      if (!own && real !== source) outside(given, name, 'a link');
      const found = await fs.stat(real);
      if (!found.isFile()) throw new ConvertError(source, { expected: 'an ordinary file', got: 'something else' });
      if (!own && found.nlink > 1) outside(given, name, 'a file with a second name elsewhere (a hard link)');
      if (found.size > most)
        throw new ConvertError(source, { expected: `at most ${most} bytes`, got: String(found.size) });
      return fs.readFile(real);
    },
    async head() {
      const handle = await fs.open(named === null ? path.join(folder, paths[0]) : given);
      try {
        const buffer = new Uint8Array(headBytes);
        const { bytesRead } = await handle.read(buffer, 0, headBytes, 0);
        return buffer.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    },
  };
}

/** The model among the files of a folder, next to its labels and certificate; null where all of them together are one, as TensorFlow.js writes it. */
function mainOf(names: readonly string[], folder: string): string | null {
  if (names.includes('model.json') || names.includes('manifest.json')) return null;
  const models = names.filter((name) => modelEnd.test(name)).sort();
  const index = models.filter((name) => name.endsWith('.index.json'));
  const usual = models.filter((name) => /^(?:pytorch_)?model\.[^.]+$/.test(name));
  const [found, other] = [index, usual, models].find((some) => some.length > 0) ?? [];
  if (found === undefined || other === undefined) return found ?? null;
  throw new ConvertError(folder, {
    expected: 'a folder with one model',
    got: `${found}, ${other}${models.length > 2 ? ', …' : ''}`,
    advice: 'name the file',
  });
}

/** Names of files that are models by themselves; .bin may be the weights of a graph. */
const modelEnd = /\.(?:safetensors(?:\.index\.json)?|npz|pt|pth|ckpt|onnx|keras|h5|hdf5)$|^pytorch_model\.bin$/i;

function outside(source: string, name: string, what: string): never {
  throw new ConvertError(source, {
    where: `file ${quoted(name)}`,
    expected: "an ordinary file in the model's folder",
    got: what,
    advice: 'copy the file itself there',
  });
}
