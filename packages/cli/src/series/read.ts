// Number sequences from whatever was named: arrays, tables, a folder with a folder of files for each label, files with a sequence each, or synthetic ones.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FormatError } from 'unrolled';
import { syntheticData } from 'unrolled/data';
import { isFolderGiven, noteFound } from '../files/index.ts';
import { type BadRows, expand, isArrayFile, isTable, Skipped, tidyLabel } from '../readers/index.ts';
import { grouped } from '../terminal/index.ts';
import { fromArrays } from './from-arrays.ts';
import { fromTables } from './from-tables.ts';
import type { NumberExample, NumberReading, NumberSet } from './source.ts';
import { t } from '../language/index.ts';

/** The synthetic number sequences, by what is labeled. */
export const numberDemos = { sequence: 'strokes', step: 'activity' } as const;

const demoSequences = { sequence: 1600, step: 500 };

const isNumberFile = (path: string) => isArrayFile(path) || isTable(path);

/** The number sequences of files, folders and patterns. */
export async function readNumbers(paths: readonly string[], reading: NumberReading): Promise<NumberSet> {
  const read =
    paths.length === 1 && isFolder(paths[0]) ? fromFolder(paths[0], reading) : fromFiles(expand(paths), reading);
  return withUsable(await read, reading);
}

/** Synthetic sequences of the task. */
export function madeNumbers({ source, per }: NumberReading): NumberSet {
  const made = syntheticData[numberDemos[per]];
  const all = made.make(demoSequences[per], 1);
  const examples = all.map((one, n): NumberExample => {
    const labels = 'labels' in one ? one.labels : [one.label];
    return { file: 'demo', row: n + 1, name: `${numberDemos[per]} ${n + 1}`, values: one.values, labels, group: null };
  });
  const columns = { label: null, series: null, time: null, group: null };
  const skipped = new Skipped(source.badRows as BadRows);
  return { source: made.about, features: all[0].names, examples, skipped, notices: [], columns };
}

/** Whether a path is a folder of files that hold numbers. */
export function isNumberFolder(path: string): boolean {
  if (!isFolder(path)) return false;
  const names = visibleNames(path);
  const folder = names.find((name) => isFolder(join(path, name)));
  const files = folder === undefined ? names : visibleNames(join(path, folder));
  return files.length > 0 && files.every(isNumberFile);
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
const visibleNames = (path: string) =>
  readdirSync(path)
    .filter((name) => !name.startsWith('.'))
    .sort();

async function fromFiles(files: readonly string[], reading: NumberReading): Promise<NumberSet> {
  const arrays = files.filter(isArrayFile);
  if (arrays.length === 0) return fromTables(files, reading, files.length > 1);
  if (arrays.length < files.length)
    throw new FormatError(files.join(', '), 'are arrays and tables; name files of one kind');
  const sets: NumberSet[] = [];
  for (const file of files) sets.push(await fromArrays(file, reading));
  return joined(files.join(', '), sets);
}

/** `folder/up/1.csv` is a sequence with the label up; in a folder without folders the files have columns of labels. */
async function fromFolder(path: string, reading: NumberReading): Promise<NumberSet> {
  const names = visibleNames(path);
  const labels = names.filter((name) => isFolderGiven(noteFound(path, join(path, name))));
  if (labels.length === 0 || reading.per === 'step') {
    const files = names.filter(isNumberFile).map((name) => noteFound(path, join(path, name)));
    if (files.length === 0) throw new FormatError(path, 'holds no tables and no arrays');
    return { ...(await fromFiles(files, reading)), source: path };
  }
  const sets: NumberSet[] = [];
  for (const label of labels) {
    for (const name of visibleNames(join(path, label))) {
      const file = noteFound(path, join(path, label, name));
      const set = await oneSequence(file, { ...reading, labeled: false });
      const examples = set.examples.map((one) => ({ ...one, name: `${label}/${name}`, labels: [tidyLabel(label)] }));
      sets.push({ ...set, examples });
    }
  }
  if (sets.length === 0) throw new FormatError(path, `its folders (${labels.join(', ')}) hold no files`);
  return joined(path, sets);
}

/** A file with one sequence: a table with a step in a row, or an array [T, F]. */
async function oneSequence(file: string, reading: NumberReading): Promise<NumberSet> {
  if (isTable(file)) return fromTables([file], reading, true);
  if (!isArrayFile(file))
    throw new FormatError(file, 'is no table and no array; expected .csv, .parquet, .jsonl, .npy and their like');
  return fromArrays(file, reading, true);
}

/** Sequences of several files, which have the same features. */
function joined(source: string, sets: readonly NumberSet[]): NumberSet {
  const [first] = sets;
  const odd = sets.find(({ features }) => features.join('\0') !== first.features.join('\0'));
  if (odd)
    throw new FormatError(
      odd.source,
      `has the features ${some(odd.features)}, and ${first.source} has ${some(first.features)}; name those to read with --features`,
    );
  const skipped = first.skipped;
  for (const set of sets.slice(1)) for (const { why, ...place } of set.skipped.all) skipped.add(place, why);
  const notices = [...new Set(sets.flatMap((set) => set.notices))];
  return {
    ...first,
    source,
    examples: sets.flatMap(({ examples }) => examples),
    skipped,
    notices: notices.slice(0, 5),
  };
}

const some = (names: readonly string[]) => names.slice(0, 6).join(', ') + (names.length > 6 ? ', …' : '');

/** Without sequences that hold no number or no label, and what is done about missing values. */
function withUsable(set: NumberSet, { source, labeled }: NumberReading): NumberSet {
  const { skipped, features } = set;
  const examples = set.examples.filter((one) => {
    const why = unusable(one, source.missing, labeled);
    if (why !== null) skipped.add(one, why);
    return why === null;
  });
  let [missing, all] = [0, 0];
  for (const { values } of examples) {
    all += values.length;
    for (let k = 0; k < values.length; k++) if (!Number.isFinite(values[k])) missing++;
  }
  if (missing > 0 && source.missing === 'stop') {
    const at = examples.find(({ values }) => values.some((v) => !Number.isFinite(v))) as NumberExample;
    const step = at.values.findIndex((v) => !Number.isFinite(v));
    const place = `step ${Math.floor(step / features.length) + 1}, ${features[step % features.length]}`;
    throw new FormatError(
      at.file,
      `${at.name} has no value at ${place}; --missing fill puts the value before it there, --missing skip leaves such sequences out`,
    );
  }
  const percent = ((100 * missing) / Math.max(1, all)).toFixed(missing < 0.001 * all ? 3 : 1);
  const filled = missing > 0 ? [t`${grouped(missing)} of ${grouped(all)} values (${percent} %) are missing, and were filled with the value before`] : []; // biome-ignore format: a text
  return { ...set, examples, notices: [...set.notices, ...filled] };
}

function unusable({ values, labels }: NumberExample, missing: string, labeled: boolean): string | null {
  if (values.length === 0) return 'without a step';
  if (labeled && labels.every((label) => label === null)) return 'without a label';
  if (values.every((v) => !Number.isFinite(v))) return 'without a number';
  return missing === 'skip' && values.some((v) => !Number.isFinite(v)) ? 'with missing values' : null;
}
