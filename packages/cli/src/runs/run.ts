// A run of any kind from its start, or from where it was left, to its end. Whoever shows it gets one stream of events.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  checkNetwork,
  manualSeed,
  type Module,
  type NetworkCheck,
  OptionError,
  type TrainingEvent,
  type TrainingState,
} from 'unrolled';
import { RunFolder } from '../run-folder.ts';
import { firstDifference, type RunConfig } from './config.ts';
import { checkConfig } from './fields.ts';
import { inspectorOf } from './inspector.ts';
import type { Prepared, TaskKind } from './kind.ts';
import { type RunValues, trainingOf } from './options.ts';
import { stepsIn } from './steps.ts';
import { makeTrainer } from './trainer.ts';
import { rememberRun } from './trust.ts';

export interface RunStart {
  readonly type: 'start';
  readonly config: RunConfig;
  readonly folder: string;
  readonly model: Module;
  /** The step it goes on from; 0 for a new run. */
  readonly resumedAt: number;
  /** Set when the newest checkpoint could not be used and an older one was. */
  readonly notice: string | null;
  /** Of a new run, unless it was told not to. */
  readonly checks: readonly NetworkCheck[];
}

/** What the model does at this step. */
export interface SampleEvent {
  readonly type: 'sample';
  readonly step: number;
  readonly lines: readonly string[];
}

export interface SavedEvent {
  readonly type: 'saved';
  readonly step: number;
}

/** What the best model does, when the run is over. */
export interface ShowcaseEvent {
  readonly type: 'showcase';
  readonly lines: readonly string[];
}

export type RunEvent =
  | RunStart
  | SampleEvent
  | SavedEvent
  | ShowcaseEvent
  | Exclude<TrainingEvent, { type: 'checkpoint' }>;

export interface RunRequest {
  readonly kind: TaskKind;
  readonly prepared: Prepared;
  readonly folder: string;
  readonly values: RunValues;
  readonly signal: AbortSignal;
  /** Told about what takes a while before the first event. */
  readonly say: (text: string) => void;
}

const metricsEvery = 10; // steps

/** Trains, saves, samples. The generator ends when the run does; a run that was interrupted is saved first. */
export async function* runTask(run: RunRequest): AsyncGenerator<RunEvent, void> {
  const { prepared, values, signal } = run;
  const exists = !values.fresh && existsSync(run.folder);
  const opened = exists ? await RunFolder.open(run.folder, { write: true }) : null;
  const config = opened ? await sameRun(run, opened) : await configOf(run);
  const folder =
    opened ??
    (await RunFolder.create(run.folder, { config: { ...config }, ...prepared.contents }, { replace: values.fresh }));
  if (!opened) rememberRun(folder.configHash); // a run that is resumed may be a stranger's
  try {
    manualSeed(config.training.seed);
    const { model, task } = prepared.make(config);
    // Which parameters the gradient is made of: for the report on clipping.
    const trainer = makeTrainer(task, config.training, values.inspect ? inspectorOf(task) : null);
    const last = opened ? await folder.loadCheckpoint('last') : null;
    if (last)
      trainer.restore({ model: last.model, training: last.training, state: last.state as unknown as TrainingState });
    yield {
      type: 'start',
      config,
      folder: run.folder,
      model,
      resumedAt: trainer.step,
      notice: last?.notice ?? null,
      checks: values.check && trainer.step === 0 && task.probe ? checkNetwork(model, task.probe()) : [],
    };
    let savedAt = performance.now();
    for await (const event of trainer.run(signal)) {
      if (event.type === 'checkpoint') {
        if (!event.due && (performance.now() - savedAt) / 1000 < values.saveSeconds) continue;
        const { step, model: weights, training, state } = event.take();
        await folder.saveCheckpoint({ step, model: weights, training, state: { ...state }, best: event.best });
        savedAt = performance.now();
        yield { type: 'saved', step };
        continue;
      }
      await record(folder, event);
      yield event;
      if (event.type === 'end' && event.reason !== 'stopped') yield* showcase(prepared, folder, model);
      if (event.type !== 'step' || event.step % config.training.sampleEvery !== 0 || !prepared.sample) continue;
      const lines = atRest(model, () => prepared.sample?.(model, config.training.seed + event.step));
      yield { type: 'sample', step: event.step, lines: lines ?? [] };
    }
  } finally {
    await folder.close();
  }
}

/** Takes the best weights; the run is over, so nothing depends on the last ones any more. */
async function* showcase(prepared: Prepared, folder: RunFolder, model: Module): AsyncGenerator<ShowcaseEvent, void> {
  if (!prepared.showcase) return;
  const best = await folder.loadCheckpoint('best');
  if (best) model.loadStateDict(best.model, folder.path);
  yield { type: 'showcase', lines: await prepared.showcase(model.eval()) };
}

function atRest<R>(model: Module, body: () => R): R {
  const training = model.training;
  model.eval();
  try {
    return body();
  } finally {
    model.train(training);
  }
}

async function record(folder: RunFolder, event: TrainingEvent): Promise<void> {
  if (event.type === 'step' && event.step % metricsEvery === 0) {
    const { step, epoch, loss, smoothLoss, lr, gradientNorm } = event;
    await folder.appendMetrics({ type: 'step', step, epoch, loss, smoothLoss, lr, gradientNorm });
  } else if (event.type === 'evaluation' || event.type === 'skipped' || event.type === 'look') {
    await folder.appendMetrics({ ...event });
  }
}

/** The saved configuration, when what is asked for agrees with it. */
async function sameRun(run: RunRequest, folder: RunFolder): Promise<RunConfig> {
  const saved = checkConfig(folder.config, join(folder.path, 'config.json')).config;
  const asked = await configOf(run, saved.task === run.kind.name ? saved.training.steps : 1);
  const difference = firstDifference({ ...saved, data: saved.data.sha256 }, { ...asked, data: asked.data.sha256 });
  if (!difference) return saved;
  throw new OptionError(
    `train ${run.kind.name}`,
    folder.path,
    `holds another run (${difference}); choose another --out, or --fresh to begin anew`,
  );
}

/** Fills in what depends on the data and on the machine: the steps, and when to look. */
async function configOf({ kind, prepared, values, say }: RunRequest, known?: number): Promise<RunConfig> {
  const { model, settings, data } = prepared;
  const training = { ...settings, ...trainingOf(values), steps: Number.MAX_SAFE_INTEGER, evalEvery: 0, sampleEvery: 1 };
  const { steps, epochs, minutes } = values;
  const counted = steps ?? (epochs === null ? known : null);
  const total = counted ?? (await stepsIn(prepared, { model, training }, { epochs, minutes, say }));
  const part = (n: number) => Math.max(1, Math.round(total / n));
  const config: RunConfig = {
    format: 'unrolled run',
    version: 1,
    task: kind.name,
    model,
    training: {
      ...training,
      steps: total,
      evalEvery: values.evalEvery ?? part(5),
      sampleEvery: values.sampleEvery ?? part(prepared.samples ?? 10),
    },
    data,
  };
  return JSON.parse(JSON.stringify(config)) as RunConfig; // as it is saved and read again: what is infinite is null there
}
