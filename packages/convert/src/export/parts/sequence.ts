// Models of one sequence, as the library computes them: language models, classifiers, taggers, memory problems and forecasters.

import {
  type Forecaster,
  type LanguageModel,
  type MemoryModel,
  type SequenceClassifier,
  type SequenceTagger,
  type Tensor,
  tensor,
} from 'unrolled';
import { forecasterGraph } from '../graphs/forecaster.ts';
import { languageModelGraph } from '../graphs/language-model.ts';
import { memoryModelGraph } from '../graphs/memory-model.ts';
import { classifierGraph, taggerGraph } from '../graphs/sequence.ts';
import { type Inputs, type Parts, stateOutputs, type Tensors } from '../part.ts';

export const languageModel: Parts<LanguageModel> = {
  model: {
    graph: languageModelGraph,
    compute: (model, inputs) => {
      const { cell, convolution } = model.config;
      const before = inputs.state(cell);
      if (convolution === 0) {
        const [logits, state] = model.forward(inputs.tensor('input'), before);
        return { logits, ...stateOutputs(cell, state) };
      }
      const given = before === null ? null : { cell: before, window: inputs.tensor('window0') };
      const [logits, state] = model.forward(inputs.tensor('input'), given);
      const after = state as { readonly cell: unknown; readonly window: Tensor };
      return { logits, ...stateOutputs(cell, after.cell), windown: after.window };
    },
  },
};

export const classifier: Parts<SequenceClassifier> = {
  model: {
    graph: classifierGraph,
    compute: (model, inputs) => {
      const [logits, weights] = model.forward(inputs.tensor('input'), { lengths: inputs.tensor('lengths') });
      return { logits, ...(weights && { weights }) };
    },
  },
};

export const tagger: Parts<SequenceTagger> = {
  model: {
    graph: taggerGraph,
    compute: (model, inputs) => {
      const { embedding, vocabularySize } = model;
      const input = inputs.tensor('input');
      const x = vocabularySize === null ? input : embedding ? embedding.forward(input) : oneHot(input, vocabularySize);
      return tagged(model, x, inputs);
    },
  },
};

/** The tagger behind x [T, B, I]: its logits, and in one direction the state after it. */
export function tagged({ config: { cell }, recurrent, head }: SequenceTagger, x: Tensor, inputs: Inputs): Tensors {
  const [output, state] = recurrent.forward(x, inputs.state(cell), { lengths: inputs.tensor('lengths') });
  return { logits: head.forward(output), ...(recurrent.numDirections === 1 && stateOutputs(cell, state)) };
}

function oneHot(ids: Tensor, depth: number): Tensor {
  const values = new Float64Array(ids.size * depth);
  for (const [k, id] of ids.dataSync().entries()) values[k * depth + id] = 1;
  return tensor(values, [...ids.shape, depth]);
}

export const memoryModel: Parts<MemoryModel> = {
  model: {
    graph: memoryModelGraph,
    compute: (model, inputs) => {
      const { cell } = model.config;
      const options = { lengths: inputs.tensor('lengths') };
      const [output, state] = model.recurrent.forward(inputs.tensor('input'), inputs.state(cell), options);
      const states = stateOutputs(cell, state);
      const last = model.head.forward(Object.values(states)[0].select(0, model.config.numLayers - 1));
      return { output: model.head.forward(output), last, ...states };
    },
  },
};

export const forecaster: Parts<Forecaster> = {
  model: {
    graph: forecasterGraph,
    compute: (model, inputs) => {
      const { values, quantiles } = model.forecast(inputs.tensor('input'), { known: inputs.optional('known') });
      return { values, ...(model.config.quantiles.length > 0 && { quantiles }) };
    },
  },
};
