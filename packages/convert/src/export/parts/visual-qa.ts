// A model that answers questions about images, as the library computes it.

import type { VisualQA } from 'unrolled';
import { visualQAGraph } from '../graphs/visual-qa.ts';
import type { Parts } from '../part.ts';

export const visualQA: Parts<VisualQA> = {
  model: {
    graph: visualQAGraph,
    compute: (model, inputs) => {
      const images = inputs.optional('images') ?? inputs.optional('features');
      return {
        logits: model.forward({ question: inputs.tensor('question'), lengths: inputs.tensor('lengths'), images }),
      };
    },
  },
};
