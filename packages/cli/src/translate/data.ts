// Pairs of texts: two columns of a table, two files line by line, or synthetic.

import { existsSync } from 'node:fs';
import { OptionError } from 'unrolled';
import { syntheticData, type TextPair, type TokenUnit } from 'unrolled/data';
import { type ExampleSource, type Parts, partsOf } from '../examples/parts.ts';
import { type Example, type Examples, nothingNamed, readTable, takeRows, wishOf } from '../examples/read.ts';
import { isTable, readPairs } from '../readers/index.ts';

export interface PairSource extends ExampleSource {
  readonly source: string | null;
  readonly target: string | null;
}

interface Demo {
  readonly made: { readonly about: string; readonly make: (count: number, seed: number) => TextPair[] };
  readonly count: number;
  readonly targetUnit?: TokenUnit;
}

const demos = {
  sums: { made: syntheticData.sums, count: 40_000 },
  reversals: { made: syntheticData.reversal, count: 20_000 },
  dates: { made: syntheticData.dates, count: 10_000 },
  'dates-ko': { made: syntheticData['dates-ko'], count: 10_000 },
  numbers: { made: syntheticData['number-words'], count: 20_000, targetUnit: 'word' },
  'numbers-ko': { made: syntheticData['number-words-ko'], count: 20_000 },
} satisfies Record<string, Demo>;

export const translateDemoNames = Object.keys(demos) as (keyof typeof demos)[];

export function translateDemo(name: string): Demo {
  return demos[name as keyof typeof demos];
}

type Column = 'source' | 'target' | 'group';
export type Pair = Example<Column>;

const columns = ['source', 'target', 'group'] as const;

/** What the column that is read is mostly called. */
export const sourceNames = ['source', 'src', 'input', 'question', 'from', 'text'];

/** Reads and splits; the same source gives the same parts. */
export async function readTranslations(source: PairSource): Promise<Parts<Column>> {
  if (source.paths.length === 0 && !source.demo)
    throw nothingNamed('translate', 'a table, or two texts line by line', translateDemoNames);
  const all = await rowsOf(source.paths, source);
  const other = source.validation === null ? null : await readOtherPairs(source.validation, source);
  return partsOf('translate', all, other, source);
}

/** Pairs of another table, with columns of the same names, or of two texts: `dev.de,dev.en`. Their names may have commas themselves. */
export function readOtherPairs(path: string, source: PairSource): Promise<Examples<Column>> {
  const two = existsSync(path) ? null : twoFiles(path);
  if (!two) return rowsOf([path], { ...source, demo: null });
  return rowsOf(two, { ...source, demo: null, source: null, target: null, group: null });
}

/** The files on both sides of a comma: of the one that parts two files that are there, or else of the first. */
function twoFiles(list: string): [string, string] | null {
  const parts = list.split(',');
  const ways = parts
    .slice(1)
    .map((_, n): [string, string] => [parts.slice(0, n + 1).join(','), parts.slice(n + 1).join(',')]);
  return ways.find((files) => files.every((file) => existsSync(file))) ?? ways[0] ?? null;
}

async function rowsOf(paths: readonly string[], source: PairSource): Promise<Examples<Column>> {
  if (source.demo) {
    const { made, count } = translateDemo(source.demo);
    const rows = made
      .make(count, 1)
      .map((pair, i) => ({ file: 'demo', row: i + 1, cells: [pair.source, pair.target] }));
    return takeRows(made.about, rows, columns, source, unusable);
  }
  if (paths.length === 2 && !paths.some(isTable)) {
    for (const name of ['where', 'group', 'source', 'target'] as const)
      if (source[name] !== null)
        throw new OptionError(
          'train translate',
          `--${name}`,
          `is for tables; ${paths.join(' and ')} are read line by line`,
        );
    return takeRows(paths.join(' and '), readPairs(paths[0], paths[1]), columns, source, unusable);
  }
  const wishes = {
    // By their places where the table has no header.
    source: wishOf('--source', source.source, [...sourceNames, '1'], source),
    target: wishOf('--target', source.target, ['target', 'tgt', 'output', 'answer', 'to', '2'], source),
    group: { flag: '--group', given: source.group, guesses: [], optional: true },
  };
  return readTable(paths, wishes, source, unusable);
}

function unusable({ source, target }: Readonly<Record<Column, string>>): string | null {
  return source.trim() === '' ? 'without a source' : target.trim() === '' ? 'without a target' : null;
}
