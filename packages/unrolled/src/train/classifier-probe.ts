// The probe of tasks whose model classifies whole sequences.

import type { Classifier } from '../inference/classify.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { chooseRows, type Probe, type ProbeSize, probeSize } from './probe.ts';
import { collate, lengthsOf, type Sequences, shorten } from './sequences.ts';

/** What a task makes of the classifier's logits. */
export interface ClassifierProbeOptions {
  /** By what examples are to be told apart: their labels. */
  readonly kindOf: (n: number) => unknown;
  readonly baseline: Probe['baseline'];
  /** The mean loss of logits [B, C] of these examples. */
  readonly loss: (logits: Tensor, examples: readonly number[]) => Tensor;
}

/** The first steps of a few examples, of different labels as far as there are. */
export function probeOfClassifier(
  model: Classifier,
  sequences: Sequences,
  size: ProbeSize = {},
  { kindOf, baseline, loss }: ClassifierProbeOptions,
): Probe {
  const { rows: most, steps } = { ...probeSize, ...size };
  const chosen = chooseRows(sequences.length, most, kindOf);
  const some = chosen.map((n) => shorten(model, sequences[n], steps));
  const logitsOf = (rows: readonly number[], more = 0) => {
    const { input, lengths } = collate(model, some, rows, more);
    return model.forward(input, { lengths })[0];
  };
  return {
    rows: chosen.length,
    steps: Math.max(...lengthsOf('classifyTask', model, some)),
    behind: 'padding',
    baseline,
    loss: (rows) => loss(logitsOf(rows), rows.map((r) => chosen[r])), // biome-ignore format: one line
    outputs(rows, more) {
      const logits = logitsOf(rows, more);
      return rows.map((_, b) => logits.select(0, b).dataSync());
    },
    inPieces: null,
  };
}
