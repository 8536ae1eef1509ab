// The table of ops, family by family. To add an op, write it in its family's file; to add a family, add its line here.

import type { GraphOp } from '../op.ts';
import { einsumOps } from './einsum.ts';
import { elementwiseOps } from './elementwise.ts';
import { controlFlowOps } from './control-flow.ts';
import { convolutionOps } from './convolution.ts';
import { indexingOps } from './indexing.ts';
import { logicOps } from './logic.ts';
import { lossOps } from './loss.ts';
import { normalizationOps } from './normalization.ts';
import { poolingOps } from './pooling.ts';
import { generalRecurrentOps } from './recurrent-general.ts';
import { kerasActivationOps } from './keras-activations.ts';
import { kerasLayerOps } from './keras-layers.ts';
import { kerasMaskOps } from './keras-masks.ts';
import { kerasRecurrentOps } from './keras-recurrent.ts';
import { kerasWindowOps } from './keras-windows.ts';
import { layerOps } from './layers.ts';
import { productOps } from './product.ts';
import { quantizedOps } from './quantized.ts';
import { reduceOps } from './reduce.ts';
import { shapingOps } from './shaping.ts';
import { updateOps } from './updates.ts';

/** Every op, by its name. */
export const ops: ReadonlyMap<string, GraphOp> = new Map(
  [
    controlFlowOps,
    convolutionOps,
    einsumOps,
    elementwiseOps,
    generalRecurrentOps,
    indexingOps,
    kerasActivationOps,
    kerasLayerOps,
    kerasMaskOps,
    kerasRecurrentOps,
    kerasWindowOps,
    layerOps,
    logicOps,
    lossOps,
    normalizationOps,
    poolingOps,
    productOps,
    quantizedOps,
    reduceOps,
    shapingOps,
    updateOps,
  ].flatMap((family) => Object.entries(family)),
);
