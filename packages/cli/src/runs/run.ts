// A run of any kind from its start, or from where it was left, to its end. Whoever shows it gets one stream of events.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { manualSeed, type Module, OptionError, type TrainingEvent, type TrainingState } from 'unrolled';
import { type MpiWorld } from 'unrolled/world';
import { checkNetwork, type NetworkCheck } from 'unrolled/analysis';
import { type LoadedCheckpoint, RunFolder } from '../run-folder.ts';
import { configFile, firstDifference, optionsOfModel, type RunConfig, type Training } from './config.ts';
import { atStartOfLeg, askedOf, inLeg, type Leg, legsOf, nextLeg } from './continued.ts';
import { checkConfig } from './fields.ts';
import type { Prepared, TaskKind } from './kind.ts';
import { giveStart, type SavedStart, type Start, takeStart } from './hand-over.ts';
import { type RunValues, trainingOf } from './options.ts';
import type { Shown } from './shown.ts';
import { planIn, planOf } from './plan.ts';
import { scaleEmbeddings } from './embedding-scale.ts';
import { makeSchedule, makeTrainer } from './trainer.ts';
import { rememberRun } from './trust.ts';
import { t } from '../language/index.ts';

export interface RunStart {
  readonly type: 'start';
  readonly config: RunConfig;
  readonly folder: string;
  readonly model: Module;
  /** The step it goes on from; 0 for a new run. */
  readonly resumedAt: number;
  /** Of a run that is trained further: what its last leg had, and what this one has. */
  readonly leg: { readonly before: Training; readonly leg: Leg } | null;
  /** Set when the newest checkpoint could not be used and an older one was. */
  readonly notice: string | null;
  /** Of a new run, unless it was told not to. */
  readonly checks: readonly NetworkCheck[];
}

/** What the model does at this step. */
export interface SampleEvent {
  readonly type: 'sample';
  readonly step: number;
  readonly sample: Shown;
}

export interface SavedEvent {
  readonly type: 'saved';
  readonly step: number;
}

/** What the best model does, when the run is over. */
export interface ShowcaseEvent {
  readonly type: 'showcase';
  readonly showcase: Shown;
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
  /** Names of the options that were given, in contrast to defaults. */
  readonly given: ReadonlySet<string>;
  readonly signal: AbortSignal;
  /** Told about what takes a while before the first event. */
  readonly say: (text: string) => void;
  /** The processes that train together, this one being the first. Default: none but this one. */
  readonly world?: MpiWorld | null;
}

const metricsEvery = 10; // steps

/** Trains, saves, samples. The generator ends when the run does; a run that was interrupted is saved first. */
export async function* runTask(run: RunRequest): AsyncGenerator<RunEvent, void> {
  const { prepared, values, signal, world = null } = run;
  let folder: RunFolder | null = null;
  try {
    const start = await giveStart(world, () => startOf(run, (opened) => (folder = opened)));
    const { config, from, legs, before, last } = start;
    folder = start.folder;
    manualSeed(config.training.seed);
    const { model, task } = prepared.make(config);
    if (!last) scaleEmbeddings(model, config.training.embeddingScale);
    // Which parameters the gradient is made of: for the report on clipping.
    let savedAt = performance.now();
    const saveNow = () => (performance.now() - savedAt) / 1000 >= values.saveSeconds;
    const trainer = makeTrainer(task, config.training, { inspect: values.inspect, world, saveNow });
    if (from) trainer.restore(from);
    if (last && run.given.has('minutes') && trainer.step >= config.training.steps)
      run.say(
        t`--minutes chose the ${config.training.steps} steps of this run when it began, and adds none: say --steps with more of them to train it further`,
      );
    if (before.next) await folder.appendMetrics({ type: 'continued', step: trainer.step, training: before.next });
    yield {
      type: 'start',
      config,
      folder: run.folder,
      model,
      resumedAt: trainer.step,
      leg: before.next && { before: inLeg(before.config, before.legs).training, leg: before.next },
      notice: last?.notice ?? null,
      checks: values.check && trainer.step === 0 && task.probe ? checkNetwork(model, task.probe()) : [],
    };
    savedAt = performance.now();
    for await (const event of trainer.run(signal)) {
      if (event.type === 'checkpoint') {
        if (!event.due) continue;
        const { step, model: weights, training, state } = event.take();
        await folder.saveCheckpoint({
          step,
          model: weights,
          training,
          state: { ...state, ...(legs.length > 0 ? { legs } : {}) },
          best: event.best,
        });
        savedAt = performance.now();
        yield { type: 'saved', step };
        continue;
      }
      await record(folder, event);
      yield event;
      if (event.type === 'end' && event.reason !== 'stopped') yield* showcase(prepared, folder, model);
      if (event.type !== 'step' || event.step % config.training.sampleEvery !== 0 || !prepared.sample) continue;
      const sample = await sampled(prepared, model, config.training.seed + event.step);
      if (sample) yield { type: 'sample', step: event.step, sample };
    }
  } finally {
    await folder?.close();
  }
}

interface OpenedRun extends Start {
  readonly folder: RunFolder;
  readonly last: LoadedCheckpoint | null;
  readonly before: Before;
  readonly legs: readonly Leg[];
}

/** Opens the run folder, or makes it, and settles what the run is. `opened` is told of a folder as soon as it has to be closed. */
async function startOf(run: RunRequest, opened: (folder: RunFolder) => void): Promise<OpenedRun> {
  const { prepared, values } = run;
  const keep = values.keepCheckpoints;
  const exists = !values.fresh && existsSync(run.folder);
  let folder = exists ? await RunFolder.open(run.folder, { write: true, keep, say: run.say }) : null;
  if (folder) opened(folder);
  const last = folder ? await folder.loadCheckpoint('last') : null;
  const before = folder ? await sameRun(run, folder, last) : { config: await configOf(run), legs: [], next: null };
  const legs = before.next ? [...before.legs, before.next] : before.legs;
  const config = inLeg(before.config, legs);
  if (!folder) {
    folder = await RunFolder.create(
      run.folder,
      { config: configFile(config, prepared.contract), ...prepared.contents },
      { replace: values.fresh, keep },
    );
    opened(folder);
    rememberRun(folder.configHash); // a run that is resumed may be a stranger's
  }
  return { folder, last, before, legs, config, from: last && savedStart(last, before.next, config) };
}

/** The checkpoint as the run goes on from it: where a leg begins, at its start. */
function savedStart(last: LoadedCheckpoint, leg: Leg | null, config: RunConfig): SavedStart {
  const state = last.state as typeof last.state & TrainingState;
  const { model, training } = last;
  return { model, training, state: leg ? atStartOfLeg(state, makeSchedule(config.training).state()) : state };
}

/** What a process other than the first does: its shards, and nothing that anyone sees. */
export async function followRun({ prepared, signal }: RunRequest, world: MpiWorld): Promise<void> {
  const { config, from } = await takeStart(world);
  manualSeed(config.training.seed);
  const { task } = prepared.make(config);
  const trainer = makeTrainer(task, config.training, { world });
  if (from) trainer.restore(from);
  for await (const _ of trainer.run(signal));
}

/** Takes the best weights; the run is over, so nothing depends on the last ones any more. */
async function* showcase(prepared: Prepared, folder: RunFolder, model: Module): AsyncGenerator<ShowcaseEvent, void> {
  if (!prepared.showcase) return;
  const best = await folder.loadCheckpoint('best');
  if (best) model.loadStateDict(best.model, folder.path);
  yield { type: 'showcase', showcase: await prepared.showcase(model.eval()) };
}

/** Between two steps, in evaluation: the next step is as it would have been. */
async function sampled(prepared: Prepared, model: Module, seed: number): Promise<Shown | undefined> {
  const training = model.training;
  model.eval();
  try {
    return await prepared.sample?.(model, seed);
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

interface Before {
  readonly config: RunConfig;
  readonly legs: readonly Leg[];
  /** The leg that begins now. */
  readonly next: Leg | null;
}

/** The saved configuration, when what is asked for agrees with it or trains it further. */
async function sameRun(run: RunRequest, folder: RunFolder, last: LoadedCheckpoint | null): Promise<Before> {
  const { config } = checkConfig(folder.config, join(folder.path, 'config.json'));
  const legs = legsOf(run.folder, last?.state);
  const current = inLeg(config, legs);
  const asked = await configOf(run, config.task === run.kind.name ? current.training.steps : 1);
  const next = nextLeg(current, askedOf(current, asked, run.given), last?.step ?? 0);
  // A leg of a run that has not begun is the run.
  const difference = typeof next === 'string' ? next : next && !last ? firstDifference(current, asked) : null;
  if (difference === null) return { config, legs, next: next as Leg | null };
  throw new OptionError(
    run.kind.called ?? `train ${run.kind.name}`,
    folder.path,
    `holds another run (${difference}); choose another --out, or --fresh to begin anew. More --steps train this one further, with another --lr if you like`,
  );
}

/** Fills in what depends on the data and on the machine: the steps, and when to look. */
async function configOf({ kind, prepared, values, say, world }: RunRequest, known?: number): Promise<RunConfig> {
  const { settings, data } = prepared;
  const model = optionsOfModel(prepared.model);
  const open = { steps: Number.MAX_SAFE_INTEGER, evalEvery: 0, sampleEvery: 1, patience: 0, warmup: 0 };
  const training = { ...settings, ...trainingOf(values), ...open };
  const { steps, epochs, minutes, evalEvery, sampleEvery } = values;
  const counted = steps ?? (epochs === null ? known : null);
  const plan =
    counted === null || counted === undefined
      ? await planIn(
          prepared,
          { model, training },
          {
            epochs,
            minutes,
            evalEvery,
            sampleEvery,
            say,
            processes: world?.size,
          },
        )
      : planOf(counted, prepared);
  // JSON has no infinity, and a run that shows no samples is to be found again.
  const part = (n: number) => (n > 0 ? Math.max(1, Math.round(plan.steps / n)) : Number.MAX_SAFE_INTEGER);
  const config: RunConfig = {
    format: 'unrolled run',
    version: 2,
    task: kind.name,
    model,
    training: {
      ...training,
      steps: plan.steps,
      evalEvery: evalEvery ?? part(plan.validations),
      sampleEvery: sampleEvery ?? part(plan.samples),
      patience: values.patience ?? plan.patience,
      warmup: values.warmup ?? Math.round(plan.steps / 20),
      ...(plan.validationPart < 1 ? { validationPart: plan.validationPart } : {}),
    },
    data,
  };
  return JSON.parse(JSON.stringify(config)) as RunConfig; // as it is saved and read again: what is infinite is null there
}
