// The fused layers, in every combination of their options. What they should compute is the cells' equations: invariants.test.ts.

import { type FusedCell, fusedCells, gateCount } from '../../packages/unrolled/src/backend/backend.ts';
import { type Direction, sequence, type Tensor } from '../../packages/unrolled/src/tensor/index.ts';
import type { Input, Sample } from '../ops.ts';
import { constant, ints, wave } from './inputs.ts';

interface Options {
  readonly directions: 1 | 2;
  readonly lengths?: readonly number[];
  readonly state?: boolean;
  readonly mask?: boolean;
  readonly recompute?: boolean;
  readonly bias?: boolean;
  readonly sizes?: { readonly T: number; readonly B: number; readonly I: number; readonly H: number };
}

function sample(cell: FusedCell, options: Options): Sample {
  const { directions, lengths, state = false, mask = false, recompute = false, bias = true } = options;
  const { T, B, I, H } = options.sizes ?? { T: 5, B: 2, I: 2, H: 2 };
  const GH = gateCount[cell] * H;
  const inputs: Input[] = [wave([T, B, I])];
  for (let d = 0; d < directions; d++) {
    inputs.push(wave([GH, I], 1 + d, 0.7), wave([GH, H], 2 + d, 0.7));
    if (bias) inputs.push(wave([GH], 3 + d, 0.4), wave([GH], 4 + d, 0.4));
    if (state) inputs.push(wave([B, H], 5 + d, 0.6));
    if (state && cell === 'lstm') inputs.push(wave([B, H], 6 + d, 0.6));
  }
  const run = (x: Tensor, ...rest: Tensor[]): readonly Tensor[] => {
    const queue = rest.values();
    const next = (there: boolean): Tensor | null => (there ? (queue.next().value as Tensor) : null);
    const parts = Array.from(
      { length: directions },
      (_, d): Direction => ({
        weightIh: next(true) as Tensor,
        weightHh: next(true) as Tensor,
        biasIh: next(bias),
        biasHh: next(bias),
        h0: next(state),
        c0: next(state && cell === 'lstm'),
        mask: mask
          ? constant(x, {
              shape: [B, H],
              values: Array.from({ length: B * H }, (_, i) => ((i + d) % 3 === 0 ? 0 : 1.5)),
            })
          : null,
      }),
    );
    const { y, h, c } = sequence(cell, x, parts, { recompute, lengths: lengths ? ints(x, lengths) : null });
    return [y, ...h, ...c];
  };
  return { inputs, run };
}

function samplesOf(cell: FusedCell): Record<string, Sample> {
  const table: Record<string, Sample> = {};
  for (const directions of [1, 2] as const) {
    for (let bits = 0; bits < 16; bits++) {
      const [padded, state, mask, recompute] = [1, 2, 4, 8].map((bit) => (bits & bit) !== 0);
      const words = [
        `${directions} ${directions === 1 ? 'direction' : 'directions'}`,
        padded && 'lengths',
        state && 'state',
        mask && 'mask',
        recompute && 'recompute',
      ];
      table[words.filter((w) => w).join(', ')] = sample(cell, {
        directions,
        lengths: padded ? [5, 2] : undefined,
        state,
        mask,
        recompute,
      });
    }
  }
  table['no bias'] = sample(cell, { directions: 2, bias: false });
  table['a row of length 0'] = sample(cell, { directions: 2, state: true, lengths: [0, 4] });
  table['no steps'] = sample(cell, { directions: 2, state: true, sizes: { T: 0, B: 2, I: 2, H: 3 } });
  table['no rows'] = sample(cell, { directions: 1, sizes: { T: 3, B: 0, I: 2, H: 3 } });
  table['sizes that fill no vector register'] = sample(cell, {
    directions: 2,
    state: true,
    sizes: { T: 3, B: 3, I: 5, H: 7 },
  });
  return table;
}

export const sequenceOps: Record<string, Record<string, Sample>> = {
  sequence: Object.fromEntries(
    fusedCells.flatMap((cell) => Object.entries(samplesOf(cell)).map(([name, s]) => [`${cell}, ${name}`, s])),
  ),
};
