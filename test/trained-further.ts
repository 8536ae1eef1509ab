// A model of Keras that is imported and trained further, in every host: Node, a page's worker. It takes the library and the converter as arguments, so that
// each host brings its own.

import type { Tensor } from 'unrolled';
import type { GraphModel } from 'unrolled/graph';

export type Library = Pick<
  typeof import('unrolled'),
  'Adam' | 'crossEntropy' | 'GRU' | 'indices' | 'Linear' | 'LSTM' | 'Module' | 'scope' | 'tensor'
>;

export interface Sizes {
  readonly I: number;
  readonly H: readonly [number, number];
  readonly C: number;
  readonly T: number;
  readonly B: number;
  readonly lr: number;
}

/** Element i of tensor k: scale · sin(0.37·i² + 1.3·i + k), as in tools/golden.py. */
const waveValues = (k: number, length: number, scale = 1) =>
  Array.from({ length }, (_, i) => scale * Math.sin(0.37 * i * i + 1.3 * i + k));

/** The parameters by PyTorch's names, in its layout. */
export const parametersOf = (named: readonly (readonly [string, readonly number[]])[]) =>
  new Map(
    named.map(([name, shape], k) => {
      const size = shape.reduce((n, d) => n * d, 1);
      const values = name === 'lstm.bias_hh_l0' ? new Array<number>(size).fill(0) : waveValues(10 + k, size, 0.6);
      return [name, { shape: [...shape], data: Float32Array.from(values) }] as const;
    }),
  );

/** The losses of 50 steps. `forward`: x [T, B, I] → logits [B, C]. */
async function lossesOf(
  { Adam, crossEntropy, indices, scope, tensor }: Library,
  { T, B, I, C, lr }: Sizes,
  parameters: readonly Tensor[],
  forward: (x: Tensor) => Tensor,
): Promise<number[]> {
  const optimizer = new Adam([...parameters], { lr });
  const target = Int32Array.from({ length: B }, (_, b) => b % C);
  const losses: number[] = [];
  for (let n = 0; n < 50; n++) {
    const loss = scope(() => {
      optimizer.zeroGrad();
      const found = crossEntropy(forward(tensor(waveValues(1 + (n % 5), T * B * I), [T, B, I])), indices(target));
      found.backward();
      optimizer.step();
      return found.itemSync();
    });
    losses.push(loss);
  }
  return losses;
}

/** Those of an imported network, whose input is batch first. */
export const importedLosses = (library: Library, sizes: Sizes, network: GraphModel): Promise<number[]> =>
  lossesOf(
    library,
    sizes,
    network.train().parameters(),
    (x) => network.forward({ input: x.transpose(0, 1) }).output as Tensor,
  );

/** Those of a module of the library with the same weights. */
export function ownLosses(library: Library, sizes: Sizes, weights: ReturnType<typeof parametersOf>): Promise<number[]> {
  const { I, H, C, T } = sizes;
  class Net extends library.Module {
    readonly lstm = new library.LSTM(I, H[0]);
    readonly gru = new library.GRU(H[0], H[1]);
    readonly fc = new library.Linear(H[1], C);
  }
  const net = new Net().loadStateDict(weights);
  return lossesOf(library, sizes, net.parameters(), (x) => {
    const [y] = net.gru.forward(net.lstm.forward(x)[0]);
    return net.fc.forward(y.select(0, T - 1));
  });
}
