// A model on its way out with test vectors of other sizes than those of its certificate.

import { computeInFloat64, exportedNetwork, seededInputs } from '../packages/convert/src/export/export-model.ts';
import type { LibraryModel } from '../packages/convert/src/export-model.ts';
import type { ExportedNetwork } from '../packages/convert/src/export/network.ts';

/** The size of a vector: rows, steps, and whether the optional states are given. */
export interface VectorSize {
  readonly batch: number;
  readonly time: number;
  readonly seed: number;
  readonly states?: boolean;
  /** All rows have all steps. Default: their lengths differ. */
  readonly whole?: boolean;
}

/** The network with a test vector for each size, with states where the graph has some. */
export function withVectors(model: LibraryModel, sizes: readonly VectorSize[]): ExportedNetwork {
  const network = exportedNetwork(model);
  const vectors = Array.from(network.graphs, ([part, graph]) => {
    const stateful = graph.inputs.some(({ optional }) => optional);
    const drawn = sizes.map(({ whole, ...size }) => {
      const inputs = seededInputs(graph, { ...size, states: stateful && size.states === true });
      const lengths = inputs.lengths && { ...inputs.lengths, values: inputs.lengths.values.map(() => size.time) };
      const given = whole && lengths ? { ...inputs, lengths } : inputs;
      return { inputs: given, outputs: computeInFloat64(model, part, given), from: 'float64, reference backend' };
    });
    return [part, drawn] as const;
  });
  return { ...network, vectors: new Map(vectors) };
}
