// Inputs for a graph, drawn from a seed: test vectors are made of them.

import { Random } from 'unrolled';
import type { GraphNode, GraphPort, GraphSpec } from 'unrolled/graph';
import type { VectorArray } from '../model/vectors.ts';
import type { VectorArrays } from './part.ts';

/** How large the inputs are, and what they are drawn from. */
export interface SeededInputsOptions {
  readonly batch: number;
  readonly time: number;
  readonly seed: number;
  /** Optional inputs too, which are states. Default false. */
  readonly states?: boolean;
}

const regions = 6; // of images whose features come ready made

/** Inputs of a graph: a batch of sequences whose lengths differ, down to 0 in a large one. */
export function seededInputs(
  graph: GraphSpec,
  { batch, time, seed, states = false }: SeededInputsOptions,
): VectorArrays {
  const random = new Random(seed);
  const drawn = (port: GraphPort): VectorArray => {
    const sizes: Record<string, number> = { batch, time, regions };
    const shape = (port.shape ?? []).map((d) => (typeof d === 'number' ? d : sizes[d]));
    const size = shape.reduce((n, d) => n * d, 1);
    const { op, attributes = {} } = readerOf(graph, port.name) ?? {};
    const scale = op === 'MulScalar' ? 1 / Number(attributes.value) : 1; // what is scaled comes in units of its own: bytes
    const ids = Number(attributes.numEmbeddings ?? attributes.depth ?? 2);
    const next =
      port.element === 'float'
        ? () => Math.fround(scale * random.normal())
        : port.name === 'lengths'
          ? (b: number) => Math.max(0, time - b)
          : () => random.integer(ids);
    return { element: port.element, shape, values: Array.from({ length: size }, (_, k) => next(k)) };
  };
  const inputs = graph.inputs.filter(({ optional }) => states || !optional);
  return Object.fromEntries(inputs.map((port) => [port.name, drawn(port)]));
}

const passing = ['Reshape', 'Transpose', 'ReverseSequence', 'StepsBefore'];

/** The first node that does more to an input than to move it: an embedding, a scale. */
function readerOf({ nodes }: GraphSpec, input: string): GraphNode | undefined {
  let name: string | null = input;
  for (const node of nodes) {
    if (node.inputs[0] !== name) continue;
    if (!passing.includes(node.op)) return node;
    name = node.outputs[0];
  }
  return undefined;
}
