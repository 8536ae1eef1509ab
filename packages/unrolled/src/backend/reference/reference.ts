// The reference backend: the definition of every function in backend.ts, in plain loops. It is slow on purpose, and the
// oracle of every test. Sums run in doubles, in the order of the index, and are rounded once, when they are stored.
// All of it works in float32 and float64; what moves values without computing works in int32 too.

import type { Backend, DType, Storage } from '../backend.ts';
import type { Block } from '../storage.ts';
import { attention, attentionBackward } from './attention.ts';
import * as axis from './axis.ts';
import { cellBackward, cellForward } from './cell.ts';
import { convolution, convolutionBackward } from './convolution.ts';
import { cellStep, gemv, packedBytes, packWeights } from './decode.ts';
import * as elementwise from './elementwise.ts';
import { crossEntropy, crossEntropyBackward } from './loss.ts';
import * as norm from './norm.ts';
import * as pooling from './pooling.ts';
import { gemm, gemmPacked, packMatrix } from './product.ts';
import { dropoutMask } from './random.ts';
import { scanBackward, scanForward } from './scan.ts';
import { sequenceBackward, sequenceForward } from './sequence/sequence.ts';
import { slstmBackward, slstmForward } from './slstm.ts';
import { allocate } from './storage.ts';
import * as update from './update.ts';

/** The backend in plain TypeScript: the definition of every operation, in float32 and float64. */
export class ReferenceBackend implements Backend {
  readonly name = 'reference';

  describe(): { threads: number; simd: string } {
    return { threads: 1, simd: 'none' };
  }

  allocate(dtype: DType, length: number): Storage {
    return allocate(this, dtype, length);
  }

  // Nothing to do: a typed array goes when the last storage on it goes.
  free(_block: Block): void {}

  watch(_block: Block): void {}

  readonly fill = elementwise.fill;
  readonly cast = elementwise.cast;
  readonly unary = elementwise.unary;
  readonly unaryBackward = elementwise.unaryBackward;
  readonly binary = elementwise.binary;
  readonly where = elementwise.where;
  readonly stridedCopy = elementwise.stridedCopy;
  readonly dropoutMask = dropoutMask;

  readonly reduce = axis.reduce;
  readonly argReduce = axis.argReduce;
  readonly gather = axis.gather;
  readonly gatherBackward = axis.gatherBackward;
  readonly softmax = axis.softmax;
  readonly softmaxBackward = axis.softmaxBackward;
  readonly logSoftmax = axis.logSoftmax;
  readonly logSoftmaxBackward = axis.logSoftmaxBackward;
  readonly crossEntropy = crossEntropy;
  readonly crossEntropyBackward = crossEntropyBackward;
  readonly embedding = axis.embedding;
  readonly embeddingBackward = axis.embeddingBackward;

  readonly gemm = gemm;

  readonly sequenceForward = sequenceForward;
  readonly sequenceBackward = sequenceBackward;

  readonly attention = attention;
  readonly attentionBackward = attentionBackward;

  readonly convolution = convolution;
  readonly convolutionBackward = convolutionBackward;
  readonly maxPool = pooling.maxPool;
  readonly maxPoolBackward = pooling.maxPoolBackward;
  readonly averagePool = pooling.averagePool;
  readonly averagePoolBackward = pooling.averagePoolBackward;

  readonly batchNorm = norm.batchNorm;
  readonly batchNormBackward = norm.batchNormBackward;
  readonly layerNorm = norm.layerNorm;
  readonly layerNormBackward = norm.layerNormBackward;

  readonly sumSquares = update.sumSquares;
  readonly clipValues = update.clipValues;
  readonly scaleAll = update.scaleAll;
  readonly sgd = update.sgd;
  readonly adagrad = update.adagrad;
  readonly rmsprop = update.rmsprop;
  readonly adam = update.adam;

  readonly packedBytes = packedBytes;
  readonly packWeights = packWeights;
  readonly gemv = gemv;
  readonly cellStep = cellStep;

  readonly cellForward = cellForward;
  readonly cellBackward = cellBackward;

  readonly scanForward = scanForward;
  readonly scanBackward = scanBackward;

  readonly slstmForward = slstmForward;
  readonly slstmBackward = slstmBackward;

  readonly packMatrix = packMatrix;
  readonly gemmPacked = gemmPacked;
}
