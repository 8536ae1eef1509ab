// The worker that trains: one run at a time, step by step, saved while it goes. Everything that it is asked waits in a queue and is answered between
// two steps. Looks, samples and saving take their turn by the clock; the bits of the run do not depend on them.

import type { TrainingEvent } from 'unrolled';
import { writeSafetensors } from 'unrolled/io';
import { type Dataset, sizeOf } from '../data/dataset.ts';
import { exampleData } from '../data/examples.ts';
import { packed, unpacked } from '../data/packed.ts';
import { RunStore, type RunSummary } from '../store/runs.ts';
import { memoryFolder, privateFolder, sha256Hex } from '../store/store.ts';
import { bestOf, addTo, emptyDelta, emptyHistory, type History, recentLoss } from '../training/history.ts';
import { look, slopeOf } from '../training/look.ts';
import type { RunSpec } from '../training/spec.ts';
import { Run } from '../training/run.ts';
import { filesOfRun } from '../training/run-files.ts';
import { isOwn } from '../settings/presets.ts';
import type { OpenedRun } from '../opening/opened.ts';
import { snapshotOfOpened } from '../store/opened-snapshot.ts';
import { backend } from './backend.ts';
import { lockOf, newId } from './lock.ts';
import type { Handlers, NewRun, Notice, OpenRun, Status, TrainerCalls, TrainerEvent } from './protocol.ts';
import type { Snapshot } from '../training/snapshot.ts';
import type { Taken } from '../take/taken.ts';
import type { Served } from './serve.ts';
import { Turns } from './turns.ts';

const still = { speed: null, stepsPerSecond: null };
const [tellEvery, saveEvery] = [100, 15_000]; // ms

type In<K extends keyof TrainerCalls> = NonNullable<Parameters<TrainerCalls[K]>[0]>;

/** The run that is open. */
interface Current {
  readonly run: Run;
  readonly data: Dataset;
  readonly history: History;
  readonly onlyWatch: boolean;
  delta: ReturnType<typeof emptyDelta>;
  saved: number | null;
  sha: string | null;
  release: () => void;
}

export class Trainer {
  served: Served | null = null;
  readonly #tell: (event: TrainerEvent) => void;
  #store = new RunStore(memoryFolder());
  #keeps = false;
  #current: Current | null = null;
  #playing = false;
  #speed: Pick<Status, 'speed' | 'stepsPerSecond'> = still;
  #full = false;

  constructor(tell: (event: TrainerEvent) => void) {
    this.#tell = tell;
  }

  readonly calls: Handlers<TrainerCalls> = {
    list: () => this.#list(),
    create: (run) => this.#create(run),
    select: (of) => this.#select(of),
    play: () => this.#play(),
    pause: () => this.#pause(),
    step: () => this.#step(),
    reset: () => this.#reset(),
    change: (to) => this.#change(to),
    rename: (to) => this.#rename(to),
    remove: (of) => this.#remove(of),
    history: async ({ id }) =>
      id === this.#current?.run.spec.id ? this.#current.history : ((await this.#store.load(id))?.history ?? null),
    save: async () => {
      await this.#save();
      return this.#status();
    },
    snapshot: (of) => this.#snapshot(of),
    keepOpened: (run) => this.#keepOpened(run),
    taken: (of) => this.#taken(of),
    ping: () => null,
  };

  async #list(): Promise<ReturnType<TrainerCalls['list']>> {
    const [kernels, folder] = await Promise.all([backend(), privateFolder()]);
    if (folder) this.#store = new RunStore(folder);
    this.#keeps = folder !== null;
    return { machine: { ...kernels, keeps: this.#keeps }, runs: await this.#store.list() };
  }

  async #create({ name, preset, own, settings, changes }: NewRun): Promise<OpenRun> {
    await this.#close();
    const data = own ?? (await exampleData(preset, settings));
    const spec: RunSpec = {
      version: 1,
      id: newId(),
      name,
      data: { preset, kind: data.kind, size: sizeOf(data) },
      settings,
      changes,
      parameters: 0,
      created: Date.now(),
    };
    const run = await Run.of(spec, data);
    await run.change({ ...spec, parameters: run.prepared.model.parameterCount() });
    await this.#take(run, data, emptyHistory(), false);
    await this.#keep(async () => {
      if (own) await this.#store.saveData(spec.id, packed(own));
      await this.#save();
    });
    return this.#openRun();
  }

  async #select({ id, onlyWatch }: In<'select'>): Promise<OpenRun> {
    if (id === this.#current?.run.spec.id && !this.#current.onlyWatch) return this.#openRun();
    await this.#close();
    const { spec, sha, playing } = await this.#summaryOf(id);
    const data = await this.#dataOf(spec);
    const run = await Run.of(spec, data);
    const saved = await this.#store.load(id);
    if (saved) run.restore(saved.checkpoint);
    await this.#take(run, data, saved?.history ?? emptyHistory(), onlyWatch);
    const current = this.#need();
    current.saved = saved ? run.step : null;
    current.sha = run.ended ? sha : null;
    if (playing) this.#play();
    return this.#openRun();
  }

  async #dataOf({ id, name, settings, data: { preset } }: RunSpec): Promise<Dataset> {
    if (!isOwn(preset)) return exampleData(preset, settings);
    const bytes = await this.#store.data(id);
    if (!bytes) throw new Error(`the data of ${name} are not in the store any more`);
    return unpacked(bytes) as Dataset;
  }

  async #summaryOf(id: string): Promise<RunSummary> {
    const found = (await this.#store.list()).find(({ spec }) => spec.id === id);
    if (!found) throw Object.assign(new Error(id), { name: 'NotKept' });
    return found;
  }

  async #take(run: Run, data: Dataset, history: History, onlyWatch: boolean): Promise<void> {
    const { id } = run.spec;
    const release = onlyWatch ? () => {} : await lockOf(id);
    if (!release) throw Object.assign(new Error(id), { name: 'OtherTab' });
    this.#current = { run, data, history, onlyWatch, release, delta: emptyDelta(), saved: null, sha: null };
    this.#speed = still;
    this.#full = false;
  }

  async #close(): Promise<void> {
    if (!this.#current) return;
    this.#playing = false;
    await this.#save();
    this.#current.release();
    this.#current = null;
  }

  #need(): Current {
    if (!this.#current) throw new Error('no run is open');
    return this.#current;
  }

  #status(): Status {
    const { run, saved, sha, onlyWatch } = this.#need();
    const phase = onlyWatch ? 'watching' : run.ended ? 'finished' : this.#playing ? 'training' : 'paused';
    return { phase, step: run.step, ...this.#speed, saved, sha };
  }

  #openRun(): OpenRun {
    const { run, history } = this.#need();
    return { spec: run.spec, history, status: this.#status(), pictures: run.prepared.pictures };
  }

  #play(): Status {
    const current = this.#need();
    if (!this.#playing && !current.run.ended && !current.onlyWatch) {
      this.#playing = true;
      // After the answer to this request; what goes wrong in it is told there.
      setTimeout(() => void this.served?.loop(() => this.#train(current)), 0);
    }
    return this.#status();
  }

  async #pause(): Promise<Status> {
    this.#playing = false;
    await this.#save();
    return this.#status();
  }

  async #step(): Promise<Status> {
    this.#playing = false;
    const current = this.#need();
    if (!current.onlyWatch) this.#note(current, await current.run.advance());
    this.#inspect(current);
    await this.#sample(current);
    if (current.run.ended) await this.#finish(current);
    this.#report(current);
    return this.#status();
  }

  async #reset(): Promise<OpenRun> {
    this.#playing = false;
    const { run, data, release, onlyWatch } = this.#need();
    const fresh = await Run.of({ ...run.spec, changes: [] }, data);
    this.#current = {
      run: fresh,
      data,
      history: emptyHistory(),
      onlyWatch,
      release,
      delta: emptyDelta(),
      saved: null,
      sha: null,
    };
    await this.#save();
    return this.#openRun();
  }

  async #change({ lr, clipNorm }: In<'change'>): Promise<RunSpec> {
    const { run } = this.#need();
    const changes = [...run.spec.changes.filter(({ step }) => step < run.step), { step: run.step, lr, clipNorm }];
    await run.change({ ...run.spec, changes });
    return run.spec;
  }

  async #rename({ id, name }: In<'rename'>): Promise<readonly RunSummary[]> {
    const current = this.#current?.run.spec.id === id ? this.#current : null;
    if (current) {
      await current.run.change({ ...current.run.spec, name });
      await this.#save();
    } else {
      const summary = await this.#summaryOf(id);
      await this.#store.describe({ ...summary, spec: { ...summary.spec, name } });
    }
    return this.#store.list();
  }

  async #remove({ id }: In<'remove'>): Promise<readonly RunSummary[]> {
    if (this.#current?.run.spec.id === id) {
      this.#playing = false;
      this.#current.release();
      this.#current = null;
    }
    await this.#store.remove(id);
    return this.#store.list();
  }

  async #snapshot({ id }: In<'snapshot'>): Promise<Snapshot> {
    const other = id === this.#current?.run.spec.id ? null : await this.#summaryOf(id);
    if (other?.opened) return snapshotOfOpened(other, await this.#store.data(id));
    if (other) await this.#select({ id, onlyWatch: true });
    const { run, data } = this.#need();
    const { parts, heldOut } = run.prepared;
    const weights = writeSafetensors(run.prepared.model.stateDict(), { format: 'pt' });
    const files = filesOfRun(run.spec, parts, weights);
    const text = data.kind === 'text' ? data.text : '';
    return {
      spec: run.spec,
      step: run.step,
      weights,
      vocabulary: parts.contents.vocabulary,
      text,
      files,
      heldOut: heldOut(),
    };
  }

  async #keepOpened({ about, spec, files }: OpenedRun): Promise<ReturnType<TrainerCalls['keepOpened']>> {
    const runs = await this.#store.list();
    const same = runs.find(({ opened }) => opened?.source === about.source && opened.hash === about.hash);
    if (same) return { id: same.spec.id, runs };
    const id = newId();
    const summary = {
      spec: { ...spec, id, created: Date.now() },
      step: about.step ?? 0,
      loss: null,
      sha: null,
      playing: false,
    };
    await this.#store.saveData(id, packed(files));
    await this.#store.describe({ ...summary, opened: about });
    return { id, runs: await this.#store.list() };
  }

  async #taken(of: In<'taken'>): Promise<Taken> {
    const snapshot = await this.#snapshot(of);
    if (snapshot.spec.id !== this.#current?.run.spec.id) return { snapshot, history: emptyHistory(), training: null };
    const { run, history } = this.#need();
    const { training, state } = run.checkpoint();
    return { snapshot, history, training: { tensors: writeSafetensors(training), state } };
  }

  /** Steps until it is paused, ends, or fails. */
  async #train(current: Current): Promise<void> {
    const turns = new Turns();
    turns.every('tell', tellEvery);
    turns.every('save', saveEvery);
    // What is looked at takes less than a twentieth of the time, together with what is told of it.
    turns.every('look', 1500, 0.02);
    turns.every('sample', 4000, 0.015);
    turns.every('slopes', 6000, 0.01);
    let [targets, from, since] = [0, current.run.step, performance.now()];
    try {
      await this.#save(); // that it trains is known from now on: it goes on after a reload
      while (this.#playing && this.#current === current && !current.run.ended) {
        targets += this.#note(current, await current.run.advance());
        const now = performance.now();
        if (now - since > 1000) {
          const perSecond = 1000 / (now - since);
          this.#speed = { speed: perSecond * targets, stepsPerSecond: perSecond * (current.run.step - from) };
          [targets, from, since] = [0, current.run.step, now];
        }
        await turns.take('look', () => this.#inspect(current));
        await turns.take('slopes', () => void current.delta.slopes.push(...slopeOf(current.run)));
        await turns.take('sample', () => this.#sample(current));
        await turns.take('save', () => this.#save());
        await turns.take('tell', () => this.#report(current));
        await this.served?.drain();
      }
      if (current.run.ended && this.#current === current) await this.#finish(current);
    } catch (error) {
      this.#fail(error);
    }
    if (this.#current !== current) return;
    this.#playing = false;
    this.#report(current);
  }

  #fail(error: unknown): void {
    this.#playing = false;
    const { name, message } = error as Error;
    const memory = name === 'RangeError' || /memory/i.test(message);
    this.#notice(memory ? { kind: 'out-of-memory' } : { kind: 'error', message });
  }

  async #finish(current: Current): Promise<void> {
    this.#playing = false;
    this.#inspect(current);
    current.delta.slopes.push(...slopeOf(current.run));
    await this.#sample(current);
    current.sha = await sha256Hex(writeSafetensors(current.run.prepared.model.stateDict(), { format: 'pt' }));
    await this.#save();
  }

  /** Adds what was told to what is new. Returns the number of targets that were trained on. */
  #note({ delta }: Current, events: readonly TrainingEvent[]): number {
    let trained = 0;
    for (const event of events) {
      if (event.type === 'step') {
        const { step, loss, gradientNorm, clipped } = event;
        delta.steps.push({ step, loss, norm: gradientNorm, clipped });
        trained += event.targets;
      } else if (event.type === 'evaluation') {
        const { step, loss, best, metrics = {} } = event;
        delta.validations.push({ step, loss, best, metrics });
      } else if (event.type === 'skipped') delta.skipped.push({ step: event.step, where: event.where });
    }
    return trained;
  }

  #inspect({ run, delta }: Current): void {
    delta.looks.push(look(run));
  }

  async #sample({ run, delta }: Current): Promise<void> {
    delta.samples.push({ step: run.step, ...(await run.prepared.show()) });
  }

  /** Tells what is new, and adds it to the history. */
  #report(current: Current): void {
    const { delta, history, run } = current;
    current.delta = emptyDelta();
    addTo(history, delta);
    this.#tell({ type: 'progress', id: run.spec.id, delta, status: this.#status() });
  }

  #notice(notice: Notice): void {
    this.#tell({ type: 'notice', notice });
  }

  async #save(): Promise<void> {
    const current = this.#current;
    if (!current || current.onlyWatch) return;
    this.#report(current);
    await this.#keep(async () => {
      const { run, history } = current;
      await this.#store.save(run.spec.id, { checkpoint: run.checkpoint(), history });
      const loss = bestOf(history)?.loss ?? recentLoss(history);
      await this.#store.describe({ spec: run.spec, step: run.step, loss, sha: current.sha, playing: this.#playing });
      current.saved = run.step;
      this.#full = false;
    });
  }

  /** Writes; a store that is full is told once, and training continues. */
  async #keep(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      if ((error as Error).name !== 'QuotaExceededError') throw error;
      if (!this.#full) this.#notice({ kind: 'storage-full', step: this.#current?.saved ?? 0 });
      this.#full = true;
    }
  }
}
