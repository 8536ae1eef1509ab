// What the generators of this folder have in common. Synthetic data need no download, have no license, and are correct: each
// example follows from a rule that a test can check. A generator is a function of (count, seed): the same two give the same examples, in every
// engine, and no example twice, so that validation examples do not occur in training.

import { requireWhole } from '../../checks.ts';
import { OptionError } from '../../errors.ts';

/** Many to one: a text and its label. */
export interface LabeledText {
  readonly text: string;
  readonly label: string;
}

/** Many to many, delayed: one text and the text it becomes. */
export interface TextPair {
  readonly source: string;
  readonly target: string;
}

/** Many to many, aligned: a text and a tag for each of its characters (code points). */
export interface TaggedText {
  readonly text: string;
  readonly tags: readonly string[];
}

/** Many to one: a sequence of numbers and its label. */
export interface LabeledSeries {
  /** Names of the F features. */
  readonly names: readonly string[];
  /** [T, F] row by row. */
  readonly values: Float32Array;
  readonly label: string;
}

/** Many to many, aligned: a sequence of numbers and a label for each of its steps. */
export interface TaggedSeries {
  /** Names of the F features. */
  readonly names: readonly string[];
  /** [T, F] row by row. */
  readonly values: Float32Array;
  /** One for each step. */
  readonly labels: readonly string[];
}

const patience = 10_000;
const mostExamples = 2 ** 24;

/** Generates `count` examples with distinct keys. Throws an OptionError when there are not enough. */
export function distinct<E>(who: string, count: number, draw: () => E, keyOf: (example: E) => string): E[] {
  requireWhole(who, 'count', count, 0, mostExamples);
  const seen = new Set<string>();
  const examples: E[] = [];
  for (let misses = 0; examples.length < count; ) {
    const example = draw();
    const key = keyOf(example);
    if (!seen.has(key)) {
      seen.add(key);
      examples.push(example);
      misses = 0;
    } else if (++misses > patience) {
      throw new OptionError(
        who,
        'count',
        `there are about ${examples.length} different examples, and ${count} are asked for`,
      );
    }
  }
  return examples;
}
