// An operator of ONNX that is written: what it gets of a node of the exported graph.

import type { GraphNode } from 'unrolled/graph';
import type { ConversionReport } from '../../../model/report.ts';
import type { OnnxGraph } from './graph.ts';
import type { WeightOf } from './recurrent.ts';

/** A node that is written. */
export interface Emitted {
  readonly g: OnnxGraph;
  readonly node: GraphNode;
  /** Names in the file of what it reads. */
  readonly inputs: readonly (string | null)[];
  readonly attributes: Readonly<Record<string, never>>;
  /** Puts a weight of the node's layer into the file: `weight`, `bias`. */
  readonly weight: (name: string) => string;
  readonly find: WeightOf;
  readonly report: ConversionReport;
}

/** Writes a node into the graph → the names of its outputs. */
export type Operator = (emitted: Emitted) => string | readonly string[];
