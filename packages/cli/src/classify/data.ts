// Texts and their labels: from files, a folder with a folder for each label, or synthetic.

import { statSync } from 'node:fs';
import { FormatError } from 'unrolled';
import { syntheticData } from 'unrolled/data';
import { type ExampleSource, type Parts, partsOf } from '../examples/parts.ts';
import { withTidy, withTidyLabels } from '../examples/labels.ts';
import { type Example, type Examples, leaveOut, nothingNamed, readTable, takeRows, wishOf } from '../examples/read.ts';
import { readLabeledFolder } from '../readers/index.ts';
import { grouped } from '../terminal/index.ts';
import { labelsIn, labelsOfRow } from './labels.ts';
import { classifyDemos } from './options.ts';

/** Where labeled texts are: kept in config.json, so that a run's own validation part can be found again. */
export interface LabeledSource extends ExampleSource {
  readonly text: string | null;
  readonly label: string | null;
  /** Whether a row has any number of labels. Default false. */
  readonly multiLabel?: boolean;
}

type Column = 'text' | 'label' | 'group';
export type Labeled = Example<Column>;

export interface LabeledData extends Parts<Column> {
  readonly labels: readonly string[];
}

/** What the column of texts is mostly called. */
export const textNames = ['text', 'sentence', 'document', 'review', 'name', 'content'];

const demoExamples = 6000;

/** Reads and splits; the same source gives the same parts. */
export async function readLabeled(source: LabeledSource): Promise<LabeledData> {
  if (source.paths.length === 0 && !source.demo)
    throw nothingNamed('classify', 'a file with texts and labels', classifyDemos);
  const { multiLabel = false } = source;
  const read = await rowsOf(source.paths, source);
  const all = multiLabel ? withLabelLists(read) : withoutLonely(withTidyLabels(read, 'label'));
  const labels = [...new Set(all.rows.flatMap(({ cells }) => labelsOfRow(cells.label, multiLabel)))].sort();
  checkLabels(all, labels, multiLabel);
  const other = source.validation === null ? null : await readOther(source.validation, source, labels);
  return { ...partsOf('classify', all, other, source, multiLabel ? undefined : 'label'), labels };
}

/** Labeled rows of another file, for a model that knows these labels. */
export async function readOther(
  path: string,
  source: LabeledSource,
  labels: readonly string[],
): Promise<Examples<Column>> {
  const { multiLabel = false } = source;
  const read = await rowsOf([path], { ...source, demo: null });
  const known = new Set(labels);
  return leaveOut(multiLabel ? withLabelLists(read) : withTidyLabels(read, 'label'), ({ cells }) =>
    labelsOfRow(cells.label, multiLabel).every((label) => known.has(label))
      ? null
      : 'with a label that training does not have',
  );
}

/** Cells as JSON lists of tidy labels. */
function withLabelLists(all: Examples<Column>): Examples<Column> {
  return withTidy(all, 'label', labelsIn, (cell) => JSON.stringify(labelsIn(cell)));
}

function unusable({ text, label }: Readonly<Record<Column, string>>): string | null {
  return text.trim() === '' ? 'without a text' : label.trim() === '' ? 'without a label' : null;
}

async function rowsOf(paths: readonly string[], source: LabeledSource): Promise<Examples<Column>> {
  if (source.demo) {
    const { make, about } = syntheticData[source.demo as (typeof classifyDemos)[number]];
    const rows = make(demoExamples, 1).map(({ text, label }, i) => ({
      file: 'demo',
      row: i + 1,
      cells: [text, label],
    }));
    return takeRows(about, rows, ['text', 'label', 'group'], source, unusable);
  }
  if (paths.length === 1 && statSync(paths[0], { throwIfNoEntry: false })?.isDirectory())
    return takeRows(paths[0], readLabeledFolder(paths[0]), ['text', 'label', 'group'], source, unusable);
  const wishes = {
    text: wishOf('--text', source.text, textNames, source),
    label: wishOf('--label', source.label, ['label', 'class', 'category', 'target', 'sentiment'], source),
    group: { flag: '--group', given: source.group, guesses: [], optional: true },
  };
  return readTable(paths, wishes, source, unusable);
}

/** A label seen once can be trained on or validated, not both. */
function withoutLonely(all: Examples<Column>): Examples<Column> {
  const counts = new Map<string, number>();
  for (const { cells } of all.rows) counts.set(cells.label, (counts.get(cells.label) ?? 0) + 1);
  return leaveOut(all, ({ cells }) =>
    counts.get(cells.label) === 1 ? `with a label that is seen once, ${JSON.stringify(cells.label)}` : null,
  );
}

function checkLabels({ source, rows }: Examples<string>, labels: readonly string[], multiLabel: boolean): void {
  if (labels.length === 0 && multiLabel) throw new FormatError(source, 'no row has a label; there is nothing to learn');
  if (labels.length === 1 && !multiLabel)
    throw new FormatError(source, `every row is labeled ${JSON.stringify(labels[0])}; there is nothing to tell apart`);
  if (labels.length > 200 && labels.length > rows.length / 4) {
    throw new FormatError(
      source,
      `${grouped(labels.length)} different labels in ${grouped(rows.length)} rows: is that the column? Name it with --label`,
    );
  }
}
