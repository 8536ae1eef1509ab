// Splits examples into training, validation and test parts. The split is seeded and depends on nothing but its arguments.
//
// Stratified, every label is split by itself, so that a rare one is on both sides. By group, all examples of a group (a speaker, a patient, a video)
// go to the same side: no group is in both training and validation.

import { requireList, requireOneEach, requireWhole, shown } from '../checks.ts';
import { checkOptions, DataError, OptionError } from '../errors.ts';
import { Random } from '../random.ts';

/** Options of `split`. */
export interface SplitOptions {
  /** Validation fraction. Default .1. */
  readonly validation?: number;
  /** Test fraction. Default 0. */
  readonly test?: number;
  /** Seed of the split. Default 0. */
  readonly seed?: number;
  /** Label of each example, to be distributed evenly. */
  readonly stratify?: ArrayLike<unknown>;
  /** Group of each example, to be kept on one side; every part that is asked for has at least one. */
  readonly group?: ArrayLike<unknown>;
}

/** Example indices in ascending order. */
export interface DataSplit {
  readonly train: Int32Array;
  readonly validation: Int32Array;
  readonly test: Int32Array;
}

/**
 * Splits `count` examples at random.
 *
 *     const { train, validation } = split(rows.length, { validation: 0.1, seed: 1, stratify: rows.map((row) => row.label) });
 *
 * Throws DataError where a part that was asked for would be empty, and where there are too few groups.
 */
export function split(count: number, options: SplitOptions = {}): DataSplit {
  checkOptions('split', options, ['validation', 'test', 'seed', 'stratify', 'group']);
  const { validation = 0.1, test = 0, seed = 0, stratify, group } = options;
  checkParts('split', count, validation, test);
  if (stratify && group) throw new OptionError('split', 'stratify, group', 'one or the other, not both');
  for (const [name, values] of Object.entries({ stratify, group })) {
    if (values) requireOneEach('split', name, values, `${count} examples`, count);
  }
  for (const values of [stratify, group]) if (values !== undefined) requireList('split', 'stratify, group', values);
  const random = new Random(seed).fork('split');
  const parts = { train: [] as number[], validation: [] as number[], test: [] as number[] };
  if (group) {
    const groups = random.shuffle([...byValue(group, count).values()]);
    if (groups.length < 2) throw new DataError('split', 'all examples are of one group, so they cannot be split');
    // Each part takes its first group, and then those that bring it no further from its size; one is left for training.
    for (const [name, size] of [['test', test * count] as const, ['validation', validation * count] as const]) {
      const fits = (members: readonly number[]) =>
        parts[name].length === 0 || parts[name].length + members.length / 2 <= size;
      for (let next = 0; size > 0 && next < groups.length && groups.length > 1; )
        if (fits(groups[next])) append(parts[name], groups.splice(next, 1)[0]);
        else next++;
    }
    for (const members of groups) append(parts.train, members);
  } else {
    const strata = stratify ? byValue(stratify, count) : new Map([[null, Array.from({ length: count }, (_, n) => n)]]);
    // Each stratum's share, with what rounding left over from those before it: rare labels add up to their share too.
    let [owedTest, owedValidation] = [0, 0];
    for (const members of strata.values()) {
      random.shuffle(members);
      owedTest += test * members.length;
      owedValidation += validation * members.length;
      const most = members.length - 1; // at least one for training
      const tested = Math.max(0, Math.min(most, Math.round(owedTest)));
      const validated = Math.max(0, Math.min(most - tested, Math.round(owedValidation)));
      owedTest -= tested;
      owedValidation -= validated;
      append(parts.test, members.slice(0, tested));
      append(parts.validation, members.slice(tested, tested + validated));
      append(parts.train, members.slice(tested + validated));
    }
  }
  for (const [name, part] of [['validation', validation] as const, ['test', test] as const]) {
    if (part > 0 && parts[name].length === 0) {
      const of = group ? `${byValue(group, count).size} groups` : `${count} examples`;
      throw new DataError(
        'split',
        `${part} of ${of} leaves none for ${name}; ask for a larger part, or give more data`,
      );
    }
  }
  return sorted(parts);
}

/**
 * The first examples are for training, the next for validation, the last for test: for text and time, where a random split would leak the future.
 *
 * With `labels`, refuses data sorted by class, whose end has labels that its beginning lacks.
 */
export function splitByPosition(
  count: number,
  options: { readonly validation?: number; readonly test?: number; readonly labels?: ArrayLike<unknown> } = {},
): DataSplit {
  const who = 'splitByPosition';
  checkOptions(who, options, ['validation', 'test', 'labels']);
  const { validation = 0.1, test = 0, labels } = options;
  checkParts(who, count, validation, test);
  if (labels) requireOneEach(who, 'labels', labels, `${count} examples`, count);
  const tested = Math.round(test * count);
  const validated = Math.round(validation * count);
  const cut = count - tested - validated;
  if ((validation > 0 && validated === 0) || (test > 0 && tested === 0) || cut < 1)
    throw new DataError(who, `${count} examples are too few for these parts`);
  if (labels) refuseSorted(who, labels, cut);
  const range = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, k) => from + k);
  return { train: range(0, cut), validation: range(cut, cut + validated), test: range(cut + validated, count) };
}

/** Throws where examples of a class stand together: with classes in blocks the end of the data is not like its beginning. */
function refuseSorted(who: string, labels: ArrayLike<unknown>, cut: number): void {
  const counts = new Map<unknown, number>();
  let runs = 1;
  for (let n = 0; n < labels.length; n++) {
    counts.set(labels[n], (counts.get(labels[n]) ?? 0) + 1);
    if (n > 0 && labels[n] !== labels[n - 1]) runs++;
  }
  if (counts.size < 2) return;
  // In random order, a new run of labels begins with the probability that two examples differ.
  const differ = 1 - [...counts.values()].reduce((sum, n) => sum + (n / labels.length) ** 2, 0);
  const expected = 1 + (labels.length - 1) * differ;
  if (runs - counts.size > 0.1 * expected || expected < 2 * counts.size) return;
  const seen = new Set<unknown>();
  for (let n = 0; n < cut; n++) seen.add(labels[n]);
  const missing = [...counts.keys()].filter((label) => !seen.has(label)).map((label) => JSON.stringify(label));
  const effect =
    missing.length > 0
      ? `the first ${cut} examples have none of ${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ' …' : ''}`
      : `the last ${labels.length - cut} examples have other classes than the first`;
  throw new DataError(
    who,
    `the data is sorted by class (${labels.length} examples in ${runs} runs, about ${Math.round(expected)} were to be expected): ` +
      `${effect}; use split(count, { stratify: labels })`,
  );
}

function checkParts(who: string, count: number, validation: number, test: number): void {
  requireWhole(who, 'count', count, 1, 2 ** 27);
  for (const [name, part] of Object.entries({ validation, test })) {
    if (!(typeof part === 'number' && part >= 0 && part < 1))
      throw new OptionError(who, name, `expected a part from 0 to below 1, got ${shown(part)}`);
  }
  if (validation + test >= 1)
    throw new OptionError(who, 'validation, test', 'together they leave nothing for training');
}

/** All of a list may be more than a call has arguments. */
function append(to: number[], members: readonly number[]): void {
  for (const n of members) to.push(n);
}

function byValue(values: ArrayLike<unknown>, count: number): Map<unknown, number[]> {
  const groups = new Map<unknown, number[]>();
  for (let n = 0; n < count; n++) {
    const members = groups.get(values[n]);
    if (members) members.push(n);
    else groups.set(values[n], [n]);
  }
  return groups;
}

function sorted(parts: { train: number[]; validation: number[]; test: number[] }): DataSplit {
  const rising = (numbers: number[]) => Int32Array.from(numbers).sort();
  return { train: rising(parts.train), validation: rising(parts.validation), test: rising(parts.test) };
}
