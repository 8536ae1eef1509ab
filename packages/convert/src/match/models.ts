// A network that is one of the library's own: embedding or one-hot rows, recurrent layers of one cell, pooling, linear layers. As a model of that type it is
// sampled, measured and inspected as if it had been trained here, and decodes with the packed kernels. Its numbers are those of the graph.
//
//   text-generation        embedding → recurrent → linear                     LanguageModel
//   text-classification    embedding → recurrent → pool → (linear → relu) → linear       SequenceClassifier
//   token-classification   embedding → recurrent → linear                     SequenceTagger
//
// A softmax at the end belongs to the task. One sigmoid is two classes with the logits 0 and z, since softmax([0, z]) = [1 − σ(z), σ(z)].

import {
  LanguageModel,
  type LanguageModelConfig,
  type SavedTensor,
  SequenceClassifier,
  type SequenceClassifierConfig,
  SequenceTagger,
  type SequenceTaggerConfig,
  type StateDict,
} from 'unrolled';
import { quoted } from '../errors.ts';
import { transposed } from '../arrays/layout.ts';
import type { ImportedNetwork } from '../model/imported-model.ts';
import type { ConversionReport } from '../model/report.ts';
import { type GraphPath, type MatrixOf, Mismatch, pathOf, type RecurrentStep, type Step } from './path.ts';

/** The tasks that a network can be the model of. */
export const ownTasks = ['text-generation', 'text-classification', 'token-classification'] as const;

/** The name of such a task. */
export type OwnTask = (typeof ownTasks)[number];

/** A network as a model of the library. */
export type OwnModel = {
  /** How the graph goes through it, for comparing the two. */
  readonly path: GraphPath;
  /** How many symbols the graph reads. */
  readonly symbols: number;
  /** What the graph gives: logits, or a function of them. */
  readonly gives: 'logits' | 'log-softmax' | 'softmax' | 'sigmoid';
  readonly weights: StateDict;
} & (
  | { readonly type: 'language-model'; readonly config: LanguageModelConfig }
  | { readonly type: 'sequence-classifier'; readonly config: SequenceClassifierConfig }
  | { readonly type: 'sequence-tagger'; readonly config: SequenceTaggerConfig }
);

/** The network as the model of a task; or, as a text, why it is none. Decisions go into the report. */
export function ownModel(
  network: Pick<ImportedNetwork, 'graph' | 'weights'>,
  task: OwnTask,
  report: ConversionReport,
): OwnModel | string {
  try {
    const path = pathOf(network.graph);
    return new Matcher(path, network.weights(), report).model(task);
  } catch (error) {
    if (error instanceof Mismatch) return error.message;
    throw error;
  }
}

/** The model with its weights, in eval mode, on the current backend. */
export function moduleOf(own: OwnModel): LanguageModel | SequenceClassifier | SequenceTagger {
  switch (own.type) {
    case 'language-model':
      return new LanguageModel(own.config).loadStateDict(own.weights, own.type).eval();
    case 'sequence-classifier':
      return new SequenceClassifier(own.config).loadStateDict(own.weights, own.type).eval();
    case 'sequence-tagger':
      return new SequenceTagger(own.config).loadStateDict(own.weights, own.type).eval();
    default:
      throw own satisfies never;
  }
}

type Linear = MatrixOf & { readonly name: string };

class Matcher {
  readonly #path: GraphPath;
  readonly #weights: StateDict;
  readonly #report: ConversionReport;
  /** Steps that were not yet explained. */
  readonly #rest: Step[];

  constructor(path: GraphPath, weights: StateDict, report: ConversionReport) {
    this.#path = path;
    this.#weights = weights;
    this.#report = report;
    this.#rest = joined(path.steps);
  }

  model(task: OwnTask): OwnModel {
    const embedding = this.#take('embedding');
    const layers: RecurrentStep[] = [];
    for (let step = this.#take('recurrent'); step; step = this.#take('recurrent')) layers.push(step);
    const recurrent = sameLayers(layers);
    const width = embedding ? this.#tensor(embedding.weight).shape[1] : 0;
    const symbols = embedding ? this.#tensor(embedding.weight).shape[0] : layers[0].inputSize;
    const pool = this.#take('pool');
    const first = this.#linear();
    const relu = task === 'text-classification' && this.#activation('relu');
    const second = relu ? this.#linear() : null;
    const late = this.#take('pool');
    const gives = this.#gives();
    const [extra] = this.#rest;
    if (extra) throw new Mismatch(`${quoted(extra.name)} is one ${extra.kind} more than ${titles[task]} has`);
    if (this.#path.outputAxes.at(-1) !== 'F') throw new Mismatch('its output has not the features in the last axis');
    const head = second ?? first;
    const outputs = this.#tensor(head.weight).shape[head.transposed ? 1 : 0];
    this.#inputs(embedding === null, symbols);
    const shared = {
      cell: recurrent.cell,
      hiddenSize: recurrent.hiddenSize,
      embeddingDim: width,
      vocabularySize: symbols,
      numLayers: layers.reduce((sum, { numLayers }) => sum + numLayers, 0),
    };
    const weights: StateDict = new Map();
    if (embedding) weights.set('embedding.weight', this.#tensor(embedding.weight));
    this.#recurrent(layers, weights);
    if (gives === 'sigmoid' && (task !== 'text-classification' || outputs !== 1))
      throw new Mismatch(`its output is ${outputs} sigmoids, and ${titles[task]} gives a softmax`);
    if (task === 'text-classification') {
      const pooling = this.#pooling(pool, late, recurrent);
      if (second) this.#linearTo(weights, 'dense', first);
      this.#linearTo(weights, 'head', head);
      if (gives === 'sigmoid') this.#twoClasses(weights);
      const denseSize = second ? this.#tensor(first.weight).shape[first.transposed ? 1 : 0] : 0;
      const classes = gives === 'sigmoid' ? 2 : outputs;
      const { bidirectional } = recurrent;
      const { config } = new SequenceClassifier({ ...shared, bidirectional, classes, pooling, denseSize });
      return this.#found({ type: 'sequence-classifier', config, weights, gives, symbols, path: this.#path });
    }
    if (task === 'token-classification') {
      if (pool ?? late) throw new Mismatch('it gives one answer for a sequence, and a tagger one for each step');
      this.#linearTo(weights, 'head', head);
      const { config } = new SequenceTagger({ ...shared, bidirectional: recurrent.bidirectional, classes: outputs });
      return this.#found({ type: 'sequence-tagger', config, weights, gives, symbols, path: this.#path });
    }
    if (recurrent.bidirectional) throw new Mismatch('it also reads from the end, and generates nothing');
    if (outputs !== symbols)
      throw new Mismatch(`it reads ${symbols} symbols and gives ${outputs}, and a language model as many as it reads`);
    const pooled = pool ?? late;
    if (pooled && pooled.how !== 'last' && pooled.how !== 'final')
      throw new Mismatch(`${quoted(pooled.name)} is a ${pooled.how} over time, and a language model has none`);
    if (pooled)
      this.#report.decide(
        'window',
        pooled.name,
        'every step predicts the next symbol',
        'the network gives the prediction of the last step alone, which is that of any other; texts are read on, not in windows',
      );
    this.#linearTo(weights, 'decoder', head);
    const { config } = new LanguageModel(shared);
    return this.#found({ type: 'language-model', config, weights, gives, symbols, path: this.#path });
  }

  #found(own: OwnModel): OwnModel {
    const { cell, numLayers, hiddenSize } = own.config;
    const what = `${own.type}, ${cell}, ${numLayers} × ${hiddenSize} units`;
    this.#report.decide('model', null, what, "the graph is that of one of the library's own models");
    return own;
  }

  #inputs(oneHot: boolean, symbols: number): void {
    const { input, others, masked } = this.#path;
    if (oneHot && input.element !== 'float') throw new Mismatch('it has no embedding, and reads no one-hot rows');
    if (oneHot && symbols < 2) throw new Mismatch('it reads one number a step, which is no one-hot row of a symbol');
    if (oneHot) this.#report.decide('input', input.name, 'one-hot rows of symbols', 'there is no embedding');
    for (const name of others)
      this.#report.decide('input', name, 'not an input any more', 'the model keeps its states and lengths itself');
    if (masked)
      this.#report.decide('mask', null, 'no mask', 'padding is never read here, and id 0 stands for nothing else');
  }

  #take<K extends Step['kind']>(kind: K): Extract<Step, { kind: K }> | null {
    if (this.#rest[0]?.kind !== kind) return null;
    return this.#rest.shift() as Extract<Step, { kind: K }>;
  }

  #linear(): Linear {
    const step = this.#take('linear');
    if (step) return step;
    const [next] = this.#rest;
    throw new Mismatch(
      next
        ? `a linear layer is expected where ${quoted(next.name)} is, of the kind ${next.kind}`
        : 'it ends before a linear layer',
    );
  }

  #activation(...hows: readonly string[]): string | null {
    const [next] = this.#rest;
    if (next?.kind !== 'activation' || !hows.includes(next.how)) return null;
    this.#rest.shift();
    return next.how;
  }

  #gives(): OwnModel['gives'] {
    return (this.#activation('softmax', 'log-softmax', 'sigmoid') as OwnModel['gives'] | null) ?? 'logits';
  }

  /** How a classifier pools: the last step is a row's final state where nothing reads from the end. */
  #pooling(
    pool: Extract<Step, { kind: 'pool' }> | null,
    late: Extract<Step, { kind: 'pool' }> | null,
    { bidirectional }: RecurrentStep,
  ): 'last' | 'mean' | 'max' {
    if (late || !pool) throw new Mismatch('it gives an answer for each step, and a classifier one for a sequence');
    if (pool.how === 'final') return 'last';
    if (pool.how === 'last' && bidirectional)
      throw new Mismatch(
        `${quoted(pool.name)} takes the last step of both directions, where the backward half has read one step`,
      );
    return pool.how;
  }

  #tensor(name: string): SavedTensor {
    const tensor = this.#weights.get(name);
    if (!tensor) throw new Mismatch(`its weights have no ${quoted(name)}`);
    return tensor;
  }

  /** The layers' weights as those of one module; biases that a layer lacks are zeros, and add nothing. */
  #recurrent(layers: readonly RecurrentStep[], weights: StateDict): void {
    let layer = 0;
    for (const { name, layer: own, numLayers, bias, bidirectional } of layers) {
      if (!bias) this.#report.decide('bias', name, 'zeros', 'the layer has none');
      for (let l = 0; l < numLayers; l++, layer++)
        for (const direction of bidirectional ? ['', '_reverse'] : [''])
          for (const key of ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh']) {
            const to = `recurrent.${key}_l${layer}${direction}`;
            const from = `${own ? `${own}.` : ''}${key}_l${l}${direction}`;
            if (bias || key.startsWith('weight')) weights.set(to, this.#tensor(from));
            else {
              const [rows] = this.#tensor(from.replace(key, 'weight_hh')).shape;
              weights.set(to, zerosOf([rows]));
            }
          }
    }
  }

  #linearTo(weights: StateDict, name: string, { weight, bias, transposed: isTransposed, name: from }: Linear): void {
    const matrix = this.#tensor(weight);
    const turned = isTransposed ? turn(matrix) : matrix;
    weights.set(`${name}.weight`, turned);
    if (bias === null) this.#report.decide('bias', from, 'zeros', 'the layer has none');
    weights.set(`${name}.bias`, bias === null ? zerosOf([turned.shape[0]]) : this.#tensor(bias));
  }

  /** The head of one sigmoid as that of two classes, of which the first has the logit 0. */
  #twoClasses(weights: StateDict): void {
    for (const key of ['head.weight', 'head.bias']) {
      const { shape, data } = weights.get(key) as SavedTensor;
      const both = new Float32Array(2 * data.length);
      both.set(data, data.length);
      weights.set(key, { shape: [2, ...shape.slice(1)], data: both });
    }
    this.#report.decide('classes', null, 'two, with the logits 0 and z', 'the network gives one sigmoid σ(z)');
  }
}

const titles: Readonly<Record<OwnTask, string>> = {
  'text-generation': 'a language model',
  'text-classification': 'a classifier',
  'token-classification': 'a tagger',
};

/** A product and the bias that is added to it as one linear layer. */
function joined(steps: readonly Step[]): Step[] {
  const all: Step[] = [];
  for (const step of steps) {
    if (step.kind !== 'linear' || step.weight !== '') {
      all.push(step);
      continue;
    }
    const before = all.pop();
    if (before?.kind !== 'linear' || before.bias !== null)
      throw new Mismatch(`${quoted(step.name)} adds a bias to what is no product`);
    all.push({ ...before, bias: step.bias });
  }
  return all;
}

/** The first of recurrent layers that are of one kind and size. */
function sameLayers(layers: readonly RecurrentStep[]): RecurrentStep {
  const [first, ...others] = layers;
  if (!first) throw new Mismatch('a recurrent layer does not come first, or directly after the embedding');
  const width = first.hiddenSize * (first.bidirectional ? 2 : 1);
  for (const { name, cell, hiddenSize, bidirectional, inputSize } of others) {
    if (cell !== first.cell || hiddenSize !== first.hiddenSize || bidirectional !== first.bidirectional)
      throw new Mismatch(
        `the layers ${quoted(first.name)} and ${quoted(name)} differ, and those of a model are of one kind and size`,
      );
    if (inputSize !== width) throw new Mismatch(`${quoted(name)} reads ${inputSize} features, not ${width}`);
  }
  return first;
}

function zerosOf(shape: readonly number[]): SavedTensor {
  return { shape, data: new Float32Array(shape.reduce((n, d) => n * d, 1)) };
}

/** [in, out] → [out, in] */
function turn({ shape, data }: SavedTensor): SavedTensor {
  const [rows, columns] = shape;
  return { shape: [columns, rows], data: transposed(data as Float32Array, rows, columns) };
}
