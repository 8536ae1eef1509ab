// Masks as Keras has them: [B, T], 1 where a step counts. They are arrays of the host: which steps a recurrent layer reads is decided there.

import { hostValues } from '../../tensor/host-values.ts';
import { tensor } from '../../tensor/create.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { GraphOp, RunContext } from '../op.ts';
import { HostArray } from '../value.ts';

export const kerasMaskOps: Readonly<Record<string, GraphOp>> = {
  /** Embedding(mask_zero=True): ids that are not 0. */
  KerasIdMask: {
    inputs: ['ids'],
    run: (node) => {
      const { shape, values } = node.host(0);
      return new HostArray(
        'bool',
        shape,
        Array.from(values, (id) => (id === 0 ? 0 : 1)),
      );
    },
  },

  /** Masking(mask_value): steps with a feature of another value; x [B, T, …] with zeros elsewhere, and the mask [B, T]. */
  KerasMasking: {
    inputs: ['x'],
    attributes: ['value'],
    run: (node) => {
      const x = node.tensor(0);
      const mask = stepsWithout(x, Math.fround(node.number('value', 0)));
      return [x.mul(maskTensor(mask, x, x.rank)), mask];
    },
  },

  /** Steps that count in every mask (Keras 2), or in some mask (Keras 3). */
  KerasMaskMerge: {
    inputs: ['…'],
    attributes: ['mode'],
    run: (node) => {
      const all = node.oneOf('mode', ['and', 'or']) === 'and';
      const masks = node.inputs.map((_, i) => node.host(i));
      if (masks.some(({ shape }) => shape.join() !== masks[0].shape.join())) node.fail('the masks have several shapes');
      const values = Array.from(masks[0].values, (_, i) => {
        const given = masks.map(({ values: one }) => one[i] !== 0);
        return (all ? !given.includes(false) : given.includes(true)) ? 1 : 0;
      });
      return new HostArray('bool', masks[0].shape, values);
    },
  },

  /** The masks of sequences that are concatenated over time. A sequence without one counts in full: the inputs are sequence, mask, sequence, mask, … */
  KerasMaskConcat: {
    inputs: ['…'],
    run: (node) => {
      const count = node.inputs.length / 2;
      const parts = Array.from({ length: count }, (_, i) => {
        const [B, T] = node.value(2 * i).shape;
        return { B, T, values: node.given(2 * i + 1) ? node.host(2 * i + 1).values : null };
      });
      const [{ B }] = parts;
      const values = Array.from({ length: B }, (_, b) =>
        parts.flatMap((part) => Array.from({ length: part.T }, (_none, t) => part.values?.[b * part.T + t] ?? 1)),
      );
      return new HostArray('bool', [B, parts.reduce((sum, { T }) => sum + T, 0)], values.flat());
    },
  },
};

function stepsWithout(x: Tensor, value: number): HostArray {
  const [B = 0, T = 0] = x.shape;
  const width = x.rank > 2 ? x.shape.slice(2).reduce((n, d) => n * d, 1) : 1;
  const values = hostValues(x);
  const mask = new Uint8Array(B * T);
  for (let i = 0; i < mask.length; i++)
    for (let k = 0; k < width && mask[i] === 0; k++) if (values[i * width + k] !== value) mask[i] = 1;
  return new HostArray('bool', [B, T], mask);
}

/** The mask of input i, checked against x [B, T, …]; null where none is given or every step counts. */
export function givenMask(node: RunContext, i: number, x: Tensor): HostArray | null {
  if (!node.given(i)) return null;
  const mask = node.host(i);
  if (mask.shape.length !== 2 || mask.shape[0] !== x.shape[0] || mask.shape[1] !== x.shape[1])
    node.fail(`the mask has shape [${mask.shape.join(', ')}], expected [${x.shape.slice(0, 2).join(', ')}]`);
  return Array.from(mask.values).every((value) => value !== 0) ? null : mask;
}

/** The mask as a float tensor like x, [B, T, 1, …] with `rank` axes. */
export function maskTensor(mask: HostArray, x: Tensor, rank: number): Tensor {
  const shape = [...mask.shape, ...new Array<number>(rank - 2).fill(1)];
  return tensor(Float32Array.from(mask.values), shape, { dtype: x.dtype, backend: x.backend });
}
