// A graph whose weights no longer change, for many short calls: a detector that reads a stream chunk by chunk.

import { noGrad } from '../tensor/autograd.ts';
import { scope } from '../tensor/scope.ts';
import type { GraphPlan } from './plan.ts';
import { graphInputs, type GraphValues, namedOutputs } from './ports.ts';
import type { GraphSpec } from './spec.ts';
import type { GraphValue } from './value.ts';

/**
 * What `GraphModel.frozen` gives.
 *
 *     const network = model.frozen();
 *     const { probability, hn, cn } = network.forward({ samples, h, c });
 */
export class FrozenGraph {
  readonly graph: GraphSpec;
  readonly #plan: GraphPlan;

  constructor(graph: GraphSpec, plan: GraphPlan) {
    this.graph = graph;
    this.#plan = plan;
  }

  /** Outputs by name, as `GraphModel.forward` gives them in eval mode; with the same errors. What is computed on the way is freed. */
  forward(inputs: GraphValues): Record<string, GraphValue> {
    const run = () => this.#plan.run(graphInputs(this.graph, inputs), false);
    return namedOutputs(
      this.graph,
      noGrad(() => scope(run)),
    );
  }
}
