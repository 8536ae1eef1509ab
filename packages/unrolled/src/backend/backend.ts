// biome-ignore-all format: with each signature on a line of its own, as in kernels.h, this page reads as a table

// The seam: all that compiled code must do, as plain functions over storages and sizes.
//
// kernels/kernels.h has the same functions, in the same order, with the same names and the same arguments; `reference/` is their
// definition in plain loops. Outputs come first, sizes last. Everything is contiguous and row-major unless a stride is an argument.
// Shapes use one alphabet: B batch, T time steps, I input size, H hidden size, V vocabulary, S source length, A attention size, C channels;
// of images, C channels in, O channels out, h × w pixels, oh × ow places of a window.
// `null` stands for "not there": a null output is not computed, a null input is zeros (states), absent (bias) or all (lengths).
// Sizes may be 0 everywhere: an empty product is zeros (or the bias), an empty loop writes nothing.
// "Accumulates" means out += result; everything else overwrites.

import type { Block, DType, Storage } from './storage.ts';

export type { DType, Storage, TypedArray } from './storage.ts';

/** The highest rank a strided kernel takes. */
export const maxRank = 6;

// The order of each list is the operation's number in the argument block.
export const unaryOps = [
  'neg', 'abs', 'sign', 'square', 'sqrt', 'reciprocal', 'exp', 'log', 'tanh', 'sigmoid', 'relu', 'softplus',
] as const;
export const binaryOps = ['add', 'sub', 'mul', 'div', 'max', 'min', 'pow', 'eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const;
export const reduceOps = ['sum', 'max', 'min'] as const;
export const argReduceOps = ['argmax', 'argmin'] as const;
export const weightFormats = ['float32', 'bfloat16', 'int8'] as const;

export type UnaryOp = (typeof unaryOps)[number];
export type BinaryOp = (typeof binaryOps)[number];
export type ReduceOp = (typeof reduceOps)[number];
export type ArgReduceOp = (typeof argReduceOps)[number];
/** Number formats of packed weights in decoding. */
export type WeightFormat = (typeof weightFormats)[number];

/** Sizes of one recurrent layer in one direction. */
export interface SequenceSizes {
  readonly T: number;
  readonly B: number;
  readonly I: number;
  readonly H: number;
  /** Row stride of y and dy in elements: H, or 2H where both directions write into one [T, B, 2H]. */
  readonly ldy: number;
  /** Read the sequence from its end: from each row's own end, where there are lengths. */
  readonly reverse: boolean;
}

/** What a recurrent layer reads. G is 1 (RNN), 4 (LSTM: i f g o) or 3 (GRU: r z n). */
export interface SequenceInputs {
  readonly x: Storage; // [T, B, I]
  readonly weightIh: Storage; // [G·H, I]
  readonly weightHh: Storage; // [G·H, H]
  readonly biasIh: Storage | null; // [G·H]
  readonly biasHh: Storage | null; // [G·H]
  readonly h0: Storage | null; // [B, H]
  readonly c0: Storage | null; // [B, H], LSTM only
  readonly lengths: Storage | null; // int32 [B], each 0..T
  /** Recurrent dropout: [B, H], already scaled by 1/(1 − p). It multiplies h(t−1) where that enters weightHh, at every step alike. */
  readonly mask: Storage | null;
}

/** What it writes. y past a row's length is 0; hn and cn are the states at the row's length (h0, c0 for length 0). */
export interface SequenceOutputs {
  readonly y: Storage; // [T, B, H], rows ldy apart
  readonly hn: Storage; // [B, H]
  readonly cn: Storage | null; // [B, H], LSTM only
  /** Kept for backward: `reserveSize(cell, T, B, H)` floats; null when no gradient will be asked for. */
  readonly reserve: Storage | null;
}

/** What the backward pass is given: gradients of the outputs; null is zeros. */
export interface SequenceOutputGradients {
  readonly dy: Storage | null; // [T, B, H], rows ldy apart; its values past a row's length are ignored
  readonly dhn: Storage | null; // [B, H]
  readonly dcn: Storage | null; // [B, H]
}

/** What the backward pass writes. All are overwritten. The kernel may overwrite `reserve`. */
export interface SequenceInputGradients {
  readonly dx: Storage | null; // [T, B, I]
  readonly dWeightIh: Storage; // [G·H, I]
  readonly dWeightHh: Storage; // [G·H, H]
  readonly dBiasIh: Storage | null; // [G·H]
  readonly dBiasHh: Storage | null; // [G·H]
  readonly dh0: Storage | null; // [B, H]
  readonly dc0: Storage | null; // [B, H]
}

/** The recurrent cells with a fused kernel. `gruResetBefore` resets before the matrix product (Cho 2014), `gru` after it (PyTorch). */
export const fusedCells = ['rnnTanh', 'rnnRelu', 'lstm', 'gru', 'gruResetBefore'] as const;
export type FusedCell = (typeof fusedCells)[number];

/** Those whose step is two products and then point by point. `gruResetBefore` is not: its second product needs r ⊙ h first. */
export type SteppedCell = Exclude<FusedCell, 'gruResetBefore'>;

export const steppedCells: readonly SteppedCell[] = ['rnnTanh', 'rnnRelu', 'lstm', 'gru'];

/** Whether a kind of cell has a cell state c beside h. C++: `has_c`. */
export const hasC = (cell: FusedCell): boolean => cell === 'lstm';

/** Blocks of H rows in the weights. */
export const gateCount: Record<FusedCell, number> = { rnnTanh: 1, rnnRelu: 1, lstm: 4, gru: 3, gruResetBefore: 3 };

/** Floats per unit and step that forward keeps for backward: RNN none (y is enough), LSTM i f g o c, GRU r z n and W_hn h + b_hn. */
const reservedPerUnit: Record<FusedCell, number> = { rnnTanh: 0, rnnRelu: 0, lstm: 5, gru: 4, gruResetBefore: 3 };

/** Floats in `reserve`. Their layout is the backend's own business. H is rounded up to 16, which kernels pad to. */
export function reserveSize(cell: FusedCell, T: number, B: number, H: number): number {
  return T * B * reservedPerUnit[cell] * Math.ceil(H / 16) * 16;
}

/** Floats of a packed [K, N] matrix. N is rounded up to 48, which the panels of every build divide. */
export function packedFloats(N: number, K: number): number {
  return Math.ceil(N / 48) * 48 * K;
}

/** Sizes of a linear recurrence. W, floats in a row, is H, or 2H for complex numbers: all real parts, then all imaginary ones. */
export interface ScanSizes {
  readonly T: number;
  readonly B: number;
  readonly H: number;
  readonly complex: boolean;
  /** a is the same at every step and in every row: [W] instead of [T, B, W]. */
  readonly constant: boolean;
  /** Read the sequence from its end: from each row's own end, where there are lengths. */
  readonly reverse: boolean;
}

export interface AttentionSizes {
  readonly B: number;
  readonly S: number;
  readonly A: number;
  readonly C: number;
}

/** Down and across. */
export type Pair = readonly [number, number];

/**
 * Images [B, C, h, w] and a window that stands at oh × ow places: at place (oy, ox) its tap (ky, kx) is on the pixel
 * iy = oy·stride − padding + ky·dilation, ix likewise. What is outside of the image is padding.
 */
export interface WindowSizes {
  readonly B: number;
  readonly C: number;
  readonly h: number;
  readonly w: number;
  readonly oh: number;
  readonly ow: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
}

/** Channels come in `groups` of C/groups in and O/groups out, each group a convolution of its own. */
export interface ConvolutionSizes extends WindowSizes {
  readonly O: number;
  readonly groups: number;
}

/** x [B, C, n]: B rows of n for each channel. */
export interface BatchNormSizes {
  readonly B: number;
  readonly C: number;
  readonly n: number;
}

/** All operations that compiled code implements, on storages and sizes. A backend is chosen with `useBackend`. */
export interface Backend {
  readonly name: 'reference' | 'native' | 'wasm';
  /** Threads the kernels use, SIMD level, and anything else a person asked about it: `doctor` prints it. */
  describe(): { readonly threads: number; readonly simd: string };

  // Memory -----------------------------------------------------------------------------------------------------------

  /** A block of `length` elements, 64-byte aligned, contents unspecified. */
  allocate(dtype: DType, length: number): Storage;
  /** Called by `Block.release`, once. */
  free(block: Block): void;
  /** Nobody owns this block: free it some time after it was collected. */
  watch(block: Block): void;

  // Element by element ---------------------------------------------------------------------------------------------

  fill(out: Storage, value: number): void;
  /** float ↔ int32 (towards zero) of equal length. */
  cast(out: Storage, x: Storage): void;
  unary(op: UnaryOp, out: Storage, x: Storage): void;
  /** dx = dy · op′, from the input x and the output y. For relu the derivative at 0 is 0; for abs and sign too. */
  unaryBackward(op: UnaryOp, dx: Storage, dy: Storage, x: Storage, y: Storage): void;
  /** out [shape] contiguous; a and b walk by their strides (0 where they are broadcast). Comparisons give 1 or 0. rank ≤ maxRank. */
  binary(op: BinaryOp, out: Storage, a: Storage, b: Storage, shape: readonly number[], aStrides: readonly number[], bStrides: readonly number[]): void;
  /** out = condition ≠ 0 ? a : b; all four of equal length. */
  where(out: Storage, condition: Storage, a: Storage, b: Storage): void;
  /** out[outOffset + i·outStrides] = (or += when `accumulate`) x[xOffset + i·xStrides] for every i in shape: slice, transpose, flip, expand, and back. Float or int32. Strides may be negative. */
  stridedCopy(out: Storage, outOffset: number, outStrides: readonly number[], x: Storage, xOffset: number, xStrides: readonly number[], shape: readonly number[], accumulate: boolean): void;
  /** Each element is 0 with probability p and 1/(1 − p) otherwise: element i draws word i of Philox 4x32-10 with this key and counter (see reference/random.ts). */
  dropoutMask(out: Storage, p: number, key: number, counter: number): void;

  // Along an axis: x is [outer, n, inner], out is [outer, inner] ------------------------------------------------------

  reduce(op: ReduceOp, out: Storage, x: Storage, outer: number, n: number, inner: number): void;
  /** out int32; the first of equals. */
  argReduce(op: ArgReduceOp, out: Storage, x: Storage, outer: number, n: number, inner: number): void;
  /** out[o, j, i] = x[o, index[o, j, i], i]; out and index [outer, m, inner]. */
  gather(out: Storage, x: Storage, index: Storage, outer: number, n: number, m: number, inner: number): void;
  /** dx[o, index[o, j, i], i] += dy[o, j, i], in the order of j. Accumulates. */
  gatherBackward(dx: Storage, dy: Storage, index: Storage, outer: number, n: number, m: number, inner: number): void;
  /** Rows: softmax over the last axis of [rows, cols], shifted by the row's maximum. */
  softmax(out: Storage, x: Storage, rows: number, cols: number): void;
  softmaxBackward(dx: Storage, dy: Storage, y: Storage, rows: number, cols: number): void;
  logSoftmax(out: Storage, x: Storage, rows: number, cols: number): void;
  logSoftmaxBackward(dx: Storage, dy: Storage, y: Storage, rows: number, cols: number): void;
  /** loss[r] = logSumExp(logits[r]) − logits[r, target[r]], 0 where target[r] = ignoreIndex; logSumExp[r] is saved for the backward pass. */
  crossEntropy(loss: Storage, logSumExp: Storage, logits: Storage, target: Storage, rows: number, cols: number, ignoreIndex: number): void;
  /** dLogits[r, v] = dLoss[r] · (exp(logits[r, v] − logSumExp[r]) − [v = target[r]]), 0 in ignored rows. dLogits may be logits. */
  crossEntropyBackward(dLogits: Storage, dLoss: Storage, logits: Storage, logSumExp: Storage, target: Storage, rows: number, cols: number, ignoreIndex: number): void;
  /** out[i] = weight[index[i]]; weight [rows, dim], index int32 [count]. */
  embedding(out: Storage, weight: Storage, index: Storage, count: number, dim: number): void;
  /** dWeight[index[i]] += dy[i], in the order of i, but for index[i] = paddingIdx (−1: none). Accumulates. */
  embeddingBackward(dWeight: Storage, dy: Storage, index: Storage, count: number, dim: number, paddingIdx: number): void;

  // Products -----------------------------------------------------------------------------------------------------------

  /**
   * c[i] = op(a[i]) · op(b[i]) (+ bias on every row), or c += when `accumulate`, for i < batch. c [M, N]; a [M, K], or [K, M] when transA;
   * b [K, N], or [N, K] when transB; bias [N] or null. The strides are elements from one matrix of a batch to the next (0: shared).
   */
  gemm(c: Storage, a: Storage, b: Storage, bias: Storage | null, batch: number, M: number, N: number, K: number, transA: boolean, transB: boolean, aStride: number, bStride: number, cStride: number, accumulate: boolean): void;

  // Whole sequences ------------------------------------------------------------------------------------------------------

  sequenceForward(cell: FusedCell, out: SequenceOutputs, inputs: SequenceInputs, sizes: SequenceSizes): void;
  sequenceBackward(cell: FusedCell, gradients: SequenceInputGradients, outputGradients: SequenceOutputGradients, outputs: SequenceOutputs, inputs: SequenceInputs, sizes: SequenceSizes): void;

  // Attention of one query over S keys -------------------------------------------------------------------------------------

  /**
   * Additive (Bahdanau 2015): score[b, s] = v · tanh(query[b] + keys[b, s]); dot (Luong 2015), when v is null: score = scale · query[b] · keys[b, s].
   * weights [B, S] = softmax over s < lengths[b]; 0 beyond, and everywhere for length 0. context [B, C] = Σ_s weights[b, s] · values[b, s].
   * query [B, A], keys [B, S, A], values [B, S, C], v [A], lengths int32 [B] or null.
   */
  attention(context: Storage, weights: Storage, query: Storage, keys: Storage, values: Storage, v: Storage | null, lengths: Storage | null, scale: number, sizes: AttentionSizes): void;
  /** dQuery overwrites; dKeys, dValues and dV accumulate, since one source is attended to at every step of a decoder. dValues, dV and dWeights may be null. */
  attentionBackward(dQuery: Storage, dKeys: Storage, dValues: Storage | null, dV: Storage | null, dContext: Storage, dWeights: Storage | null, weights: Storage, query: Storage, keys: Storage, values: Storage, v: Storage | null, lengths: Storage | null, scale: number, sizes: AttentionSizes): void;

  // Images -----------------------------------------------------------------------------------------------------------------

  /** y[b, o] = bias[o] + Σ_(c, ky, kx) weight[o, c, ky, kx] · x[b, c, iy, ix], padding being zeros. x [B, C, h, w], weight [O, C/groups, kh, kw], y [B, O, oh, ow]. */
  convolution(y: Storage, x: Storage, weight: Storage, bias: Storage | null, sizes: ConvolutionSizes): void;
  /** All three overwrite; those that are null are not computed. */
  convolutionBackward(dx: Storage | null, dWeight: Storage | null, dBias: Storage | null, dy: Storage, x: Storage, weight: Storage, sizes: ConvolutionSizes): void;
  /** The largest under the window, NaN where there is one, padding being −∞; index int32 [B, C, oh, ow] is its pixel iy·w + ix, the first of equals, −1 where the window is all padding. */
  maxPool(y: Storage, index: Storage, x: Storage, sizes: WindowSizes): void;
  /** dx[index] += dy, from zeros. Planes are the B·C images of `pixels` pixels and `places` places. */
  maxPoolBackward(dx: Storage, dy: Storage, index: Storage, planes: number, pixels: number, places: number): void;
  /** The mean under the window: of the pixels alone, or with `countPadding` of its padding too (as far as that reaches: a window may end beyond it). Dilation is not looked at. */
  averagePool(y: Storage, x: Storage, countPadding: boolean, sizes: WindowSizes): void;
  averagePoolBackward(dx: Storage, dy: Storage, countPadding: boolean, sizes: WindowSizes): void;

  // Normalization: variances are those of the values themselves (over n, not n − 1) ------------------------------------------------

  /**
   * y = weight ⊙ (x − mean) / √(variance + eps) + bias with the mean and variance [C] of each channel of x [B, C, n], written when `train` and read otherwise;
   * with `relu`, max(0, ·) of that. weight and bias [C].
   */
  batchNorm(y: Storage, mean: Storage, variance: Storage, x: Storage, weight: Storage | null, bias: Storage | null, eps: number, relu: boolean, train: boolean, sizes: BatchNormSizes): void;
  /** All overwrite. y is what the forward pass gave, looked at for `relu` only. */
  batchNormBackward(dx: Storage, dWeight: Storage | null, dBias: Storage | null, dy: Storage, x: Storage, y: Storage, mean: Storage, variance: Storage, weight: Storage | null, eps: number, relu: boolean, train: boolean, sizes: BatchNormSizes): void;
  /** The same along each row of x [rows, cols], weight and bias [cols]; mean and variance [rows] are outputs, saved for the backward pass. */
  layerNorm(y: Storage, mean: Storage, variance: Storage, x: Storage, weight: Storage | null, bias: Storage | null, eps: number, rows: number, cols: number): void;
  layerNormBackward(dx: Storage, dWeight: Storage | null, dBias: Storage | null, dy: Storage, x: Storage, mean: Storage, variance: Storage, weight: Storage | null, eps: number, rows: number, cols: number): void;

  // Updates: one call over all parameters. The gradient that is used is gradScale · g, and + weightDecay · p where not said otherwise ----

  /** Σ g² over all of them in float64, in fixed partial sums: NaN or ∞ exactly when an element is (float64 cannot overflow here). */
  sumSquares(gradients: readonly Storage[]): number;
  /** Each element into [−limit, limit]. */
  clipValues(gradients: readonly Storage[], limit: number): void;
  scaleAll(values: readonly Storage[], factor: number): void;
  /** buffer = momentum·buffer + g (g itself at `first`); p −= lr·(nesterov ? g + momentum·buffer : buffer). No momentum: buffers is empty. PyTorch's SGD, dampening 0. */
  sgd(parameters: readonly Storage[], gradients: readonly Storage[], buffers: readonly Storage[], lr: number, momentum: number, nesterov: boolean, first: boolean, weightDecay: number, gradScale: number): void;
  /** sum += g²; p −= lr·g / (√sum + eps). */
  adagrad(parameters: readonly Storage[], gradients: readonly Storage[], sums: readonly Storage[], lr: number, eps: number, weightDecay: number, gradScale: number): void;
  /** square = alpha·square + (1 − alpha)·g²; p −= lr·g / (√square + eps); with momentum: buffer = momentum·buffer + g/(√square + eps); p −= lr·buffer. */
  rmsprop(parameters: readonly Storage[], gradients: readonly Storage[], squares: readonly Storage[], buffers: readonly Storage[], lr: number, alpha: number, eps: number, momentum: number, weightDecay: number, gradScale: number): void;
  /** m = β1·m + (1−β1)·g; v = β2·v + (1−β2)·g²; p −= lr/(1−β1^step) · m / (√(v/(1−β2^step)) + eps). `decoupled` (AdamW): p −= lr·weightDecay·p first, and g has no decay. */
  adam(parameters: readonly Storage[], gradients: readonly Storage[], m: readonly Storage[], v: readonly Storage[], lr: number, beta1: number, beta2: number, eps: number, step: number, weightDecay: number, decoupled: boolean, gradScale: number): void;

  // One step at batch 1, for decoding ----------------------------------------------------------------------------------------

  /** Bytes that `packWeights` needs for a [n, k] matrix in this format. */
  packedBytes(format: WeightFormat, n: number, k: number): number;
  /** Rewrites weight [n, k] (float32) into the layout that `gemv` streams: float32, bfloat16 (round to nearest even), or int8 with one scale a row. */
  packWeights(packed: Storage, format: WeightFormat, weight: Storage, n: number, k: number): void;
  /** y [n] = W x + bias; when `accumulate`, y += instead. With int8 weights, x is rounded to 16 bits, with a scale for every 512 of it. */
  gemv(y: Storage, packed: Storage, format: WeightFormat, x: Storage, bias: Storage | null, n: number, k: number, accumulate: boolean): void;
  /**
   * The point-wise half of one step. gatesX and gatesH [G·H] are the two halves of the pre-activation, biases included; h [H] and c [H] (LSTM) are
   * updated in place. `gruResetBefore` is not here: its second product needs r ⊙ h first; it decodes through sequenceForward.
   */
  cellStep(cell: SteppedCell, h: Storage, c: Storage | null, gatesX: Storage, gatesH: Storage, H: number): void;

  // One step of a batch --------------------------------------------------------------------------------------------------------

  /**
   * The point-wise half of one step for B rows: gatesX and gatesH [B, G·H] are the two halves of the pre-activation, biases included; h and c
   * [B, H] are the state after the step, hBefore and cBefore the one before. `reserve` is `reserveSize(cell, 1, B, H)` floats for backward, or null.
   */
  cellForward(cell: SteppedCell, h: Storage, c: Storage | null, reserve: Storage | null, gatesX: Storage, gatesH: Storage, hBefore: Storage, cBefore: Storage | null, B: number, H: number): void;
  /** dhBefore [B, H] is what reaches the old h without weightHh: z ⊙ dh in a GRU, else 0. dc may be null. For RNN and LSTM dGatesX may be dGatesH. */
  cellBackward(cell: SteppedCell, dGatesX: Storage, dGatesH: Storage, dhBefore: Storage, dcBefore: Storage | null, dh: Storage, dc: Storage | null, reserve: Storage, h: Storage, c: Storage | null, hBefore: Storage, cBefore: Storage | null, B: number, H: number): void;

  // Linear recurrences -----------------------------------------------------------------------------------------------------------

  /** h_t = a_t ⊙ h_(t−1) + b_t. h and b [T, B, W], h0 and hn [B, W], lengths int32 [B]; h past a row's length is 0, hn its state there. */
  scanForward(h: Storage, hn: Storage | null, a: Storage, b: Storage, h0: Storage | null, lengths: Storage | null, sizes: ScanSizes): void;
  /** All three overwrite. da has the shape of a, but [B, W] for a constant one: sums over time, for each row. */
  scanBackward(da: Storage | null, db: Storage, dh0: Storage | null, dh: Storage | null, dhn: Storage | null, a: Storage, h: Storage, h0: Storage | null, lengths: Storage | null, sizes: ScanSizes): void;

  // One step of an sLSTM -----------------------------------------------------------------------------------------------------------

  /**
   * The point-wise half of step t: gatesX and gatesH [B, 4H], i f z o, are the two halves of the pre-activation; h, c, m [B, H] the state after, and y [B, H]
   * what is put out. A row with t ≥ lengths[b] keeps its state and puts out 0. kept [B, 4H] is for backward, or null.
   */
  slstmForward(y: Storage, h: Storage, c: Storage, m: Storage, reserve: Storage | null, gatesX: Storage, gatesH: Storage, hBefore: Storage, cBefore: Storage, mBefore: Storage, lengths: Storage | null, t: number, B: number, H: number): void;
  /** dGates [B, 4H] is overwritten; dh, dc and dm go from those of the state after to those of the state before, dh without what comes through weightHh. */
  slstmBackward(dGates: Storage, dh: Storage, dc: Storage, dm: Storage, dy: Storage | null, reserve: Storage, c: Storage, cBefore: Storage, lengths: Storage | null, t: number, B: number, H: number): void;

  // A product with a matrix that is packed once and used often ----------------------------------------------------------------------

  /** b [K, N], or [N, K] when transB, into the layout that `gemmPacked` reads: `packedFloats(N, K)` floats. */
  packMatrix(packed: Storage, b: Storage, N: number, K: number, transB: boolean): void;
  /** c [M, N] = a [M, K] · b (+ bias [N] on every row), or c += when `accumulate`: to the bit what `gemm` gives. */
  gemmPacked(c: Storage, a: Storage, packed: Storage, bias: Storage | null, M: number, N: number, K: number, accumulate: boolean): void;
}
