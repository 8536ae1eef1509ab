// Tags that mark spans: B-LOC I-LOC O B-PER. The metric counts whole spans, not tags (Tjong Kim Sang and De Meulder 2003).
//
// A span continues at a tag with I or E (in BILOU L) if the tag before has B or I and the same type; any other tag but O begins one. So tag sequences
// that no scheme allows, as a network may predict them, have spans too: those that CoNLL's script counts.

import { requireKinds, requireText, shown, requireOneEach } from '../checks.ts';
import { OptionError } from '../errors.ts';
import { checkList } from './check.ts';

/** A labeled span of tokens: [start, end). */
export interface Span {
  readonly type: string;
  /** Steps from `start` up to, not including, `end`. */
  readonly start: number;
  readonly end: number;
}

/** Precision, recall and F1 of spans. */
export interface SpanScore {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Number of target spans. */
  readonly support: number;
}

const spanTag = /^(?:O|([BIELSU])(?:-(.*))?)$/s;

const noTag: readonly (string | undefined)[] = ['O'];

/** Whether tags mark spans, in IOB, IOBES or BILOU: each is O, or one of B, I, E, L, S and U and, after a hyphen, a type. */
export function marksSpans(tags: Iterable<string>): boolean {
  requireKinds('marksSpans', { tags }, { tags: 'iterable' });
  let some = false;
  for (const tag of tags) {
    requireText('marksSpans', 'tags', tag);
    const found = spanTag.exec(tag);
    if (!found) return false;
    if (found[1]) some = true;
  }
  return some;
}

/** The spans of a tag sequence, in order. A null is an unknown tag: it belongs to no span. */
export function spansOf(tags: readonly (string | null)[]): Span[] {
  checkList('spansOf', 'tags', tags);
  const spans: { type: string; start: number; end: number }[] = [];
  let open = false; // whether the last span may continue
  for (const [t, tag] of tags.entries()) {
    const found = tag === null ? noTag : typeof tag === 'string' ? spanTag.exec(tag) : null;
    if (!found)
      throw new OptionError(
        'spansOf',
        'tags',
        `step ${t}: expected O or B-, I-, E-, L-, S- or U-type, got ${shown(tag)}`,
      );
    const [, prefix, type = ''] = found;
    if (!prefix) {
      open = false;
      continue;
    }
    const last = spans.at(-1);
    if (open && last?.type === type && 'IEL'.includes(prefix)) last.end = t + 1;
    else spans.push({ type, start: t, end: t + 1 });
    open = 'BI'.includes(prefix);
  }
  return spans;
}

/**
 * Precision, recall and F1 of spans: a span is correct if its boundaries and its type are. Takes sequences of target tags and of predicted tags;
 * where the target is null the prediction counts as null too.
 *
 *     spanScores([['B-LOC', 'I-LOC', 'O']], [['B-LOC', 'O', 'O']]).f1      // 0: half of a name is no name
 */
export function spanScores(
  predicted: readonly (readonly string[])[],
  targets: readonly (readonly (string | null)[])[],
): SpanScore & { readonly perType: Readonly<Record<string, SpanScore>> } {
  const who = 'spanScores';
  checkList(who, 'predicted', predicted);
  checkList(who, 'targets', targets);
  requireOneEach(who, 'predicted', predicted, `${targets.length} targets`, targets.length);
  const counts = new Map<string, Counts>();
  const of = (type: string): Counts => {
    const there = counts.get(type) ?? { right: 0, predicted: 0, support: 0 };
    counts.set(type, there);
    return there;
  };
  for (const [n, row] of targets.entries()) {
    checkList(who, 'predicted', predicted[n]);
    checkList(who, 'targets', row);
    requireOneEach(who, 'predicted', predicted[n], `${row.length} tags`, row.length, `row ${n}: `);
    const spans = spansOf(predicted[n].map((tag, t) => (row[t] === null ? null : tag)));
    const found = new Set(spans.map(keyOf));
    for (const span of spans) of(span.type).predicted++;
    for (const span of spansOf(row)) {
      of(span.type).support++;
      if (found.has(keyOf(span))) of(span.type).right++;
    }
  }
  const perType = Object.fromEntries(
    [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, c]) => [type, score(c)]),
  );
  const sum = (name: keyof Counts) => [...counts.values()].reduce((total, c) => total + c[name], 0);
  return { ...score({ right: sum('right'), predicted: sum('predicted'), support: sum('support') }), perType };
}

interface Counts {
  right: number;
  predicted: number;
  support: number;
}

const keyOf = ({ type, start, end }: Span) => `${start} ${end} ${type}`;

function score({ right, predicted, support }: Counts): SpanScore {
  const ratio = (a: number, b: number) => (b === 0 ? 0 : a / b);
  return {
    precision: ratio(right, predicted),
    recall: ratio(right, support),
    f1: ratio(2 * right, predicted + support),
    support,
  };
}
