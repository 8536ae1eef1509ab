// Pairs of sequences as one batch: padded, time first, with what the decoder reads and what it is to say.

import { requireKinds, requireOneEach } from '../../checks.ts';
import { padSequences } from '../../data/batches.ts';
import { indices } from '../../tensor/create.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Target value of steps past a row's end, which are ignored. */
export const noTarget = -100;

/** Sources and targets as tensors, for `Seq2Seq.loss`. */
export interface PairBatch {
  readonly source: Tensor; // int32 [S, B]
  readonly sourceLengths: Tensor; // int32 [B]
  /** Decoder input under teacher forcing: the start symbol and the target but for its last symbol. */
  readonly input: Tensor; // int32 [T, B]
  /** Targets: the symbols and the end symbol, `noTarget` past that. */
  readonly target: Tensor; // int32 [T, B]
  /** Targets that count. */
  readonly targets: number;
}

/** Options of `pairBatch`. */
export interface PairBatchOptions {
  /** Default 2. */
  readonly start?: number;
  /** Null leaves it out. Default 3. */
  readonly end?: number | null;
}

/**
 * Rows of symbols, sources and their targets, as a batch for `Seq2Seq`.
 *
 *     pairBatch([[5, 6, 7]], [[8, 9]]);      // source 5 6 7, input 2 8 9, target 8 9 3
 */
export function pairBatch(
  sources: readonly ArrayLike<number>[],
  targets: readonly ArrayLike<number>[],
  pairBatchOptions: PairBatchOptions = {},
): PairBatch {
  requireKinds(
    'pairBatch',
    { sources, targets, pairBatchOptions },
    { sources: ['numbers'], targets: ['numbers'], pairBatchOptions: { start: 'number?', end: 'number?|null' } },
  );
  const { start = 2, end = 3 } = pairBatchOptions;
  requireOneEach('pairBatch', 'targets', targets, `${sources.length} sources`, sources.length);
  const read = padSequences(sources);
  const input = padSequences(
    targets.map((row) => [start, ...Array.from(row).slice(0, end === null ? Math.max(0, row.length - 1) : row.length)]),
  );
  const say = padSequences(
    targets.map((row) => (end === null ? row : [...Array.from(row), end])),
    noTarget,
  );
  return {
    source: indices(read.ids, [read.T, read.B]),
    sourceLengths: indices(read.lengths, [read.B]),
    input: indices(input.ids, [input.T, input.B]).slice(0, 0, say.T),
    target: indices(say.ids, [say.T, say.B]),
    targets: say.lengths.reduce((sum, n) => sum + n, 0),
  };
}
