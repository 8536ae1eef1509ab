// Number sequences as a model reads them: cut, scaled, and their labels as classes.

import { noLabel } from 'unrolled';
import type { FeatureScaler } from 'unrolled/data';
import { grouped } from '../terminal/index.ts';
import { type NumberExample, stepsOf } from './source.ts';
import { t } from '../language/index.ts';

export interface EncodedNumbers {
  readonly sequences: readonly Float32Array[];
  /** A class for each, of one label a sequence. */
  readonly classes: readonly number[];
  /** A class for each step; `noLabel` where there is none, or one that the model does not know. */
  readonly stepClasses: readonly Int32Array[];
  readonly warnings: readonly string[];
}

export function encodeNumbers(
  examples: readonly NumberExample[],
  features: FeatureScaler,
  labels: readonly string[],
  maxLength: number,
): EncodedNumbers {
  const F = features.names.length;
  const number = new Map(labels.map((label, n) => [label, n]));
  const classOf = (label: string | null) => (label === null ? noLabel : (number.get(label) ?? noLabel));
  const strange = new Set(examples.flatMap(({ labels: own }) => own).filter((l) => l !== null && !number.has(l)));
  const cut = examples.filter((one) => stepsOf(one, F) > maxLength).length;
  const [first] = strange;
  return {
    sequences: examples.map(({ values }) => features.encode(values.subarray(0, maxLength * F)).values),
    classes: examples.map(({ labels: [label = null] }) => classOf(label)),
    stepClasses: examples.map(({ labels: own }) => Int32Array.from(own.slice(0, maxLength), classOf)),
    warnings: [
      ...(cut > 0 ? [t`${grouped(cut)} of ${grouped(examples.length)} sequences were cut to ${grouped(maxLength)} steps; see --max-length`] : []), // biome-ignore format: a text
      ...(first === undefined ? [] : [`${t`${grouped(strange.size)} labels that training does not have count for nothing: ${JSON.stringify(first)}`}${strange.size > 1 ? ', …' : ''}`]), // biome-ignore format: a text
    ],
  };
}
