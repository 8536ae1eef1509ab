// The table of ops, family by family. To add an op, write it in its family's file; to add a family, add its line here.

import type { GraphOp } from '../op.ts';
import { elementwiseOps } from './elementwise.ts';
import { kerasActivationOps } from './keras-activations.ts';
import { kerasLayerOps } from './keras-layers.ts';
import { kerasMaskOps } from './keras-masks.ts';
import { kerasRecurrentOps } from './keras-recurrent.ts';
import { kerasWindowOps } from './keras-windows.ts';
import { layerOps } from './layers.ts';
import { productOps } from './product.ts';
import { reduceOps } from './reduce.ts';
import { shapingOps } from './shaping.ts';

/** Every op, by its name. */
export const ops: ReadonlyMap<string, GraphOp> = new Map(
  [
    elementwiseOps,
    kerasActivationOps,
    kerasLayerOps,
    kerasMaskOps,
    kerasRecurrentOps,
    kerasWindowOps,
    layerOps,
    productOps,
    reduceOps,
    shapingOps,
  ].flatMap((family) => Object.entries(family)),
);
