// Every format, in the order in which files are asked whose they are. To add one, write its folder and its entry here.

import type { Format, FormatReader, Recognition } from './format.ts';
import { latin1 } from '../bytes/text.ts';
import { ConvertError } from '../errors.ts';
import type { FormatName } from '../model/imported-model.ts';
import type { ModelFiles } from '../source/contained.ts';

const startsWith = (head: Uint8Array, ...bytes: readonly number[]) => bytes.every((byte, i) => head[i] === byte);
const isZip = (head: Uint8Array) => startsWith(head, 0x50, 0x4b, 0x03, 0x04);
const texts = new WeakMap<Uint8Array, string>(); // heads as text: every format looks into the same one

/** The head as text, a character for each byte. */
function textOf(head: Uint8Array): string {
  const text = texts.get(head) ?? latin1(head.subarray(0, 65_536));
  texts.set(head, text);
  return text;
}

const contains = (head: Uint8Array, text: string) => textOf(head).includes(text);
const ends = (path: string, ...extensions: readonly string[]) =>
  extensions.some((extension) => path.toLowerCase().endsWith(extension));

/** Loads a reader when a file of its format comes, and not again: a resolved `import()` asks the host's loader every time. One that failed is tried again. */
function once(load: () => Promise<FormatReader>): () => Promise<FormatReader> {
  let loaded: Promise<FormatReader> | null = null;
  return () =>
    (loaded ??= load().catch((error: unknown) => {
      loaded = null;
      throw error;
    }));
}

/** The formats that are read. */
export const formats: readonly Format[] = [
  {
    name: 'safetensors',
    title: 'safetensors',
    extensions: ['.safetensors', '.safetensors.index.json'],
    recognize: ([main], head) =>
      ends(main, '.safetensors.index.json')
        ? 'certain'
        : head[8] === 0x7b && startsWith(head.subarray(4), 0, 0, 0, 0)
          ? 'possible'
          : null,
    reader: once(() => import('./safetensors/read.ts')),
  },
  {
    name: 'npy',
    title: 'NumPy array',
    extensions: ['.npy'],
    recognize: (_, head) => (startsWith(head, 0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59) ? 'certain' : null),
    reader: once(() => import('./npz/read-npy.ts')),
  },
  {
    name: 'npz',
    title: 'NumPy archive',
    extensions: ['.npz'],
    recognize: ([main], head) => zipOf(head, ends(main, '.npz'), '.npy'),
    reader: once(() => import('./npz/read.ts')),
  },
  {
    name: 'pytorch',
    title: 'PyTorch checkpoint',
    extensions: ['.pt', '.pth', '.bin', '.ckpt'],
    recognize: ([main], head) =>
      startsWith(head, 0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9)
        ? 'certain'
        : isZip(head)
          ? zipOf(head, ends(main, '.pt', '.pth', '.bin', '.ckpt'), 'data.pkl')
          : head[0] === 0x80 && head[1] >= 2 && head[1] <= 5
            ? 'possible'
            : null,
    reader: once(() => import('./pytorch/read.ts')),
  },
  {
    name: 'onnx',
    title: 'ONNX',
    extensions: ['.onnx'],
    // A message begins with the tag of one of its fields: nearly always ir_version, a small number.
    recognize: ([main], head) =>
      ends(main, '.onnx') ? 'possible' : startsWith(head, 0x08) && head[1] > 0 && head[1] < 32 ? 'possible' : null,
    reader: once(() => import('./onnx/read.ts')),
  },
  {
    name: 'keras-h5',
    title: 'Keras HDF5',
    extensions: ['.h5', '.hdf5'],
    recognize: (_, head) => (startsWith(head, 0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a) ? 'certain' : null),
    reader: once(() => import('./keras-h5/read.ts')),
  },
  {
    name: 'keras',
    title: 'Keras',
    extensions: ['.keras'],
    recognize: ([main], head) => zipOf(head, ends(main, '.keras'), 'model.weights.h5'),
    reader: once(() => import('./keras/read.ts')),
  },
  {
    name: 'tfjs',
    title: 'TensorFlow.js',
    extensions: ['model.json'],
    recognize: (paths, head) =>
      isJson(head) && contains(head, '"modelTopology"')
        ? 'certain'
        : paths.includes('model.json') && ends(paths[0], '.bin', '.json')
          ? 'possible'
          : null,
    reader: once(() => import('./tfjs/read.ts')),
  },
  {
    name: 'ml5-charrnn',
    title: 'ml5 charRNN',
    extensions: ['manifest.json'],
    recognize: (paths, head) =>
      (paths[0] === 'manifest.json' || !paths[0].includes('.')) &&
      paths.includes('manifest.json') &&
      paths.some((path) => path.includes('basic_lstm_cell'))
        ? 'certain'
        : isJson(head) && contains(head, 'basic_lstm_cell') && contains(head, '"filename"')
          ? 'certain'
          : null,
    reader: once(() => import('./ml5-charrnn/read.ts')),
  },
  {
    name: 'rtneural',
    title: 'RTNeural',
    extensions: ['.json'],
    recognize: (_, head) =>
      isJson(head) && contains(head, '"in_shape"') && contains(head, '"layers"')
        ? 'certain'
        : isJson(head) && /"[^"]*(?:weight|bias)[^"]*"\s*:\s*\[/.test(textOf(head))
          ? 'possible'
          : null,
    reader: once(() => import('./rtneural/read.ts')),
  },
  {
    name: 'char-rnn-json',
    title: 'character RNN (recurrentjs)',
    extensions: ['.json'],
    recognize: (_, head) =>
      isJson(head) && (contains(head, '"Wil"') || (contains(head, '"hidden_sizes"') && contains(head, '"letter_size"')))
        ? 'certain'
        : null,
    reader: once(() => import('./char-rnn-json/read.ts')),
  },
];

/** Whether it begins as an object of JSON does. */
function isJson(head: Uint8Array): boolean {
  return /^(?:\u00ef\u00bb\u00bf)?\s*\{/.test(textOf(head).slice(0, 64));
}

function zipOf(head: Uint8Array, named: boolean, entry: string): Recognition {
  if (!isZip(head)) return null;
  return contains(head, entry) ? 'certain' : named ? 'possible' : null;
}

/** The format of files: the one that was asked for, or the one that recognizes them. Throws a ConvertError that lists what is read. */
export async function formatOf(files: ModelFiles, asked?: FormatName): Promise<Format> {
  if (asked !== undefined) {
    const found = formats.find(({ name }) => name === asked);
    if (found) return found;
    const known = formats.map(({ name }) => name).join(', ');
    throw new ConvertError(files.name, { expected: `a format, one of ${known}`, got: String(asked) });
  }
  const head = await files.head();
  let possible: Format | null = null;
  for (const format of formats) {
    const sure = format.recognize(files.paths, head);
    if (sure === 'certain') return format;
    if (sure === 'possible') possible ??= format;
  }
  if (possible) return possible;
  throw new ConvertError(files.name, {
    expected: `a model: ${formats.map(({ title, extensions }) => `${title} (${extensions.join(', ')})`).join('; ')}`,
    got: head.length === 0 ? 'an empty file' : `a file that begins with ${shownBytes(head)}`,
    advice: 'name the format if it is one of these',
  });
}

function shownBytes(head: Uint8Array): string {
  return Array.from(head.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
