// From rows of a file to examples to train on: those that cannot are left out and counted, and the rest has one fingerprint.

import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { OptionError } from 'unrolled';
import { invoked } from '../installed.ts';
import {
  type BadRows,
  chooseColumns,
  type Place,
  type Row,
  Skipped,
  Table,
  tooLong,
  type Wish,
} from '../readers/index.ts';

export interface Example<K extends string> extends Place {
  readonly cells: Readonly<Record<K, string>>;
}

export interface Examples<K extends string> {
  /** For a person. */
  readonly source: string;
  readonly rows: readonly Example<K>[];
  readonly skipped: Skipped;
  /** Said of what was read otherwise than it is written. */
  readonly notices?: readonly string[];
  /** Of a table: which column each was read from. */
  readonly columns?: Readonly<Record<K, string | null>>;
}

export interface ReadOptions {
  readonly where: string | null;
  readonly header: boolean;
  readonly badRows: string;
  /** Whether names of columns are those of the training data: another file may call its columns otherwise. */
  readonly remembered?: boolean;
}

/** Which column: the one that was named; of another file than was trained on, the one that is called so or as usual. */
export function wishOf(
  flag: string,
  name: string | null,
  guesses: readonly string[],
  { remembered = false }: Pick<ReadOptions, 'remembered'>,
): Wish {
  if (!remembered || name === null) return { flag, given: name, guesses };
  return { flag, given: null, guesses: [name, ...guesses] };
}

/** Rows of tables. `unusable` says what is wrong with one, or null. */
export async function readTable<K extends string>(
  paths: readonly string[],
  wishes: Readonly<Record<K, Wish>>,
  options: ReadOptions,
  unusable: Unusable<K>,
): Promise<Examples<K>> {
  const table = await Table.open(paths, options);
  const source = paths.join(', ');
  const chosen = chooseColumns(wishes, table.columns, source);
  const names = (Object.keys(chosen) as K[]).filter((name) => chosen[name] !== null);
  const skipped = new Skipped(options.badRows as BadRows);
  const rows: Example<K>[] = [];
  const columns = names.map((name) => chosen[name] as string);
  for await (const chunk of table.read(columns, skipped))
    for (const row of usable(chunk, names, unusable, skipped)) rows.push(row);
  return { source, rows, skipped, columns: chosen };
}

/** Rows that were read already. */
export function takeRows<K extends string>(
  source: string,
  rows: readonly Row[],
  names: readonly K[],
  options: Pick<ReadOptions, 'badRows'>,
  unusable: Unusable<K>,
): Examples<K> {
  const skipped = new Skipped(options.badRows as BadRows);
  return { source, rows: usable(rows, names, unusable, skipped), skipped };
}

type Unusable<K extends string> = (cells: Readonly<Record<K, string>>) => string | null;

function usable<K extends string>(
  rows: readonly Row[],
  names: readonly K[],
  unusable: Unusable<K>,
  skipped: Skipped,
): Example<K>[] {
  return rows.flatMap(({ cells, ...place }) => {
    const named = Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ''])) as Record<K, string>;
    const problem = tooLong(cells) ?? unusable(named);
    if (problem === null) return [{ ...place, cells: named }];
    skipped.add(place, problem);
    return [];
  });
}

/** Without those of which `problem` says something. */
export function leaveOut<K extends string>(
  examples: Examples<K>,
  problem: (example: Example<K>) => string | null,
): Examples<K> {
  const rows = examples.rows.filter((example) => {
    const why = problem(example);
    if (why !== null) examples.skipped.add(example, why);
    return why === null;
  });
  return { ...examples, rows };
}

/** The report on rows that were left out. Throws when they are too many. */
export function warningsOf({ source, rows, skipped, notices = [] }: Examples<string>): string[] {
  return [...skipped.report(source, rows.length + skipped.count), ...notices];
}

/** Of examples: what says that they are the same. */
export function fingerprint(parts: readonly (readonly Example<string>[])[]): string {
  const hash = createHash('sha256');
  for (const rows of parts) {
    for (const { cells } of rows) hash.update(`${JSON.stringify(cells)}\n`);
    hash.update('\0');
  }
  return hash.digest('hex');
}

/** What a run on these is called: `reviews` for data/reviews.csv.gz. */
export function runName(paths: readonly string[], task: string): string {
  return basename(paths[0] ?? '').replace(/(\.[a-z]+)?(\.gz)?$/i, '') || task;
}

export function nothingNamed(task: string, what: string, demos: readonly string[]): OptionError {
  return new OptionError(
    `train ${task}`,
    'files',
    `name ${what}: ${invoked()} train ${task} my.csv (or --demo ${demos[0]} for synthetic examples)`,
  );
}
