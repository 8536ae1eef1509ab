// biome-ignore-all format: one line a function, in the order of backend.ts

// The Backend over compiled kernels: each function writes an argument block and calls the operation of the same name.
//
// This is the last place that sees sizes together with the memory they speak of, so every pointer passes through `float` or `int`, which refuse
// what is freed, foreign, of another dtype, or shorter than the kernel will walk. Past it, native code trusts.

import { BackendError, TensorError } from '../../errors.ts';
import {
  type ArgReduceOp, argReduceOps, type AttentionSizes, type Backend, type BatchNormSizes, type BinaryOp, binaryOps, type ConvolutionSizes, type DType, type FusedCell, fusedCells,
  gateCount, hasC, packedFloats, type ReduceOp, reduceOps, reserveSize, type ScanSizes, type SequenceInputGradients, type SequenceInputs, type SequenceOutputGradients,
  type SequenceOutputs, type SequenceSizes, type SteppedCell, type Storage, type UnaryOp, unaryOps, type WeightFormat, weightFormats,
  type WindowSizes,
} from '../backend.ts';
import { assertAlive, Block, bytesOf, bytesPerElement } from '../storage.ts';
import { ArgumentBlock } from './argument-block.ts';
import { Collector } from './collector.ts';
import type { Heap, HeapStatistics } from './heap.ts';
import { KernelStorage } from './kernel-storage.ts';
import type { Kernels } from './kernels.ts';
import { op } from './operations.ts';

export class KernelBackend implements Backend {
  readonly name: 'native' | 'wasm';
  readonly kernels: Kernels;
  readonly heap: Heap;
  readonly collector: Collector;
  readonly #block: ArgumentBlock;
  #scratch = 0;
  #scratchBytes = 0;

  constructor(kernels: Kernels, heap: Heap) {
    this.name = kernels.name;
    this.kernels = kernels;
    this.heap = heap;
    this.collector = new Collector(heap);
    this.#block = new ArgumentBlock(heap);
  }

  describe(): { threads: number; simd: string } {
    return { threads: this.kernels.threads, simd: this.kernels.simd };
  }

  /** Bytes in use, at most in use, and reserved. */
  get memory(): HeapStatistics {
    return this.heap.statistics;
  }

  allocate(dtype: DType, length: number): Storage {
    const bytes = bytesOf(dtype, length);
    const pointer = this.heap.allocate(bytes);
    return new KernelStorage(this.heap, new Block(this, pointer, bytes), dtype, pointer, length);
  }

  free(block: Block): void {
    this.collector.forget(block);
    this.heap.free(block.pointer, block.bytes);
  }

  watch(block: Block): void {
    this.collector.watch(block);
  }

  // Element by element -----------------------------------------------------------------------------------------------

  fill(out: Storage, value: number): void {
    this.#run(op.fill, this.#any(out, out.length), value, isInt(out), out.length);
  }
  cast(out: Storage, x: Storage): void {
    if (out.dtype === x.dtype) return this.#copy(out, x);
    this.#run(op.cast, this.#any(out, out.length), this.#any(x, out.length), isInt(out), out.length);
  }
  unary(name: UnaryOp, out: Storage, x: Storage): void {
    const n = out.length;
    this.#run(op.unary, unaryOps.indexOf(name), this.#float(out, n), this.#float(x, n), n);
  }
  unaryBackward(name: UnaryOp, dx: Storage, dy: Storage, x: Storage, y: Storage): void {
    const n = dx.length;
    this.#run(op.unary_backward, unaryOps.indexOf(name), this.#float(dx, n), this.#float(dy, n), this.#float(x, n), this.#float(y, n), n);
  }
  binary(name: BinaryOp, out: Storage, a: Storage, b: Storage, shape: readonly number[], aStrides: readonly number[], bStrides: readonly number[]): void {
    if (isInt(a) !== isInt(b)) throw new TensorError(name, 'one operand is float32 and the other int32; cast one of them');
    this.#begin(3 * shape.length);
    const [aNeed, bNeed] = [extent(shape, aStrides, 0), extent(shape, bStrides, 0)];
    this.#run(op.binary, binaryOps.indexOf(name), this.#any(out, elements(shape)), this.#any(a, aNeed), this.#any(b, bNeed),
      this.#block.array(shape), this.#block.array(aStrides), this.#block.array(bStrides), shape.length, isInt(a), isInt(out));
  }
  where(out: Storage, condition: Storage, a: Storage, b: Storage): void {
    const n = out.length;
    sameType('where', out, a);
    sameType('where', out, b);
    this.#run(op.where, this.#any(out, n), this.#any(condition, n), this.#any(a, n), this.#any(b, n), isInt(condition), n);
  }
  stridedCopy(out: Storage, outOffset: number, outStrides: readonly number[], x: Storage, xOffset: number, xStrides: readonly number[], shape: readonly number[], accumulate: boolean): void {
    sameType('stridedCopy', out, x);
    this.#begin(3 * shape.length);
    const [outNeed, xNeed] = [extent(shape, outStrides, outOffset), extent(shape, xStrides, xOffset)];
    this.#run(op.strided_copy, this.#any(out, outNeed), outOffset, this.#block.array(outStrides), this.#any(x, xNeed), xOffset,
      this.#block.array(xStrides), this.#block.array(shape), shape.length, +accumulate, isInt(out));
  }
  dropoutMask(out: Storage, p: number, key: number, counter: number): void {
    this.#run(op.dropout_mask, this.#float(out, out.length), p, key, counter, out.length);
  }
  #copy(out: Storage, x: Storage): void {
    this.stridedCopy(out, 0, [1], x, 0, [1], [out.length], false);
  }

  // Along an axis ------------------------------------------------------------------------------------------------------

  reduce(name: ReduceOp, out: Storage, x: Storage, outer: number, n: number, inner: number): void {
    this.#run(op.reduce, reduceOps.indexOf(name), this.#float(out, outer * inner), this.#float(x, outer * n * inner), outer, n, inner);
  }
  argReduce(name: ArgReduceOp, out: Storage, x: Storage, outer: number, n: number, inner: number): void {
    this.#run(op.arg_reduce, argReduceOps.indexOf(name), this.#int(out, outer * inner), this.#float(x, outer * n * inner), outer, n, inner);
  }
  gather(out: Storage, x: Storage, index: Storage, outer: number, n: number, m: number, inner: number): void {
    const count = outer * m * inner;
    this.#run(op.gather, this.#float(out, count), this.#float(x, outer * n * inner), this.#int(index, count), outer, n, m, inner);
  }
  gatherBackward(dx: Storage, dy: Storage, index: Storage, outer: number, n: number, m: number, inner: number): void {
    const count = outer * m * inner;
    this.#run(op.gather_backward, this.#float(dx, outer * n * inner), this.#float(dy, count), this.#int(index, count), outer, n, m, inner);
  }
  softmax(out: Storage, x: Storage, rows: number, cols: number): void {
    const n = rows * cols;
    this.#run(op.softmax, this.#float(out, n), this.#float(x, n), rows, cols);
  }
  softmaxBackward(dx: Storage, dy: Storage, y: Storage, rows: number, cols: number): void {
    const n = rows * cols;
    this.#run(op.softmax_backward, this.#float(dx, n), this.#float(dy, n), this.#float(y, n), rows, cols);
  }
  logSoftmax(out: Storage, x: Storage, rows: number, cols: number): void {
    const n = rows * cols;
    this.#run(op.log_softmax, this.#float(out, n), this.#float(x, n), rows, cols);
  }
  logSoftmaxBackward(dx: Storage, dy: Storage, y: Storage, rows: number, cols: number): void {
    const n = rows * cols;
    this.#run(op.log_softmax_backward, this.#float(dx, n), this.#float(dy, n), this.#float(y, n), rows, cols);
  }
  crossEntropy(loss: Storage, logSumExp: Storage, logits: Storage, target: Storage, rows: number, cols: number, ignoreIndex: number): void {
    this.#run(op.cross_entropy, this.#float(loss, rows), this.#float(logSumExp, rows), this.#float(logits, rows * cols),
      this.#int(target, rows), rows, cols, ignoreIndex);
  }
  crossEntropyBackward(dLogits: Storage, dLoss: Storage, logits: Storage, logSumExp: Storage, target: Storage, rows: number, cols: number, ignoreIndex: number): void {
    this.#run(op.cross_entropy_backward, this.#float(dLogits, rows * cols), this.#float(dLoss, rows), this.#float(logits, rows * cols),
      this.#float(logSumExp, rows), this.#int(target, rows), rows, cols, ignoreIndex);
  }
  embedding(out: Storage, weight: Storage, index: Storage, count: number, dim: number): void {
    const rows = dim > 0 ? Math.floor(weight.length / dim) : 0;
    this.#run(op.embedding, this.#float(out, count * dim), this.#float(weight, 0), this.#int(index, count), rows, count, dim);
  }
  embeddingBackward(dWeight: Storage, dy: Storage, index: Storage, count: number, dim: number, paddingIdx: number): void {
    const rows = dim > 0 ? Math.floor(dWeight.length / dim) : 0;
    this.#run(op.embedding_backward, this.#float(dWeight, 0), this.#float(dy, count * dim), this.#int(index, count), rows, count, dim, paddingIdx);
  }

  // Products -----------------------------------------------------------------------------------------------------------

  gemm(c: Storage, a: Storage, b: Storage, bias: Storage | null, batch: number, M: number, N: number, K: number, transA: boolean, transB: boolean, aStride: number, bStride: number, cStride: number, accumulate: boolean): void {
    const extent = (stride: number, size: number) => (batch === 0 ? 0 : (batch - 1) * stride + size);
    this.#runWithScratch(op.gemm, this.#float(c, extent(cStride, M * N)), this.#float(a, extent(aStride, M * K)), this.#float(b, extent(bStride, K * N)),
      this.#float(bias, N), batch, M, N, K, +transA, +transB, aStride, bStride, cStride, +accumulate);
  }

  // Whole sequences ------------------------------------------------------------------------------------------------------

  sequenceForward(cell: FusedCell, out: SequenceOutputs, inputs: SequenceInputs, sizes: SequenceSizes): void {
    const { B, H } = sizes;
    this.#runWithScratch(op.sequence_forward, fusedCells.indexOf(cell), ...this.#outputs(cell, out, sizes), ...this.#inputs(cell, inputs, sizes),
      sizes.T, B, sizes.I, H, sizes.ldy, +sizes.reverse);
  }
  sequenceBackward(cell: FusedCell, gradients: SequenceInputGradients, outputGradients: SequenceOutputGradients, outputs: SequenceOutputs, inputs: SequenceInputs, sizes: SequenceSizes): void {
    const { T, B, I, H } = sizes;
    const G = gateCount[cell];
    const { dx, dWeightIh, dWeightHh, dBiasIh, dBiasHh, dh0, dc0 } = gradients;
    const { dy, dhn, dcn } = outputGradients;
    this.#runWithScratch(op.sequence_backward, fusedCells.indexOf(cell), this.#float(dx, T * B * I), this.#float(dWeightIh, G * H * I), this.#float(dWeightHh, G * H * H),
      this.#float(dBiasIh, G * H), this.#float(dBiasHh, G * H), this.#float(dh0, B * H), this.#float(dc0, B * H),
      this.#float(dy, rowsExtent(sizes)), this.#float(dhn, B * H), this.#float(dcn, B * H),
      ...this.#outputs(cell, outputs, sizes), ...this.#inputs(cell, inputs, sizes), T, B, I, H, sizes.ldy, +sizes.reverse);
  }
  #outputs(cell: FusedCell, { y, hn, cn, reserve }: SequenceOutputs, sizes: SequenceSizes): number[] {
    const { T, B, H } = sizes;
    return [this.#float(y, rowsExtent(sizes)), this.#float(hn, B * H), this.#float(cn, B * H), this.#float(reserve, reserveSize(cell, T, B, H))];
  }
  #inputs(cell: FusedCell, inputs: SequenceInputs, { T, B, I, H }: SequenceSizes): number[] {
    const GH = gateCount[cell] * H;
    const { x, weightIh, weightHh, biasIh, biasHh, h0, c0, lengths, mask } = inputs;
    return [
      this.#float(x, T * B * I), this.#float(weightIh, GH * I), this.#float(weightHh, GH * H), this.#float(biasIh, GH), this.#float(biasHh, GH),
      this.#float(h0, B * H), this.#float(c0, B * H), this.#int(lengths, B), this.#float(mask, B * H),
    ];
  }

  // Attention ------------------------------------------------------------------------------------------------------------

  attention(context: Storage, weights: Storage, query: Storage, keys: Storage, values: Storage, v: Storage | null, lengths: Storage | null, scale: number, sizes: AttentionSizes): void {
    const { B, S, A, C } = sizes;
    this.#run(op.attention, this.#float(context, B * C), this.#float(weights, B * S), this.#float(query, B * A), this.#float(keys, B * S * A),
      this.#float(values, B * S * C), this.#float(v, A), this.#int(lengths, B), scale, B, S, A, C);
  }
  attentionBackward(dQuery: Storage, dKeys: Storage, dValues: Storage | null, dV: Storage | null, dContext: Storage, dWeights: Storage | null, weights: Storage, query: Storage, keys: Storage, values: Storage, v: Storage | null, lengths: Storage | null, scale: number, sizes: AttentionSizes): void {
    const { B, S, A, C } = sizes;
    this.#runWithScratch(op.attention_backward, this.#float(dQuery, B * A), this.#float(dKeys, B * S * A), this.#float(dValues, B * S * C), this.#float(dV, A),
      this.#float(dContext, B * C), this.#float(dWeights, B * S), this.#float(weights, B * S), this.#float(query, B * A), this.#float(keys, B * S * A),
      this.#float(values, B * S * C), this.#float(v, A), this.#int(lengths, B), scale, B, S, A, C);
  }

  // Images -------------------------------------------------------------------------------------------------------------

  convolution(y: Storage, x: Storage, weight: Storage, bias: Storage | null, sizes: ConvolutionSizes): void {
    this.#runWithScratch(op.convolution, this.#float(y, outputs(sizes)), this.#float(x, inputs(sizes)), this.#float(weight, weights(sizes)), this.#float(bias, sizes.O),
      ...window(sizes), sizes.O, sizes.groups);
  }
  convolutionBackward(dx: Storage | null, dWeight: Storage | null, dBias: Storage | null, dy: Storage, x: Storage, weight: Storage, sizes: ConvolutionSizes): void {
    this.#runWithScratch(op.convolution_backward, this.#float(dx, inputs(sizes)), this.#float(dWeight, weights(sizes)), this.#float(dBias, sizes.O),
      this.#float(dy, outputs(sizes)), this.#float(x, inputs(sizes)), this.#float(weight, weights(sizes)), ...window(sizes), sizes.O, sizes.groups);
  }
  maxPool(y: Storage, index: Storage, x: Storage, sizes: WindowSizes): void {
    this.#run(op.max_pool, this.#float(y, pooled(sizes)), this.#int(index, pooled(sizes)), this.#float(x, inputs(sizes)), ...window(sizes));
  }
  maxPoolBackward(dx: Storage, dy: Storage, index: Storage, planes: number, pixels: number, places: number): void {
    this.#run(op.max_pool_backward, this.#float(dx, planes * pixels), this.#float(dy, planes * places), this.#int(index, planes * places), planes, pixels, places);
  }
  averagePool(y: Storage, x: Storage, countPadding: boolean, sizes: WindowSizes): void {
    this.#run(op.average_pool, this.#float(y, pooled(sizes)), this.#float(x, inputs(sizes)), +countPadding, ...window(sizes));
  }
  averagePoolBackward(dx: Storage, dy: Storage, countPadding: boolean, sizes: WindowSizes): void {
    this.#run(op.average_pool_backward, this.#float(dx, inputs(sizes)), this.#float(dy, pooled(sizes)), +countPadding, ...window(sizes));
  }

  // Normalization --------------------------------------------------------------------------------------------------------

  batchNorm(y: Storage, mean: Storage, variance: Storage, x: Storage, weight: Storage | null, bias: Storage | null, eps: number, relu: boolean, train: boolean, sizes: BatchNormSizes): void {
    const { B, C, n } = sizes;
    this.#run(op.batch_norm, this.#float(y, B * C * n), this.#float(mean, C), this.#float(variance, C), this.#float(x, B * C * n),
      this.#float(weight, C), this.#float(bias, C), eps, +relu, +train, B, C, n);
  }
  batchNormBackward(dx: Storage, dWeight: Storage | null, dBias: Storage | null, dy: Storage, x: Storage, y: Storage, mean: Storage, variance: Storage, weight: Storage | null, eps: number, relu: boolean, train: boolean, sizes: BatchNormSizes): void {
    const { B, C, n } = sizes;
    this.#run(op.batch_norm_backward, this.#float(dx, B * C * n), this.#float(dWeight, C), this.#float(dBias, C), this.#float(dy, B * C * n),
      this.#float(x, B * C * n), this.#float(y, B * C * n), this.#float(mean, C), this.#float(variance, C), this.#float(weight, C), eps, +relu, +train, B, C, n);
  }
  layerNorm(y: Storage, mean: Storage, variance: Storage, x: Storage, weight: Storage | null, bias: Storage | null, eps: number, rows: number, cols: number): void {
    const n = rows * cols;
    this.#run(op.layer_norm, this.#float(y, n), this.#float(mean, rows), this.#float(variance, rows), this.#float(x, n), this.#float(weight, cols), this.#float(bias, cols),
      eps, rows, cols);
  }
  layerNormBackward(dx: Storage, dWeight: Storage | null, dBias: Storage | null, dy: Storage, x: Storage, mean: Storage, variance: Storage, weight: Storage | null, eps: number, rows: number, cols: number): void {
    const n = rows * cols;
    this.#run(op.layer_norm_backward, this.#float(dx, n), this.#float(dWeight, cols), this.#float(dBias, cols), this.#float(dy, n), this.#float(x, n),
      this.#float(mean, rows), this.#float(variance, rows), this.#float(weight, cols), eps, rows, cols);
  }

  // Updates --------------------------------------------------------------------------------------------------------------

  sumSquares(gradients: readonly Storage[]): number {
    this.#begin(2 * gradients.length);
    return this.#runWithScratch(op.sum_squares, this.#list(gradients), ...this.#lengths(gradients));
  }
  clipValues(gradients: readonly Storage[], limit: number): void {
    this.#begin(2 * gradients.length);
    this.#run(op.clip_values, this.#list(gradients), limit, ...this.#lengths(gradients));
  }
  scaleAll(values: readonly Storage[], factor: number): void {
    this.#begin(2 * values.length);
    this.#run(op.scale_all, this.#list(values), factor, ...this.#lengths(values));
  }
  sgd(parameters: readonly Storage[], gradients: readonly Storage[], buffers: readonly Storage[], lr: number, momentum: number, nesterov: boolean, first: boolean, weightDecay: number, gradScale: number): void {
    this.#begin(4 * parameters.length);
    this.#run(op.sgd, this.#list(parameters), this.#list(gradients, parameters), this.#list(buffers, parameters),
      lr, momentum, +nesterov, +first, weightDecay, gradScale, ...this.#lengths(parameters));
  }
  adagrad(parameters: readonly Storage[], gradients: readonly Storage[], sums: readonly Storage[], lr: number, eps: number, weightDecay: number, gradScale: number): void {
    this.#begin(4 * parameters.length);
    this.#run(op.adagrad, this.#list(parameters), this.#list(gradients, parameters), this.#list(sums, parameters),
      lr, eps, weightDecay, gradScale, ...this.#lengths(parameters));
  }
  rmsprop(parameters: readonly Storage[], gradients: readonly Storage[], squares: readonly Storage[], buffers: readonly Storage[], lr: number, alpha: number, eps: number, momentum: number, weightDecay: number, gradScale: number): void {
    this.#begin(5 * parameters.length);
    this.#run(op.rmsprop, this.#list(parameters), this.#list(gradients, parameters), this.#list(squares, parameters), this.#list(buffers, parameters),
      lr, alpha, eps, momentum, weightDecay, gradScale, ...this.#lengths(parameters));
  }
  adam(parameters: readonly Storage[], gradients: readonly Storage[], m: readonly Storage[], v: readonly Storage[], lr: number, beta1: number, beta2: number, eps: number, step: number, weightDecay: number, decoupled: boolean, gradScale: number): void {
    this.#begin(5 * parameters.length);
    this.#run(op.adam, this.#list(parameters), this.#list(gradients, parameters), this.#list(m, parameters), this.#list(v, parameters),
      lr, beta1, beta2, eps, step, weightDecay, +decoupled, gradScale, ...this.#lengths(parameters));
  }
  /** The pointers of these tensors as an array; as long and as large as `like`, or empty. */
  #list(storages: readonly Storage[], like: readonly Storage[] = storages): number {
    if (storages.length > 0 && storages.length !== like.length) {
      throw new BackendError(`${like.length} parameters with ${storages.length} tensors of state or gradient`);
    }
    return this.#block.array(storages.map((storage, i) => this.#float(storage, like[i].length)));
  }
  #lengths(storages: readonly Storage[]): [lengths: number, count: number] {
    return [this.#block.array(storages.map((storage) => storage.length)), storages.length];
  }

  // One step at batch 1 ----------------------------------------------------------------------------------------------------

  packedBytes(format: WeightFormat, n: number, k: number): number {
    return this.#run(op.packed_bytes, weightFormats.indexOf(format), n, k);
  }
  packWeights(packed: Storage, format: WeightFormat, weight: Storage, n: number, k: number): void {
    this.#run(op.pack_weights, this.#packed(packed, format, n, k), weightFormats.indexOf(format), this.#float(weight, n * k), n, k);
  }
  gemv(y: Storage, packed: Storage, format: WeightFormat, x: Storage, bias: Storage | null, n: number, k: number, accumulate: boolean): void {
    this.#run(op.gemv, this.#float(y, n), this.#packed(packed, format, n, k), weightFormats.indexOf(format), this.#float(x, k), this.#float(bias, n), n, k, +accumulate);
  }
  cellStep(cell: SteppedCell, h: Storage, c: Storage | null, gatesX: Storage, gatesH: Storage, H: number): void {
    const GH = gateCount[cell] * H;
    this.#run(op.cell_step, fusedCells.indexOf(cell), this.#float(h, H), this.#float(c, H), this.#float(gatesX, GH), this.#float(gatesH, GH), H);
  }
  #packed(packed: Storage, format: WeightFormat, n: number, k: number): number {
    return this.#any(packed, this.packedBytes(format, n, k) / bytesPerElement[packed.dtype]);
  }

  // One step of a batch ------------------------------------------------------------------------------------------------------

  cellForward(cell: SteppedCell, h: Storage, c: Storage | null, reserve: Storage | null, gatesX: Storage, gatesH: Storage, hBefore: Storage, cBefore: Storage | null, B: number, H: number): void {
    const [BH, GH] = [B * H, B * gateCount[cell] * H];
    needsC(cell, c, cBefore);
    this.#run(op.cell_forward, fusedCells.indexOf(cell), this.#float(h, BH), this.#float(c, BH), this.#float(reserve, reserveSize(cell, 1, B, H)),
      this.#float(gatesX, GH), this.#float(gatesH, GH), this.#float(hBefore, BH), this.#float(cBefore, BH), B, H);
  }
  cellBackward(cell: SteppedCell, dGatesX: Storage, dGatesH: Storage, dhBefore: Storage, dcBefore: Storage | null, dh: Storage, dc: Storage | null, reserve: Storage, h: Storage, c: Storage | null, hBefore: Storage, cBefore: Storage | null, B: number, H: number): void {
    const [BH, GH] = [B * H, B * gateCount[cell] * H];
    needsC(cell, dcBefore, c, cBefore);
    this.#run(op.cell_backward, fusedCells.indexOf(cell), this.#float(dGatesX, GH), this.#float(dGatesH, GH), this.#float(dhBefore, BH), this.#float(dcBefore, BH),
      this.#float(dh, BH), this.#float(dc, BH), this.#float(reserve, reserveSize(cell, 1, B, H)), this.#float(h, BH), this.#float(c, BH),
      this.#float(hBefore, BH), this.#float(cBefore, BH), B, H);
  }

  // Linear recurrences -------------------------------------------------------------------------------------------------------

  scanForward(h: Storage, hn: Storage | null, a: Storage, b: Storage, h0: Storage | null, lengths: Storage | null, sizes: ScanSizes): void {
    const { all, row, factors } = scanned(sizes);
    this.#run(op.scan_forward, this.#float(h, all), this.#float(hn, row), this.#float(a, factors), this.#float(b, all), this.#float(h0, row), this.#int(lengths, sizes.B),
      ...scanSizes(sizes));
  }
  scanBackward(da: Storage | null, db: Storage, dh0: Storage | null, dh: Storage | null, dhn: Storage | null, a: Storage, h: Storage, h0: Storage | null, lengths: Storage | null, sizes: ScanSizes): void {
    const { all, row, factors } = scanned(sizes);
    this.#run(op.scan_backward, this.#float(da, sizes.constant ? row : all), this.#float(db, all), this.#float(dh0, row), this.#float(dh, all), this.#float(dhn, row),
      this.#float(a, factors), this.#float(h, all), this.#float(h0, row), this.#int(lengths, sizes.B), ...scanSizes(sizes));
  }

  // One step of an sLSTM ------------------------------------------------------------------------------------------------------

  slstmForward(y: Storage, h: Storage, c: Storage, m: Storage, reserve: Storage | null, gatesX: Storage, gatesH: Storage, hBefore: Storage, cBefore: Storage, mBefore: Storage, lengths: Storage | null, t: number, B: number, H: number): void {
    const n = B * H;
    this.#run(op.slstm_forward, this.#float(y, n), this.#float(h, n), this.#float(c, n), this.#float(m, n), this.#float(reserve, 4 * n), this.#float(gatesX, 4 * n), this.#float(gatesH, 4 * n),
      this.#float(hBefore, n), this.#float(cBefore, n), this.#float(mBefore, n), this.#int(lengths, B), t, B, H);
  }
  slstmBackward(dGates: Storage, dh: Storage, dc: Storage, dm: Storage, dy: Storage | null, reserve: Storage, c: Storage, cBefore: Storage, lengths: Storage | null, t: number, B: number, H: number): void {
    const n = B * H;
    this.#run(op.slstm_backward, this.#float(dGates, 4 * n), this.#float(dh, n), this.#float(dc, n), this.#float(dm, n), this.#float(dy, n), this.#float(reserve, 4 * n),
      this.#float(c, n), this.#float(cBefore, n), this.#int(lengths, B), t, B, H);
  }

  // A product with a matrix that is packed once and used often -----------------------------------------------------------------

  packMatrix(packed: Storage, b: Storage, N: number, K: number, transB: boolean): void {
    this.#run(op.pack_matrix, this.#float(packed, packedFloats(N, K)), this.#float(b, N * K), N, K, +transB);
  }
  gemmPacked(c: Storage, a: Storage, packed: Storage, bias: Storage | null, M: number, N: number, K: number, accumulate: boolean): void {
    this.#runWithScratch(op.gemm_packed, this.#float(c, M * N), this.#float(a, M * K), this.#float(packed, packedFloats(N, K)), this.#float(bias, N), M, N, K, +accumulate);
  }

  // Calls --------------------------------------------------------------------------------------------------------------------

  /** To be called first where arrays go into the argument block. */
  #begin(doubles: number): void {
    this.#block.begin(doubles);
  }

  #run(operation: number, ...values: number[]): number {
    return this.kernels.call(operation, this.#block.write(values));
  }

  /** The same for an operation whose last parameter is scratch memory: one block for all of them, as large as the largest needed. */
  #runWithScratch(operation: number, ...values: number[]): number {
    const bytes = this.kernels.workspace(operation, this.#block.write(values));
    if (bytes > this.#scratchBytes) {
      if (this.#scratchBytes > 0) this.heap.free(this.#scratch, this.#scratchBytes);
      this.#scratchBytes = 0;
      this.#scratch = this.heap.allocate(bytes);
      this.#scratchBytes = bytes;
    }
    values.push(this.#scratch);
    return this.kernels.call(operation, this.#block.write(values));
  }

  /** The pointer of a float32 storage of at least `need` elements; 0 for null. */
  #float(storage: Storage | null, need: number): number {
    return storage === null ? 0 : this.#pointer(storage, need, 'float32');
  }

  #int(storage: Storage | null, need: number): number {
    return storage === null ? 0 : this.#pointer(storage, need, 'int32');
  }

  /** Of float32 or int32. */
  #any(storage: Storage, need: number): number {
    return this.#pointer(storage, need, storage.dtype === 'int32' ? 'int32' : 'float32');
  }

  #pointer(storage: Storage, need: number, dtype: DType): number {
    if (storage.block.backend !== this) {
      throw new TensorError(this.name, `a tensor of the ${storage.block.backend.name} backend cannot be used here`);
    }
    assertAlive(storage, this.name);
    if (storage.dtype !== dtype) {
      const hint = storage.dtype === 'float64' ? '; float64 is for the reference backend' : '';
      throw new TensorError(this.name, `expected a tensor of ${dtype}, got ${storage.dtype}${hint}`);
    }
    if (!(need <= storage.length)) throw new BackendError(`${this.name}: a kernel needs ${need} elements, the tensor has ${storage.length}`);
    return storage.pointer;
  }
}


const isInt = (storage: Storage): number => (storage.dtype === 'int32' ? 1 : 0);

/** An LSTM's kernels would follow a null pointer. */
function needsC(cell: SteppedCell, ...cs: readonly (Storage | null)[]): void {
  if (hasC(cell) && cs.includes(null)) throw new TensorError(cell, 'expected the cell state c as well as h');
}

function sameType(who: string, a: Storage, b: Storage): void {
  if (a.dtype !== b.dtype) throw new TensorError(who, `a tensor of ${a.dtype} with one of ${b.dtype}; cast one of them`);
}

function elements(shape: readonly number[]): number {
  let n = 1;
  for (const size of shape) n *= size;
  return n;
}

/** One past the furthest element that a strided walk reaches; Infinity where it leaves the tensor at its start. */
function extent(shape: readonly number[], strides: readonly number[], offset: number): number {
  let low = offset;
  let high = offset;
  for (let axis = 0; axis < shape.length; axis++) {
    if (shape[axis] === 0) return 0;
    const reach = (shape[axis] - 1) * strides[axis];
    if (reach < 0) low += reach;
    else high += reach;
  }
  return low < 0 ? Infinity : high + 1;
}

/** Elements from the first to the last of T·B rows of H, ldy apart. */
function rowsExtent({ T, B, H, ldy }: SequenceSizes): number {
  return T * B === 0 ? 0 : (T * B - 1) * ldy + H;
}

/** The sizes of a window in the order of the kernels' parameters. */
function window({ B, C, h, w, oh, ow, kernel, stride, padding, dilation }: WindowSizes): number[] {
  return [B, C, h, w, oh, ow, ...kernel, ...stride, ...padding, ...dilation];
}

const inputs = ({ B, C, h, w }: WindowSizes): number => B * C * h * w;
const pooled = ({ B, C, oh, ow }: WindowSizes): number => B * C * oh * ow;
const outputs = ({ B, O, oh, ow }: ConvolutionSizes): number => B * O * oh * ow;
const weights = ({ C, O, groups, kernel }: ConvolutionSizes): number => (O * C * kernel[0] * kernel[1]) / groups;

/** Floats in a sequence, in a state and in the factors of a linear recurrence. */
function scanned({ T, B, H, complex, constant }: ScanSizes): { all: number; row: number; factors: number } {
  const W = complex ? 2 * H : H;
  return { all: T * B * W, row: B * W, factors: constant ? W : T * B * W };
}

const scanSizes = ({ T, B, H, complex, constant, reverse }: ScanSizes): number[] => [T, B, H, +complex, +constant, +reverse];
