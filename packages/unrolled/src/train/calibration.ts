// Whether a model's probabilities mean what they say: of all it calls 80 % sure, 80 % should be right. Networks are often too sure; dividing the
// logits by one number, fitted on held-out data, fixes most of it and changes no prediction (Guo et al. 2017).

import { requireKinds, shown, requireWhole } from '../checks.ts';
import { OptionError } from '../errors.ts';
import { type CalibrationBin, calibrationError } from '../metrics/calibration.ts';

/** How well probabilities agree with accuracies: loss, expected calibration error and reliability diagram. */
export interface Calibration {
  /** Nats per example. */
  readonly loss: number;
  /** The expected calibration error: Σ |accuracy − confidence| over the bins, weighted by how many fell in each. */
  readonly error: number;
  /** Equal parts of the probabilities from 0 to 1. */
  readonly bins: readonly CalibrationBin[];
}

/** Calibration of logits [N, C], one row after the other, at a temperature. */
export function calibration(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  temperature = 1,
  bins = 10,
): Calibration {
  requireKinds(
    'calibration',
    { logits, labels, temperature, bins },
    { logits: 'numbers', labels: 'numbers', temperature: 'number', bins: 'number' },
  );
  const C = classesOf(logits, labels);
  if (!(typeof temperature === 'number' && temperature > 0))
    throw new OptionError('calibration', 'temperature', `expected a number above 0, got ${shown(temperature)}`);
  requireWhole('calibration', 'bins', bins, 1, 2 ** 20);
  const confidences = new Float64Array(labels.length);
  const correct = new Uint8Array(labels.length);
  let loss = 0;
  for (let n = 0; n < labels.length; n++) {
    let best = 0;
    for (let c = 1; c < C; c++) if (logits[n * C + c] > logits[n * C + best]) best = c;
    const top = logits[n * C + best] / temperature;
    let total = 0;
    for (let c = 0; c < C; c++) total += Math.exp(logits[n * C + c] / temperature - top);
    loss += Math.log(total) + top - logits[n * C + labels[n]] / temperature;
    confidences[n] = 1 / total;
    correct[n] = best === labels[n] ? 1 : 0;
  }
  const { error, table } = calibrationError(confidences, correct, { bins });
  return { loss: loss / labels.length, error, bins: table };
}

/**
 * The temperature with the lowest loss on these logits [N, C]: for `predict`, from a validation's `evaluateClassifier`.
 * The loss has one minimum over 1/T; golden sections over ln T between 1/20 and 20 find it.
 */
export function fitTemperature(logits: ArrayLike<number>, labels: ArrayLike<number>): number {
  requireKinds('fitTemperature', { logits, labels }, { logits: 'numbers', labels: 'numbers' });
  const loss = (logT: number) => calibration(logits, labels, Math.exp(logT)).loss;
  const golden = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [-Math.log(20), Math.log(20)];
  for (let k = 0; k < 40; k++) {
    const [x, y] = [b - golden * (b - a), a + golden * (b - a)];
    if (loss(x) < loss(y)) b = y;
    else a = x;
  }
  return Math.exp((a + b) / 2);
}

function classesOf(logits: ArrayLike<number>, labels: ArrayLike<number>): number {
  const C = logits.length / labels.length;
  if (!Number.isInteger(C) || C < 1) {
    throw new OptionError(
      'calibration',
      'logits',
      `expected a row for each of ${labels.length} labels, got ${logits.length} numbers`,
    );
  }
  for (let n = 0; n < labels.length; n++) requireWhole('calibration', `labels[${n}]`, labels[n], 0, C - 1);
  return C;
}
