// A text run in the worker: model, data and loop of a specification, to be taken step by step.

import {
  Adagrad,
  Adam,
  AdamW,
  type Checkpoint,
  LanguageModel,
  languageTask,
  type LanguageTask,
  manualSeed,
  type Optimizer,
  RMSprop,
  SGD,
  Trainer,
  type TrainingEvent,
} from 'unrolled';
import { StreamBatcher, Vocabulary } from 'unrolled/data';
import { textGenerationOf } from 'unrolled/pipelines';
import type { OptimizerName, Settings } from '../state/settings.ts';
import { changeAt, type RunSpec } from './spec.ts';

const optimizerOf: Readonly<Record<OptimizerName, (model: LanguageModel, lr: number) => Optimizer>> = {
  adam: (model, lr) => new Adam(model.parameters(), { lr }),
  adamw: (model, lr) => new AdamW(model.parameters(), { lr }),
  rmsprop: (model, lr) => new RMSprop(model.parameters(), { lr }),
  sgd: (model, lr) => new SGD(model.parameters(), { lr }),
  adagrad: (model, lr) => new Adagrad(model.parameters(), { lr }),
};

const input = { kind: 'text-generation', tokens: 'vocabulary' } as const;
const [validationStreams, validationWindow] = [16, 128];

/** The model of these settings over a vocabulary, its weights drawn from the seed. */
export function modelOf(settings: Settings, vocabularySize: number): LanguageModel {
  manualSeed(settings.seed);
  const { cell, hiddenSize, numLayers, embeddingDim, dropout } = settings;
  return new LanguageModel(vocabularySize, { cell, hiddenSize, numLayers, embeddingDim, dropout });
}

/** Training and validation streams of a text. Throws an OptionError that says what would fit for one that is too short. */
export function streamsOf(ids: Int32Array, { batch, windowLength, validation }: Settings) {
  const cut = Math.floor(ids.length * (1 - validation));
  const train = new StreamBatcher(ids.subarray(0, cut), { streams: batch, windowLength });
  const rest = ids.subarray(cut);
  if (rest.length < 2) return { train, validation: null };
  const streams = Math.max(1, Math.min(validationStreams, Math.floor(rest.length / (2 * validationWindow))));
  const length = Math.max(1, Math.min(validationWindow, Math.floor((rest.length - 1) / streams)));
  return { train, validation: new StreamBatcher(rest, { streams, windowLength: length }) };
}

export class TextRun {
  readonly vocabulary: Vocabulary;
  readonly ids: Int32Array;
  readonly model: LanguageModel;
  readonly task: LanguageTask;
  readonly #optimizer: Optimizer;
  readonly #prompt: string;
  #spec: RunSpec;
  #trainer: Trainer;
  #events: AsyncGenerator<TrainingEvent, void>;
  #withoutImprovement = 0;

  constructor(spec: RunSpec, text: string) {
    this.#spec = spec;
    const { settings } = spec;
    this.vocabulary = Vocabulary.fromText(text);
    this.ids = this.vocabulary.encode(text);
    this.#prompt = /^\S{0,11}\s?/u.exec(text)?.[0] ?? '';
    this.model = modelOf(settings, this.vocabulary.size);
    this.task = languageTask(this.model, streamsOf(this.ids, settings));
    this.#optimizer = optimizerOf[settings.optimizer](this.model, settings.lr);
    [this.#trainer, this.#events] = this.#begin(0);
  }

  get spec(): RunSpec {
    return this.#spec;
  }

  get step(): number {
    return this.#trainer.step;
  }

  get ended(): boolean {
    const { steps, patience } = this.#spec.settings;
    return this.step >= steps || (patience > 0 && this.#withoutImprovement >= patience);
  }

  /** One step and what belongs to it, validation included. An empty list once the run has ended. */
  async advance(): Promise<TrainingEvent[]> {
    const found: TrainingEvent[] = [];
    if (this.ended) return found;
    for (;;) {
      const { value } = await this.#events.next();
      if (!value || value.type === 'end') break;
      found.push(value);
      if (value.type === 'evaluation') this.#withoutImprovement = value.best ? 0 : this.#withoutImprovement + 1;
      if (value.type === 'checkpoint') break; // what comes after it is the next step
    }
    if (this.#spec.changes.some(({ step }) => step === this.step)) await this.#again();
    return found;
  }

  /** Other learning rate or clipping from here on. */
  async change(spec: RunSpec): Promise<void> {
    this.#spec = spec;
    await this.#again();
  }

  /** A trainer with the options of this step, where the last one is: it ends in the same bits as one that had them from its start. */
  async #again(): Promise<void> {
    const checkpoint = this.#trainer.checkpoint();
    await this.#events.return();
    [this.#trainer, this.#events] = this.#begin(checkpoint.step);
    this.restore(checkpoint);
  }

  /** A text from the model as it is, from the first word of its own text on and always of the same random numbers. */
  async sample(maxTokens: number): Promise<string> {
    let text = this.#prompt;
    const pipeline = textGenerationOf(this.model, { vocabulary: this.vocabulary, input }); // it packs the weights of now
    for await (const piece of pipeline.generate(this.#prompt, { maxTokens, temperature: 0.8, seed: 1 }))
      text += piece.text;
    return text;
  }

  checkpoint(): Checkpoint {
    return this.#trainer.checkpoint();
  }

  restore(checkpoint: Omit<Checkpoint, 'step'>): void {
    this.#trainer.restore(checkpoint);
    this.#optimizer.lr = changeAt(this.#spec, this.step).lr;
    this.#withoutImprovement = checkpoint.state.withoutImprovement;
  }

  /** A trainer whose options are those at this step. */
  #begin(step: number): [Trainer, AsyncGenerator<TrainingEvent, void>] {
    const { settings } = this.#spec;
    const { clipNorm } = changeAt(this.#spec, step);
    const trainer = new Trainer(this.task, {
      optimizer: this.#optimizer,
      steps: settings.steps,
      clipNorm: clipNorm > 0 ? clipNorm : null,
      evaluateEvery: settings.evaluateEvery,
      onNonFinite: 'skip',
    });
    return [trainer, trainer.run()];
  }
}
