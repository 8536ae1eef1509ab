// Tags under their tokens, and how good a tagger is, as a person reads them.

import { noLabel } from 'unrolled';
import { type LabelResult, labelTable } from '../examples/label-table.ts';
import type { Screen, Shown } from '../runs/shown.ts';
import { grouped, padEnd, stringWidth, table } from '../terminal/index.ts';
import { t } from '../language/index.ts';

/** A sequence as it was tagged. */
export interface TaggedSequence {
  readonly tokens: readonly string[];
  readonly tags: readonly string[];
  /** The true tags; null where nobody knows. */
  readonly targets: readonly (string | null)[];
}

export function taggedSequence(
  tokens: readonly string[],
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  names: readonly string[],
): TaggedSequence {
  return {
    tokens,
    tags: Array.from(predicted, (label) => names[label]),
    targets: Array.from(target, (label) => (label === noLabel ? null : names[label])),
  };
}

export function taggedSequences(data: readonly TaggedSequence[]): Shown {
  return { data, lines: (screen) => data.flatMap((one) => taggedLines(one, screen)) };
}

/**
 *     ✗ ( a ] b        a row of tokens, and one of tags; of a wrong one also what it is
 *       1 1 0 0
 *           1
 */
export function taggedLines({ tokens, tags, targets }: TaggedSequence, { width: columns, style }: Screen): string[] {
  const { green, red, dim } = style;
  const room = columns - 8;
  const wrong = tokens.map((_, t) => targets[t] !== null && tags[t] !== targets[t]);
  const target = (t: number) => (wrong[t] ? (targets[t] ?? '') : '');
  const widths = tokens.map((token, t) => Math.max(...[token, tags[t], target(t)].map(stringWidth)));
  const lines: string[] = [];
  for (let from = 0; from < tokens.length; ) {
    let [to, width] = [from, 0];
    while (to < tokens.length && (to === from || width + widths[to] + 1 <= room)) width += widths[to++] + 1;
    const line = (cell: (t: number) => string, paint: (text: string, t: number) => string = (text) => text) =>
      Array.from({ length: to - from }, (_, k) => paint(padEnd(cell(from + k), widths[from + k]), from + k))
        .join(' ')
        .trimEnd();
    const mark = from > 0 ? ' ' : wrong.includes(true) ? red('✗') : green('✓');
    lines.push(`${mark} ${line((t) => tokens[t])}`);
    lines.push(
      `  ${line(
        (t) => tags[t],
        (text, t) => (wrong[t] ? red(text) : dim(text)),
      )}`,
    );
    if (wrong.slice(from, to).includes(true)) lines.push(`  ${line(target)}`);
    from = to;
  }
  return lines;
}

/** Whether any tag is another than its target. */
export function isWrong({ tags, targets }: TaggedSequence): boolean {
  return tags.some((tag, t) => targets[t] !== null && targets[t] !== tag);
}

/** What `unrolled eval` measures of a tagger. */
export interface TagResult {
  readonly run: string;
  readonly step: number;
  readonly source: string;
  readonly sequences: number;
  readonly tags: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly macroF1: number;
  /** The fraction of sequences without a mistake. */
  readonly exact: number;
  /** The fraction of tokens that the vocabulary lacks. */
  readonly unknown: number;
  readonly perTag: readonly LabelResult[];
  /** Whole spans, where the tags mark them. */
  readonly spans?: {
    readonly f1: number;
    readonly precision: number;
    readonly recall: number;
    readonly perType: readonly LabelResult[];
  };
  /** The first sequences with a mistake. */
  readonly mistakes: readonly TaggedSequence[];
}

export function resultLines(r: TagResult, screen: Screen): string[] {
  const { spans } = r;
  const spanRow = spans && [
    t('span F1'),
    t`${spans.f1.toFixed(4)}   precision ${spans.precision.toFixed(4)}, recall ${spans.recall.toFixed(4)}`,
  ];
  return [
    ...table([
      [t('accuracy'), t`${r.accuracy.toFixed(4)}   of the tags`],
      [t('macro F1'), r.macroF1.toFixed(4)],
      ...(spanRow ? [spanRow] : []),
      [t('exact'), t`${r.exact.toFixed(4)}   of the sequences have no mistake`],
      [t('loss'), t`${r.loss.toFixed(4)} nats per tag`],
      [t('measured on'), t`${grouped(r.sequences)} sequences with ${grouped(r.tags)} tags of ${t(r.source)}`],
      [t('weights'), t`${r.run}, step ${r.step}`],
    ]),
    '',
    ...(spans ? [...labelTable('span', spans.perType), ''] : []),
    ...labelTable('tag', r.perTag),
    ...r.mistakes.flatMap((one) => ['', ...taggedLines(one, screen)]),
  ];
}
