// Every op we ship, with samples. An op listed here is checked by every suite that loops over the table: gradients against central
// differences, compiled backends against the reference, values against plain loops.

import type { Tensor } from '../packages/unrolled/src/tensor/index.ts';
import { attentionOps } from './ops/attention.ts';
import { decoderOps } from './ops/decoder.ts';
import { elementwiseOps } from './ops/elementwise.ts';
import { imageOps } from './ops/images.ts';
import { productOps } from './ops/product.ts';
import { reduceOps } from './ops/reduce.ts';
import { sampledOps } from './ops/sampled.ts';
import { scanOps } from './ops/scan.ts';
import { sequenceOps } from './ops/sequence.ts';
import { shapingOps } from './ops/shaping.ts';
import { softmaxOps } from './ops/softmax.ts';
import { tableOps } from './ops/table.ts';

/** Shape and values of one float input. */
export interface Input {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export interface Sample {
  readonly inputs: readonly Input[];
  /** The op on tensors of these inputs. It must give the same each time: chance is seeded inside. */
  readonly run: (...x: Tensor[]) => Tensor | readonly Tensor[];
  /** The same in plain arithmetic: the values of all outputs, one after the other. */
  readonly plain?: (...x: (readonly number[])[]) => readonly number[];
  /** 'none' for an op that has no gradient on purpose. */
  readonly gradient?: 'none';
}

/** Op → sample → how to run it. */
export const ops: Readonly<Record<string, Readonly<Record<string, Sample>>>> = {
  ...elementwiseOps,
  ...reduceOps,
  ...softmaxOps,
  ...sampledOps,
  ...tableOps,
  ...productOps,
  ...shapingOps,
  ...sequenceOps,
  ...scanOps,
  ...attentionOps,
  ...imageOps,
  ...decoderOps,
};

/** The table as a list: `lstm, 2 directions`, sample. */
export const samples: readonly (readonly [name: string, sample: Sample])[] = Object.entries(ops).flatMap(([op, ofOp]) =>
  Object.entries(ofOp).map(([name, sample]) => [`${op}: ${name}`, sample] as const),
);
