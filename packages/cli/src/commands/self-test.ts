// What `unrolled doctor` runs: are this machine's kernels right, and how fast are they? Every part checks what it timed.

import {
  type Backend,
  generate,
  LanguageModel,
  languageTask,
  manualSeed,
  ReferenceBackend,
  scope,
  SGD,
  stepperOf,
  Trainer,
} from 'unrolled';
import { StreamBatcher } from 'unrolled/data';
import { t } from '../language/index.ts';

export interface SelfTest {
  /** Largest difference from the reference kernels, over the largest value. */
  readonly gemmError: number;
  readonly lstmError: number;
  /** Billions of multiplications and additions a second, of square matrices. */
  readonly gemm: readonly { readonly size: number; readonly gflops: number }[];
  /** Of the LSTM that was trained: units, streams and characters of a window. */
  readonly size: TrainSize;
  readonly trainCharactersPerSecond: number;
  /** The same, drawing one character after the other. */
  readonly sampleCharactersPerSecond: number;
  /** Losses of the training steps: all finite, and the last below the first. */
  readonly learned: boolean;
}

export interface TrainSize {
  readonly hidden: number;
  readonly streams: number;
  readonly windowLength: number;
}

/** Kernels agree with the reference when the difference is rounding: sums of a few hundred float32 products in another order. */
export const tolerance = 1e-5;

type Storage = ReturnType<Backend['allocate']>;

/** `ms` for each of five to six measurements. `say` is told before each part. */
export async function selfTest(backend: Backend, say: (text: string) => void, ms = 1500): Promise<SelfTest> {
  say(t('comparing with the reference kernels'));
  const reference = new ReferenceBackend();
  const gemmError = difference(runGemm(backend), runGemm(reference));
  const lstmError = difference(runLstm(backend), runLstm(reference));
  // The reference is hundreds of times slower: a smaller task for it.
  const slow = backend.name === 'reference';
  const sizes = slow ? [64, 128] : [128, 512, 1024];
  const size = slow ? { hidden: 32, streams: 4, windowLength: 16 } : { hidden: 256, streams: 32, windowLength: 64 };
  const gemm = sizes.map((size) => {
    say(t`multiplying matrices of ${size} × ${size}`);
    return { size, gflops: gemmSpeed(backend, size, ms) };
  });
  say(t('training an LSTM'));
  const { model, charactersPerSecond, learned } = await trainSpeed(size, ms);
  say(t('sampling characters'));
  const sampleCharactersPerSecond = sampleSpeed(model, ms);
  return {
    gemmError,
    lstmError,
    gemm,
    size,
    trainCharactersPerSecond: charactersPerSecond,
    sampleCharactersPerSecond,
    learned,
  };
}

/** A storage with a formula's values, between −1 and 1. */
function filled(backend: Backend, length: number, phase: number, scale = 1): Storage {
  const storage = backend.allocate('float32', length);
  for (let i = 0; i < length; i++) storage.array[i] = scale * Math.sin(phase + 0.7 * i + 0.001 * i * i);
  return storage;
}

/** Odd sizes, so that every edge of the kernels' tiles is met: c [65, 130] = a [65, 97] · bᵀ + bias. */
function runGemm(backend: Backend): Float32Array {
  const [M, N, K] = [65, 130, 97];
  const [a, b, bias] = [filled(backend, M * K, 1), filled(backend, N * K, 2), filled(backend, N, 3)];
  const c = backend.allocate('float32', M * N);
  backend.gemm(c, a, b, bias, 1, M, N, K, false, true, M * K, N * K, M * N, false);
  return copyAndRelease([c], [a, b, bias]);
}

/** Outputs and last states of an LSTM over 20 steps, with rows of different lengths. */
function runLstm(backend: Backend): Float32Array {
  const [T, B, I, H] = [20, 3, 11, 37];
  const lengths = backend.allocate('int32', B);
  lengths.array.set([20, 7, 0]);
  const inputs = {
    x: filled(backend, T * B * I, 1),
    weightIh: filled(backend, 4 * H * I, 2, 0.3),
    weightHh: filled(backend, 4 * H * H, 3, 0.3),
    biasIh: filled(backend, 4 * H, 4),
    biasHh: filled(backend, 4 * H, 5),
    h0: filled(backend, B * H, 6),
    c0: filled(backend, B * H, 7),
    lengths,
    mask: null,
  };
  const float = (length: number) => backend.allocate('float32', length);
  const [y, hn, cn] = [float(T * B * H), float(B * H), float(B * H)];
  backend.sequenceForward('lstm', { y, hn, cn, reserve: null }, inputs, { T, B, I, H, ldy: H, reverse: false });
  return copyAndRelease([y, hn, cn], Object.values(inputs));
}

function copyAndRelease(results: readonly Storage[], others: readonly (Storage | null)[]): Float32Array {
  const values = Float32Array.from(results.flatMap((s) => Array.from(s.array)));
  for (const storage of [...results, ...others]) storage?.block.release();
  return values;
}

function difference(got: Float32Array, expected: Float32Array): number {
  let [most, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const d = Math.abs(got[i] - expected[i]);
    most = Number.isNaN(d) ? Infinity : Math.max(most, d);
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  return most / largest;
}

/** The fastest of many, for `ms`. The product of a matrix of ones has a sum that is known. */
function gemmSpeed(backend: Backend, n: number, ms: number): number {
  const [a, b, c] = [0, 0, 0].map(() => backend.allocate('float32', n * n));
  backend.fill(a, 1);
  backend.fill(b, 0.5);
  let best = Infinity;
  const end = performance.now() + ms;
  do {
    const start = performance.now();
    backend.gemm(c, a, b, null, 1, n, n, n, false, false, n * n, n * n, n * n, false);
    best = Math.min(best, performance.now() - start);
  } while (performance.now() < end);
  const right = c.array[0] === n / 2 && c.array[n * n - 1] === n / 2;
  for (const storage of [a, b, c]) storage.block.release();
  return right ? (2 * n ** 3) / (best * 1e6) : 0;
}

/** Training steps on a text that can be learned: eight characters over and over. */
async function trainSpeed({ hidden, streams, windowLength }: TrainSize, ms: number) {
  manualSeed(1);
  const vocabularySize = 64;
  const ids = Int32Array.from({ length: streams * windowLength * 8 }, (_, i) => i % 8);
  const model = new LanguageModel(vocabularySize, { cell: 'lstm', hiddenSize: hidden, numLayers: 1 });
  const task = languageTask(model, { train: new StreamBatcher(ids, { streams, windowLength }) });
  const trainer = new Trainer(task, {
    optimizer: new SGD(model.parameters(), { lr: 1 }),
    steps: 1_000_000,
    clipNorm: 1,
  });
  const losses: number[] = [];
  const warmUp = 3; // steps
  let [start, characters] = [0, 0];
  for await (const event of trainer.run()) {
    if (event.type !== 'step') continue;
    losses.push(event.loss);
    if (event.step > warmUp) characters += event.targets;
    else start = performance.now();
    if (event.step > warmUp && performance.now() - start > ms) break;
  }
  const seconds = (performance.now() - start) / 1000;
  const learned = losses.every(Number.isFinite) && losses[losses.length - 1] < losses[0];
  return { model: model.eval(), charactersPerSecond: Math.round(characters / seconds), learned };
}

function sampleSpeed(model: LanguageModel, ms: number): number {
  return scope(() => {
    const start = performance.now();
    let drawn = 0;
    for (const _ of generate(stepperOf(model), [0], { length: 1_000_000 })) {
      drawn++;
      if (drawn % 64 === 0 && performance.now() - start > ms) break;
    }
    return Math.round(drawn / ((performance.now() - start) / 1000));
  });
}
