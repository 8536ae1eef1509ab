// Number sequences from arrays: [N, T, F], or [N, T] for one feature, with labels [N] or [N, T] beside it: in the same .npz, or in a file of its own.
// Shorter sequences end in steps without any number (NaN), or an array of lengths says how long each is.

import { existsSync } from 'node:fs';
import { dirname, join, basename } from 'node:path';
import { FormatError, noLabel } from 'unrolled';
import { chooseColumns, isArrayFile, type NumberArray, readArrays, Skipped, type BadRows } from '../readers/index.ts';
import { labelNames, type NumberExample, type NumberReading, type NumberSet, type NumberValues } from './source.ts';

const [usual, trained, held] = [
  ['x', 'data', 'features', 'sequences', 'inputs'],
  ['x_train', 'train_x', 'train'],
  ['x_validation', 'x_valid', 'x_val', 'x_test', 'valid_x', 'val_x', 'test_x', 'test'],
];
const labelsUsual = ['y', ...labelNames, 'labels', 'targets'];
const asLabels = (names: readonly string[]) => names.map((name) => name.replace(/x/, 'y'));

interface Chosen {
  readonly values: NumberArray;
  readonly labels: NumberArray | null;
  readonly lengths: NumberArray | null;
  readonly group: NumberArray | null;
  readonly label: string | null;
}

/** The sequences of a file of arrays. `single`: it holds one, [T, F]. */
export async function fromArrays(path: string, reading: NumberReading, single = false): Promise<NumberSet> {
  const { source, known } = reading;
  const chosen = await choose(path, reading);
  const { shape, data } = chosen.values;
  const fail = (problem: string): never => {
    throw new FormatError(path, problem);
  };
  if (typeof data[0] === 'string') fail('holds texts, expected numbers [sequences, steps, features]');
  // One sequence alone, as one of several files has it.
  const alone = shape.length === 2 && (single || (known !== null && known.length > 1 && shape[1] === known.length));
  const [N, T, F = 1] = alone ? [1, ...shape] : shape;
  if (!alone && shape.length !== 2 && shape.length !== 3)
    fail(`has an array [${shape.join(', ')}], expected [sequences, steps, features] or [sequences, steps]`);
  if (N * T * F === 0) fail(`has an array [${shape.join(', ')}] without numbers`);
  if (known !== null && known.length !== F) fail(`has ${F} features, and the model reads ${known.length}`);
  const all = data as NumberValues;
  const labelsOf = labelReader(path, chosen.labels, [N, T], reading);
  const lengths = chosen.lengths && perSequence(path, chosen.lengths, N, 'lengths');
  const groups = chosen.group && perSequence(path, chosen.group, N, 'groups');
  const skipped = new Skipped(source.badRows as BadRows, ['sequence', 'sequences']);
  const examples = Array.from({ length: N }, (_, n): NumberExample => {
    const own = all.subarray(n * T * F, (n + 1) * T * F);
    const steps = lengths ? Number(lengths[n]) : filledSteps(own, T, F);
    if (!(Number.isInteger(steps) && steps >= 0 && steps <= T))
      fail(`says that sequence ${n + 1} has ${lengths?.[n]} steps, and there is room for ${T}`);
    return {
      file: path,
      row: n + 1,
      name: `${basename(path)} ${n + 1}`,
      values: own.subarray(0, steps * F),
      labels: labelsOf(n, steps),
      group: groups === null ? null : groups[n],
    };
  });
  const features = known ?? Array.from({ length: F }, (_, c) => String(c + 1));
  const columns = { label: chosen.label, series: null, time: null, group: source.group };
  return { source: path, features, examples, skipped, notices: [], columns };
}

async function choose(path: string, { source, labeled, known }: NumberReading): Promise<Chosen> {
  const arrays = await readArrays(path);
  const other = known !== null;
  if (arrays.size === 1 && arrays.has('')) {
    const file = source.label !== null && !other ? source.label : partnerOf(path);
    if (labeled && file === null)
      throw new FormatError(path, 'has no labels next to it; name the array with them: --label y.npy');
    if (file !== null && !isArrayFile(file))
      throw new FormatError(path, `--label: expected a file of labels, .npy or IDX, got ${file}`);
    const labels = file === null || !labeled ? null : [...(await readArrays(file)).values()][0];
    return { values: arrays.get('') as NumberArray, labels, lengths: null, group: null, label: file };
  }
  const given = typeof source.features === 'string' ? source.features : null;
  const part = other ? held : trained;
  const wishes = {
    features: { flag: '--features', given: other ? null : given, guesses: [...part, ...(given ? [given] : []), ...usual, ...(other ? trained : held)] }, // biome-ignore format: a call
    label: { flag: '--label', given: other ? null : source.label, guesses: [...asLabels(part), ...(source.label ? [source.label] : []), ...labelsUsual], optional: !labeled }, // biome-ignore format: a call
    group: { flag: '--group', given: source.group, guesses: [], optional: true },
    lengths: { flag: '', given: null, guesses: ['lengths', 'length'], optional: true },
  };
  const names = chooseColumns(wishes, [...arrays.keys()], path);
  const array = (name: string | null) => (name === null ? null : (arrays.get(name) as NumberArray));
  return {
    values: array(names.features) as NumberArray,
    labels: labeled ? array(names.label) : null,
    lengths: array(names.lengths),
    group: array(names.group),
    label: names.label,
  };
}

/** The file of labels beside one of numbers: y_train.npy of X_train.npy, …-labels-idx1-ubyte of …-images-idx3-ubyte. Null where there is none. */
function partnerOf(path: string): string | null {
  const name = basename(path);
  const tries = [
    name.replace('images', 'labels').replace('idx3', 'idx1'),
    name.replace(/^x(?=[_.-])/i, 'y'),
    name.replace(/([_-])x(?=\.npy$)/i, '$1y'),
  ];
  const found = tries.filter((one) => one !== name).map((one) => join(dirname(path), one));
  return found.find((file) => existsSync(file)) ?? null;
}

/** The labels of sequence n, of which `steps` count. */
function labelReader(
  path: string,
  labels: NumberArray | null,
  [N, T]: readonly number[],
  { per }: NumberReading,
): (n: number, steps: number) => readonly (string | null)[] {
  if (labels === null) return () => [];
  const shape = labels.shape.at(-1) === 1 && labels.shape.length > 1 ? labels.shape.slice(0, -1) : labels.shape;
  const expected = per === 'step' ? [N, T] : [N];
  if (shape.join() !== expected.join()) {
    const hint =
      per === 'sequence' && shape[0] === N && shape.length === 2
        ? shape[1] === T
          ? '; a label for every step is learned by train tag'
          : '; of one-hot rows save the classes: y.argmax(1)'
        : per === 'step' && shape.join() === String(N)
          ? '; a label for each sequence is learned by train classify'
          : '';
    throw new FormatError(path, `has labels [${shape.join(', ')}], expected [${expected.join(', ')}]${hint}`);
  }
  const label = (k: number) => {
    const text = String(labels.data[k]).trim();
    return text === '' || text === 'NaN' || text === String(noLabel) ? null : text;
  };
  if (per === 'sequence') return (n) => [label(n)];
  return (n, steps) => Array.from({ length: steps }, (_, t) => label(n * T + t));
}

function perSequence(path: string, { shape, data }: NumberArray, N: number, what: string): string[] {
  if (shape.length === 1 && shape[0] === N) return Array.from(data as ArrayLike<unknown>, String);
  throw new FormatError(path, `has ${what} [${shape.join(', ')}], expected [${N}]`);
}

/** Steps up to the last one with a number. */
function filledSteps(values: NumberValues, T: number, F: number): number {
  let end = T * F;
  while (end > 0 && !Number.isFinite(values[end - 1])) end--;
  return Math.ceil(end / F);
}
