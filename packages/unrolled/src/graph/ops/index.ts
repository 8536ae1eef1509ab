// The table of ops, family by family. To add an op, write it in its family's file; to add a family, add its line here.

import type { GraphOp } from '../op.ts';
import { elementwiseOps } from './elementwise.ts';
import { layerOps } from './layers.ts';
import { productOps } from './product.ts';
import { reduceOps } from './reduce.ts';
import { shapingOps } from './shaping.ts';

/** Every op, by its name. */
export const ops: ReadonlyMap<string, GraphOp> = new Map(
  [elementwiseOps, layerOps, productOps, reduceOps, shapingOps].flatMap((family) => Object.entries(family)),
);
