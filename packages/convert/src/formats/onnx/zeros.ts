// Which values are zeros whatever comes in: exporters write the initial state of a recurrent layer as ten nodes that come to nothing else.

import type { GraphNode } from 'unrolled/graph';
import type { Draft } from './body.ts';

/** Ops that make zeros of zeros. */
const keeping = new Set([
  'Cast',
  'Concat',
  'Expand',
  'Flatten',
  'Gather',
  'Identity',
  'Reshape',
  'Slice',
  'Split',
  'Squeeze',
  'Tile',
  'Transpose',
  'Unsqueeze',
]);

const deepest = 100;
const mostElements = 2 ** 22;

/** Answers whether a value is zeros. */
export class Zeros {
  readonly #draft: Draft;
  readonly #makers = new Map<string, GraphNode>();
  readonly #known = new Map<string, boolean>();

  constructor(draft: Draft) {
    this.#draft = draft;
    for (const body of draft.bodies())
      for (const node of body.nodes) for (const name of node.outputs) if (name !== null) this.#makers.set(name, node);
  }

  is(name: string, depth = 0): boolean {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const zero = depth < deepest && this.#ask(name, depth);
    this.#known.set(name, zero);
    return zero;
  }

  #ask(name: string, depth: number): boolean {
    const constant = this.#draft.constants.get(name);
    if (constant) {
      const size = constant.shape.reduce((n, d) => n * d, 1);
      return (
        constant.element === 'float' && size <= mostElements && Array.from(constant.values()).every((v) => v === 0)
      );
    }
    const node = this.#makers.get(name);
    if (!node) return false;
    const { value = 0, element = 'float' } = node.attributes ?? {};
    if (node.op === 'ConstantOfShape') return value === 0 && element === 'float';
    if (!keeping.has(node.op)) return false;
    const moved = node.op === 'Concat' ? node.inputs : node.inputs.slice(0, 1);
    return moved.length > 0 && moved.every((input) => input !== null && this.is(input, depth + 1));
  }
}
