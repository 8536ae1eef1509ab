// The smallest task that needs a memory: the first symbol is a bit, then comes noise, and after the last step the bit is asked for.

import {
  Adam,
  crossEntropy,
  detachState,
  indices,
  Linear,
  manualSeed,
  Module,
  noGrad,
  Random,
  type Recurrent,
  scope,
  tensor,
  type Tensor,
} from '../index.ts';

export class Remember extends Module {
  readonly recurrent: Recurrent<unknown>;
  readonly head: Linear;

  constructor(recurrent: Recurrent<unknown>) {
    super();
    this.recurrent = recurrent;
    this.head = new Linear(recurrent.hiddenSize, 2);
  }
}

export interface Learned {
  /** Share of right answers to 512 new sequences. */
  readonly accuracy: number;
  /** The loss every ten steps. */
  readonly losses: readonly number[];
}

export interface RememberOptions {
  readonly make: () => Recurrent<unknown>;
  /** Of a sequence. */
  readonly length: number;
  readonly steps: number;
  /** The state's gradient is cut every so many steps. Default: never. */
  readonly window?: number;
  readonly seed?: number;
  readonly progress?: (part: number) => Promise<void>;
}

const rows = 32;

/** Trains on sequences of `length` steps. */
export async function learnToRemember({
  make,
  length,
  steps,
  window = length,
  seed = 1,
  progress,
}: RememberOptions): Promise<Learned> {
  manualSeed(seed);
  const model = new Remember(make());
  const optimizer = new Adam(model.parameters(), { lr: 0.01 });
  const random = new Random(seed + 100);
  const losses: number[] = [];
  for (let k = 0; k < steps; k++) {
    const { x, bits } = batch(random, length, rows);
    const loss = scope(() => {
      optimizer.zeroGrad();
      const loss = crossEntropy(model.head.forward(read(model, x, window)), indices(bits));
      loss.backward();
      optimizer.step();
      return loss.itemSync();
    });
    if (k % 10 === 0) {
      losses.push(loss);
      await progress?.(k / steps);
    }
  }
  const { x, bits } = batch(random, length, 512);
  const accuracy = scope(() =>
    noGrad(() => {
      const predicted = model.head
        .forward(read(model, x, length))
        .argmax(1)
        .dataSync();
      return bits.filter((b, i) => predicted[i] === b).length / bits.length;
    }),
  );
  return { accuracy, losses };
}

/** The last output. The state is carried from window to window, its gradient is not. */
function read(model: Remember, x: Tensor, window: number): Tensor {
  let state: unknown = null;
  let last: Tensor | null = null;
  for (let from = 0; from < x.shape[0]; from += window) {
    const [y, next] = model.recurrent.forward(x.slice(0, from, Math.min(x.shape[0], from + window)), state);
    state = detachState(next);
    last = y.select(0, y.shape[0] - 1);
  }
  return last as Tensor;
}

/** x [T, B, 2]: the bit as +1 or −1 at the first step, and noise at all others. */
function batch(random: Random, T: number, B: number): { x: Tensor; bits: number[] } {
  const bits = Array.from({ length: B }, () => random.integer(2));
  const values = new Float32Array(T * B * 2);
  for (let b = 0; b < B; b++) {
    values[b * 2] = bits[b] * 2 - 1;
    for (let t = 1; t < T; t++) values[(t * B + b) * 2 + 1] = random.normal();
  }
  return { x: tensor(values, [T, B, 2]), bits };
}
