// Calibration: whether a model's confidence matches its accuracy (Guo et al., 2017). Predictions are binned by their confidence, the probability of the
// predicted label, (0, 1/M], (1/M, 2/M] …; the expected calibration error is the mean distance between confidence and accuracy:
//
//   ECE = Σ_m |B_m| / n · |acc(B_m) − conf(B_m)|

import { shown } from '../checks.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { checkCount, checkPairs } from './check.ts';

/** Predictions of similar confidence: their number, mean confidence and accuracy. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean confidence and accuracy of the bin; 0 where it is empty. */
  readonly confidence: number;
  readonly accuracy: number;
}

/** `confidences`: the probability of each predicted label; `correct`: whether it was right. `table` is the data of a reliability diagram. */
export function calibrationError(
  confidences: ArrayLike<number>,
  correct: ArrayLike<boolean | number>,
  options: { readonly bins?: number } = {},
): { error: number; maximum: number; table: CalibrationBin[] } {
  const who = 'calibrationError';
  checkOptions(who, options, ['bins']);
  checkPairs(who, confidences, correct, 'correct');
  const { bins = 15 } = options;
  checkCount(who, 'bins', bins, 1e6);
  const sums = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, right: 0 }));
  for (let n = 0; n < confidences.length; n++) {
    const confidence = confidences[n];
    if (!(typeof confidence === 'number' && confidence >= 0 && confidence <= 1))
      throw new OptionError(who, 'confidences', `example ${n}: expected a probability, got ${shown(confidence)}`);
    if (typeof correct[n] !== 'boolean' && typeof correct[n] !== 'number')
      throw new OptionError(who, 'correct', `example ${n}: expected true or false, got ${shown(correct[n])}`);
    const bin = sums[Math.max(0, Math.ceil(confidence * bins) - 1)];
    bin.count++;
    bin.confidence += confidence;
    bin.right += Number(correct[n]);
  }
  const table = sums.map(({ count, confidence, right }, m): CalibrationBin => {
    const of = Math.max(1, count);
    return { from: m / bins, to: (m + 1) / bins, count, confidence: confidence / of, accuracy: right / of };
  });
  const gaps = table.map((bin) => Math.abs(bin.accuracy - bin.confidence));
  const error = gaps.reduce((sum, gap, m) => sum + (gap * table[m].count) / confidences.length, 0);
  return { error, maximum: Math.max(...gaps), table };
}
