// The linear recurrence, real and complex, in every combination of its options.

import { polar, scan, slstmSequence, type Tensor } from '../../packages/unrolled/src/tensor/index.ts';
import type { Input, Sample } from '../ops.ts';
import { constant, ints, positive, wave } from './inputs.ts';

interface Options {
  readonly complex?: boolean;
  readonly constant?: boolean;
  readonly lengths?: readonly number[];
  readonly state?: boolean;
  readonly reverse?: boolean;
  readonly sizes?: { readonly T: number; readonly B: number; readonly H: number };
}

type Complex = readonly [re: number, im: number];

/** The recurrence by its definition, row by row and unit by unit: h, then the last states. */
function plain(options: Options) {
  const { complex = false, constant = false, lengths, reverse = false } = options;
  const { T, B, H } = options.sizes ?? { T: 5, B: 2, H: 3 };
  const W = complex ? 2 * H : H;
  return (a: readonly number[], b: readonly number[], h0?: readonly number[]): number[] => {
    const h = new Array<number>(T * B * W).fill(0);
    const hn = new Array<number>(B * W).fill(0);
    const at = (x: readonly number[] | undefined, row: number, u: number): Complex =>
      x ? [x[row * W + u], complex ? x[row * W + H + u] : 0] : [0, 0];
    for (let r = 0; r < B; r++) {
      for (let u = 0; u < H; u++) {
        const length = lengths ? lengths[r] : T;
        let [x, y] = at(h0, r, u);
        for (let s = 0; s < length; s++) {
          const row = (reverse ? length - 1 - s : s) * B + r;
          const [p, q] = at(a, constant ? 0 : row, u);
          const [v, w] = at(b, row, u);
          [x, y] = [p * x - q * y + v, p * y + q * x + w];
          h[row * W + u] = x;
          if (complex) h[row * W + H + u] = y;
        }
        hn[r * W + u] = x;
        if (complex) hn[r * W + H + u] = y;
      }
    }
    return [...h, ...hn];
  };
}

function sample(options: Options): Sample {
  const { complex = false, constant = false, lengths, state = false, reverse = false } = options;
  const { T, B, H } = options.sizes ?? { T: 5, B: 2, H: 3 };
  const W = complex ? 2 * H : H;
  const inputs: Input[] = [wave(constant ? [W] : [T, B, W], 1, 0.8), wave([T, B, W], 2)];
  if (state) inputs.push(wave([B, W], 3));
  const run = (a: Tensor, b: Tensor, h0?: Tensor): readonly Tensor[] => {
    const { h, hn } = scan(a, b, { h0, lengths: lengths ? ints(a, lengths) : null, reverse, complex });
    return [h, hn];
  };
  return { inputs, run: run as Sample['run'], plain: plain(options) as Sample['plain'] };
}

const table: Record<string, Sample> = {};
for (const complex of [false, true]) {
  for (let bits = 0; bits < 16; bits++) {
    const [padded, state, reverse, constant] = [1, 2, 4, 8].map((bit) => (bits & bit) !== 0);
    const words = [
      complex ? 'complex' : 'real',
      padded && 'lengths',
      state && 'state',
      reverse && 'reverse',
      constant && 'one factor for all steps',
    ];
    const lengths = padded ? [5, 2] : undefined;
    table[words.filter((w) => w).join(', ')] = sample({ complex, lengths, state, reverse, constant });
  }
}
table['a row of length 0'] = sample({ state: true, lengths: [0, 4] });
table['no steps'] = sample({ state: true, sizes: { T: 0, B: 2, H: 3 } });
table['no rows'] = sample({ complex: true, sizes: { T: 3, B: 0, H: 3 } });
table['one unit'] = sample({ state: true, sizes: { T: 4, B: 3, H: 1 } });
table['sizes that fill no vector register'] = sample({ complex: true, state: true, sizes: { T: 3, B: 3, H: 19 } });

function slstm(options: {
  lengths?: readonly number[];
  mask?: boolean;
  reverse?: boolean;
  sizes?: [number, number, number];
}): Sample {
  const { lengths, mask = false, reverse = false, sizes = [4, 2, 3] } = options;
  const [T, B, H] = sizes;
  const inputs = [wave([T, B, 4 * H], 1, 1.5), wave([4 * H, H], 2, 0.7), ...[3, 4, 5].map((k) => wave([B, H], k, 0.6))];
  const values = Array.from({ length: B * H }, (_, i) => (i % 3 === 0 ? 0 : 1.5));
  const run = (gates: Tensor, weightHh: Tensor, h: Tensor, c: Tensor, m: Tensor): readonly Tensor[] =>
    Object.values(
      slstmSequence({
        gates,
        weightHh,
        h,
        c,
        m,
        lengths: lengths ? ints(gates, lengths) : null,
        mask: mask ? constant(gates, { shape: [B, H], values }) : null,
        reverse,
      }),
    );
  return { inputs, run: run as Sample['run'] };
}

export const scanOps: Record<string, Record<string, Sample>> = {
  scan: table,
  slstmSequence: {
    forwards: slstm({}),
    backwards: slstm({ reverse: true }),
    'lengths, a mask': slstm({ lengths: [4, 2], mask: true }),
    'lengths, a mask, backwards': slstm({ lengths: [0, 3], mask: true, reverse: true }),
    'no steps': slstm({ sizes: [0, 2, 3] }),
    'no rows': slstm({ sizes: [3, 0, 3] }),
    'sizes that fill no vector register': slstm({ sizes: [3, 3, 19] }),
  },
  polar: {
    'three numbers': {
      inputs: [positive([3]), wave([3], 1, 2)],
      run: (r, phase) => polar(r, phase),
      plain: (r, phase) => [...r.map((v, j) => v * Math.cos(phase[j])), ...r.map((v, j) => v * Math.sin(phase[j]))],
    },
    nothing: { inputs: [wave([0]), wave([0])], run: (r, phase) => polar(r, phase), plain: () => [] },
  },
};
