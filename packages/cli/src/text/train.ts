// A text run from its start, or from where it was left, to its end. Whoever shows it gets one stream of events.

import { existsSync } from 'node:fs';
import {
  generate,
  type LanguageModel,
  OptionError,
  scope,
  stepperOf,
  type TrainingEvent,
  type TrainingState,
  Vocabulary,
} from 'unrolled';
import { RunFolder } from '../run-folder.ts';
import { sha256 } from './read.ts';
import { firstDifference, type TextConfig, type TextOptions } from './config.ts';
import { makeSession, makeStreams, type TextStreams } from './session.ts';

export interface TextSource {
  readonly text: string;
  /** What it is, for a person: a path, or a description. */
  readonly source: string;
}

export interface TextRunStart {
  readonly type: 'start';
  readonly config: TextConfig;
  readonly folder: string;
  readonly model: LanguageModel;
  readonly vocabularySize: number;
  readonly trainCharacters: number;
  readonly validationCharacters: number;
  /** The step it goes on from; 0 for a new run. */
  readonly resumedAt: number;
  /** Set when the newest checkpoint could not be used and an older one was. */
  readonly notice: string | null;
}

export interface SampleEvent {
  readonly type: 'sample';
  readonly step: number;
  readonly text: string;
}

export interface SavedEvent {
  readonly type: 'saved';
  readonly step: number;
}

export type TextRunEvent = TextRunStart | SampleEvent | SavedEvent | Exclude<TrainingEvent, { type: 'checkpoint' }>;

export interface TextRunOptions {
  readonly source: TextSource;
  readonly folder: string;
  readonly options: TextOptions;
  /** Begin anew even if the folder holds a run. */
  readonly fresh: boolean;
  /** Save at least this often, in seconds; 0 after every step. Saving changes no result. */
  readonly saveSeconds: number;
  readonly signal: AbortSignal;
  /** Told about what takes a while before the first event. */
  readonly say: (text: string) => void;
}

const metricsEvery = 10; // steps

/** Trains, saves, samples. The generator ends when the run does; a run that was interrupted is saved first. */
export async function* runText(run: TextRunOptions): AsyncGenerator<TextRunEvent, void> {
  const { source, options, signal } = run;
  const vocabulary = Vocabulary.fromText(source.text, { unit: options.unit });
  const ids = vocabulary.encode(source.text);
  const streams = makeStreams(ids, options);
  const data = { source: source.source, characters: ids.length, sha256: sha256(source.text) };
  const exists = !run.fresh && existsSync(run.folder);
  const opened = exists ? await RunFolder.open(run.folder, { write: true }) : null;
  const config = opened
    ? sameRun(opened, configOf(run, vocabulary, streams, data, savedSteps(opened)))
    : configOf(run, vocabulary, streams, data);
  const folder =
    opened ??
    (await RunFolder.create(
      run.folder,
      { config: { ...config }, vocabulary: vocabulary.toJSON() },
      { replace: run.fresh },
    ));
  try {
    const { model, trainer } = makeSession(config, streams);
    const last = opened ? await folder.loadCheckpoint('last') : null;
    if (last)
      trainer.restore({ model: last.model, training: last.training, state: last.state as unknown as TrainingState });
    yield {
      type: 'start',
      config,
      folder: run.folder,
      model,
      vocabularySize: vocabulary.size,
      trainCharacters: Math.floor(ids.length * (1 - config.training.valFrac)),
      validationCharacters: ids.length - Math.floor(ids.length * (1 - config.training.valFrac)),
      resumedAt: trainer.step,
      notice: last?.notice ?? null,
    };
    let savedAt = performance.now();
    for await (const event of trainer.run(signal)) {
      if (event.type === 'checkpoint') {
        if (!event.due && (performance.now() - savedAt) / 1000 < run.saveSeconds) continue;
        const { step, model, training, state } = event.take();
        await folder.saveCheckpoint({ step, model, training, state: { ...state }, best: event.best });
        savedAt = performance.now();
        yield { type: 'saved', step };
        continue;
      }
      await record(folder, event);
      yield event;
      if (event.type !== 'step' || event.step % config.training.sampleEvery !== 0) continue;
      yield { type: 'sample', step: event.step, text: sample(model, vocabulary, config.training.seed + event.step) };
    }
  } finally {
    await folder.close();
  }
}

/** A short text from the model as it is. Does not disturb the run's own chance. */
function sample(model: LanguageModel, vocabulary: Vocabulary, seed: number, length = 160): string {
  const training = model.training;
  const text = vocabulary.decode([...generate(stepperOf(model.eval()), [], { length, seed, temperature: 0.8 })]);
  model.train(training);
  return text;
}

async function record(folder: RunFolder, event: TrainingEvent): Promise<void> {
  if (event.type === 'step' && event.step % metricsEvery === 0) {
    const { step, epoch, loss, smoothLoss, lr, gradientNorm } = event;
    await folder.appendMetrics({ type: 'step', step, epoch, loss, smoothLoss, lr, gradientNorm });
  } else if (event.type === 'evaluation' || event.type === 'skipped') {
    await folder.appendMetrics({ ...event });
  }
}

function savedSteps(folder: RunFolder): number {
  return (folder.config as unknown as TextConfig).training.steps;
}

/** The saved configuration, when what is asked for agrees with it. */
function sameRun(folder: RunFolder, asked: TextConfig): TextConfig {
  const saved = folder.config as unknown as TextConfig;
  const difference = firstDifference({ ...saved, data: saved.data.sha256 }, { ...asked, data: asked.data.sha256 });
  if (!difference) return saved;
  throw new OptionError(
    'train text',
    folder.path,
    `holds another run (${difference}); choose another --out, or --fresh to begin anew`,
  );
}

/** Fills in what depends on the data and on the machine: the steps, and when to look. */
function configOf(
  run: TextRunOptions,
  vocabulary: Vocabulary,
  streams: TextStreams,
  data: TextConfig['data'],
  known?: number,
): TextConfig {
  const {
    cell,
    hidden,
    layers,
    embedding,
    dropout,
    recurrentDropout,
    tieWeights,
    unit: _,
    steps,
    epochs,
    minutes,
    evalEvery,
    sampleEvery,
    ...rest
  } = run.options;
  const model = {
    vocabularySize: vocabulary.size,
    cell,
    hiddenSize: hidden,
    numLayers: layers,
    embeddingDim: embedding ?? hidden,
    dropout,
    recurrentDropout,
    tieWeights,
  };
  const training = { ...rest, steps: Number.MAX_SAFE_INTEGER, evalEvery: 0, sampleEvery: 1 };
  const epochSteps = epochs === null ? null : Math.max(1, Math.round(epochs * streams.train.windowsPerEpoch));
  const total = steps ?? epochSteps ?? known ?? stepsIn(minutes ?? 1, { model, training }, streams, run.say);
  const part = (n: number) => Math.max(1, Math.round(total / n));
  return {
    format: 'unrolled run',
    version: 1,
    task: 'text',
    model,
    training: { ...training, steps: total, evalEvery: evalEvery ?? part(5), sampleEvery: sampleEvery ?? part(10) },
    data,
  };
}

/** How many steps this machine does in so many minutes: a second on a model that is thrown away. */
function stepsIn(
  minutes: number,
  config: Pick<TextConfig, 'model' | 'training'>,
  streams: TextStreams,
  say: (text: string) => void,
): number {
  say('measuring the speed of this machine');
  const { task } = makeSession(config, streams);
  const step = () => scope(() => task.next()().loss.backward());
  const [warmUp, measure] = [300, 900]; // ms
  runFor(warmUp, step);
  const { steps, ms } = runFor(measure, step);
  task.model.zeroGrad();
  task.setState({ json: { position: 0, carried: 0 }, tensors: new Map() });
  const useful = 0.9; // of the time: the rest is updates, validation, samples and saving
  return Math.max(10, Math.round(((minutes * 60_000 * useful) / ms) * steps));
}

function runFor(ms: number, step: () => void): { steps: number; ms: number } {
  const start = performance.now();
  let steps = 0;
  do {
    step();
    steps++;
  } while (performance.now() - start < ms);
  return { steps, ms: performance.now() - start };
}
