// How a model over a large vocabulary computes its softmax while it is trained, for the tasks whose output is a vocabulary.

import { OptionError } from 'unrolled';
import { type OutputName, outputNames, type OutputOptions } from 'unrolled/layers';
import { parseDecimal } from 'unrolled/data';
import type { OptionTable, Values } from '../command-line/options.ts';
import { t } from '../language/index.ts';

export const outputLayerOptions = {
  output: {
    kind: 'choice',
    default: 'full',
    choices: [...outputNames],
    group: 'Model',
    also: ['softmax'],
    help: 'softmax of training: full; for large vocabularies sampled, nce or adaptive, which are faster. Evaluation is always over the whole vocabulary',
  },
  samples: {
    kind: 'integer',
    default: null,
    min: 1,
    max: 1_000_000,
    group: 'Model',
    needs: { output: ['sampled', 'nce'] },
    also: ['num-sampled'],
    help: 'for sampled and nce: tokens sampled at each training step (default: 1024)',
  },
  cutoffs: {
    kind: 'string',
    default: null,
    placeholder: 'list',
    group: 'Model',
    needs: { output: ['adaptive'] },
    help: 'for adaptive: where the clusters of tokens end, most frequent first: 2000,10000 (default: a tenth and two fifths of the vocabulary)',
  },
} as const satisfies OptionTable;

/** The model's options of these; none for the full softmax, as in runs that know no other. */
export function outputOf(who: string, values: Values<typeof outputLayerOptions>): OutputOptions {
  const { output, samples, cutoffs } = values;
  if (output === 'full') return {};
  return {
    output: output as OutputName,
    ...(samples === null ? {} : { samples }),
    ...(cutoffs === null ? {} : { cutoffs: numbersOf(who, cutoffs) }),
  };
}

/** The form of the output layer behind a model's sizes on the first screen; nothing for the full softmax. */
export function outputName({ output, samples, cutoffs }: OutputOptions): string {
  if (output === undefined) return '';
  return output === 'adaptive'
    ? t`, adaptive softmax (cutoffs ${cutoffs?.join(', ')})`
    : t`, ${output === 'nce' ? t('noise-contrastive estimation') : t('sampled softmax')} (${samples} samples)`;
}

function numbersOf(who: string, list: string): number[] {
  const numbers = list.split(',').map(parseDecimal);
  if (numbers.every(Number.isInteger)) return numbers;
  throw new OptionError(
    who,
    '--cutoffs',
    `expected whole numbers with commas between, such as 2000,10000, got ${list}`,
  );
}
