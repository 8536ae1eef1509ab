// Number sequences in two parts, and the same parts again when the run is measured.

import { createHash } from 'node:crypto';
import { FormatError } from 'unrolled';
import { nothingNamed, runName } from '../examples/read.ts';
import { ownPart } from '../examples/parts.ts';
import { splitExamples } from '../examples/split.ts';
import type { RunData } from '../runs/config.ts';
import type { EvaluateValues } from '../runs/kind.ts';
import { requireOwnData } from '../runs/own-data.ts';
import { madeNumbers, numberDemos, readNumbers } from './read.ts';
import type { NumberColumns, NumberExample, NumberSet, NumberSource, Per } from './source.ts';
import { t } from '../language/index.ts';

export interface NumberParts {
  /** The run is called after it. */
  readonly name: string;
  readonly source: string;
  readonly sha256: string;
  readonly features: readonly string[];
  readonly labels: readonly string[];
  readonly train: readonly NumberExample[];
  readonly validation: readonly NumberExample[];
  readonly warnings: readonly string[];
  readonly columns: NumberColumns;
}

/** Reads and splits; the same source gives the same parts. */
export async function readParts(source: NumberSource, per: Per): Promise<NumberParts> {
  const task = per === 'sequence' ? 'classify' : 'tag';
  if (source.paths.length === 0 && !source.demo)
    throw nothingNamed(task, 'a file with number sequences', [numberDemos[per]]);
  const reading = { source, per, labeled: true, known: null };
  const all = source.demo ? madeNumbers(reading) : await readNumbers(source.paths, reading);
  const other = source.validation === null ? null : await readOther(source.validation, source, per, all.features);
  const warnings = [...reportOf(all), ...(other ? reportOf(other) : [])];
  const { train, validation } = other
    ? { train: all.examples, validation: other.examples }
    : splitParts(all, source, per);
  const labels = labelsIn(train);
  if (labels.length < 2)
    throw new FormatError(all.source, `every label is ${JSON.stringify(labels[0])}; there is nothing to tell apart`);
  if (labels.length > 200 && labels.length > train.length / 4 && per === 'sequence')
    throw new FormatError(
      all.source,
      `${labels.length} different labels in ${train.length} sequences: is that the column? Name it with --label`,
    );
  const known = new Set(labels);
  const kept = per === 'step' ? validation : validation.filter(({ labels: [label] }) => known.has(label as string));
  const strange = validation.length - kept.length;
  if (strange > 0)
    warnings.push(t`${strange} sequences to validate have labels that training does not have, and were left out`);
  return {
    name: source.demo ?? runName(source.paths, 'numbers'),
    source: all.source,
    sha256: fingerprint([train, kept]),
    features: all.features,
    labels,
    train,
    validation: kept,
    warnings,
    columns: all.columns,
  };
}

/** Sequences of another file, as the features of a model. */
export function readOther(
  path: string,
  source: NumberSource,
  per: Per,
  known: readonly string[],
  labeled = true,
): Promise<NumberSet> {
  return readNumbers([path], { source: { ...source, demo: null }, per, labeled, known });
}

export interface MeasuredNumbers {
  readonly examples: readonly NumberExample[];
  readonly source: string;
  readonly warnings: readonly string[];
}

/** What `unrolled eval` measures on: the file that was named, or the part that this run kept for validation. */
export async function numbersToMeasure(
  data: RunData & { readonly read: NumberSource },
  { file, where, badRows }: Pick<EvaluateValues, 'file' | 'where' | 'badRows'>,
  { per, known }: { readonly per: Per; readonly known: readonly string[] },
): Promise<MeasuredNumbers> {
  if (file !== null) {
    const source = { ...data.read, where, badRows: badRows ?? data.read.badRows };
    const other = await readOther(file, source, per, known);
    return { examples: other.examples, source: file, warnings: reportOf(other) };
  }
  requireOwnData(data, '--file');
  const own = await readParts(data.read, per);
  const from = ownPart({ ...own, count: own.validation.length }, data);
  return { examples: own.validation, source: from, warnings: [] };
}

/** What was left out or filled. Throws where too many were left out. */
export function reportOf({ source, examples, skipped, notices }: NumberSet): string[] {
  const report = skipped.report(source, examples.length + skipped.count);
  if (examples.length === 0) throw new FormatError(source, 'holds no sequences');
  return [...report, ...notices];
}

function splitParts({ examples }: NumberSet, { valFrac, seed }: NumberSource, per: Per) {
  const grouped = examples.some(({ group }) => group !== null);
  const labels = per === 'sequence' ? examples.map(({ labels: [label] }) => label as string) : undefined;
  const groups = grouped ? examples.map(({ group }) => group ?? '') : null;
  const parts = splitExamples(examples.length, valFrac, seed, { labels, groups });
  const pick = (numbers: readonly number[]) => numbers.map((n) => examples[n]);
  return { train: pick(parts.train), validation: pick(parts.validation) };
}

/** All labels, in order: numbers by their size. */
function labelsIn(examples: readonly NumberExample[]): string[] {
  const labels = [...new Set(examples.flatMap(({ labels: own }) => own))].filter((label) => label !== null);
  const numbers = labels.every((label) => /^-?\d+(\.\d+)?$/.test(label));
  return numbers ? labels.sort((a, b) => Number(a) - Number(b)) : labels.sort();
}

/** Of examples: what says that they are the same. */
function fingerprint(parts: readonly (readonly NumberExample[])[]): string {
  const hash = createHash('sha256');
  for (const examples of parts) {
    for (const { values, labels } of examples)
      hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)).update(JSON.stringify(labels));
    hash.update('\0');
  }
  return hash.digest('hex');
}
