// Examples in two parts, to learn from and to validate on; and the same parts again when the run is measured. Where they are and how they are
// parted stands in config.json (`data.read`), and one source gives one split.

import { FormatError } from 'unrolled';
import type { RunData } from '../runs/config.ts';
import type { EvaluateValues } from '../runs/kind.ts';
import { ownPartName, requireOwnData, requireSameData } from '../runs/own-data.ts';
import { type Example, type Examples, fingerprint, runName, type ReadOptions, warningsOf } from './read.ts';
import { splitExamples } from './split.ts';

export interface ExampleSource extends ReadOptions {
  readonly paths: readonly string[];
  readonly demo: string | null;
  readonly group: string | null;
  readonly validation: string | null;
  readonly valFrac: number;
  readonly seed: number;
}

export interface Parts<K extends string> {
  /** The run is called after it. */
  readonly name: string;
  readonly source: string;
  readonly sha256: string;
  readonly train: readonly Example<K>[];
  readonly validation: readonly Example<K>[];
  readonly warnings: readonly string[];
  /** Of a table: which column each was read from. Kept in config.json, so that the run reads such tables again as it did. */
  readonly columns: Partial<Readonly<Record<K, string | null>>>;
}

/** `all` parted by the seed, unless `other` holds examples to validate on. `by`: a column of which each part gets its share. */
export function partsOf<K extends string>(
  task: string,
  all: Examples<K>,
  other: Examples<K> | null,
  source: ExampleSource,
  by?: NoInfer<K>,
): Parts<K> {
  if (all.rows.length === 0) {
    all.skipped.report(all.source, all.skipped.count);
    throw new FormatError(all.source, 'holds no rows');
  }
  const warnings = warningsOf(all);
  const column = (name: K) => all.rows.map(({ cells }) => cells[name]);
  const groups = source.group ? column('group' as K) : null;
  const labels = by === undefined ? undefined : column(by);
  const parts = other ? null : splitExamples(all.rows.length, source.valFrac, source.seed, { labels, groups });
  const train = parts ? parts.train.map((n) => all.rows[n]) : all.rows;
  const validation = parts ? parts.validation.map((n) => all.rows[n]) : (other as Examples<K>).rows;
  return {
    name: source.demo ?? runName(source.paths, task),
    source: all.source,
    sha256: fingerprint([train, validation]),
    train,
    validation,
    columns: all.columns ?? {},
    warnings: other ? [...warnings, ...warningsOf(other)] : warnings,
  };
}

/** The name of a run's own validation part. Throws a FormatError where the data are not those of training any more, and where none was kept. */
export function ownPart(
  own: { readonly source: string; readonly sha256: string; readonly count: number },
  trained: { readonly sha256: string; readonly read: { readonly validation: string | null } },
): string {
  requireSameData(own, trained);
  return ownPartName(own, own.count, trained.read.validation);
}

export interface Measured<K extends string> {
  readonly rows: readonly Example<K>[];
  readonly source: string;
  readonly warnings: readonly string[];
}

/** What `unrolled eval` measures on: the file that was named, or the part that this run kept for validation. */
export async function rowsToMeasure<K extends string, S extends ExampleSource>(
  data: RunData & { readonly read: S },
  { file, where, badRows }: Pick<EvaluateValues, 'file' | 'where' | 'badRows'>,
  read: {
    readonly parts: (source: S) => Promise<Parts<K>>;
    readonly other: (path: string, source: S) => Promise<Examples<K>>;
  },
): Promise<Measured<K>> {
  if (file !== null) {
    const source = { ...data.read, where, badRows: badRows ?? data.read.badRows, remembered: true };
    const other = await read.other(file, source);
    return { rows: other.rows, source: file, warnings: warningsOf(other) };
  }
  requireOwnData(data, '--file');
  const own = await read.parts(data.read);
  const sha256 = fingerprint([own.train, own.validation]);
  const from = ownPart({ ...own, sha256, count: own.validation.length }, data);
  return { rows: own.validation, source: from, warnings: [] };
}
