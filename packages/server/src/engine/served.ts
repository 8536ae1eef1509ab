// A run that is served: its checkpoints that are open, and the requests that wait for them in the order in which they came.

import { type CallOptions, EngineError, type EngineModel } from './engine.ts';
import { Generation, type Replica } from './generation.ts';
import { Job, type Sink } from './job.ts';
import type { JobRequest, OpenLane } from './messages.ts';
import type { OpenedLane, Slot } from './slot.ts';

export interface ServedOptions {
  readonly run: OpenLane;
  /** Where it is opened. */
  readonly slots: readonly Slot[];
  readonly maxQueue: number;
}

/** Milliseconds between two attempts to open a run again whose thread has died. */
const attemptAgain = 2000;

export class Served {
  readonly counts = { requests: 0, refused: 0, failed: 0, tokens: 0, seconds: 0, batchSizes: [] as number[] };
  readonly #options: ServedOptions;
  readonly #queue = new Set<Job>();
  readonly #generationOf = new Map<Job, Generation>();
  /** Where those run that do not wait. */
  readonly #replicaOf = new Map<Job, Replica>();
  #current: Generation;
  #reloading: Promise<boolean> = Promise.resolve(false);
  /** Seconds that a request runs, as a moving average. */
  #usual = 1;
  #closed = false;

  private constructor(options: ServedOptions, current: Generation) {
    this.#options = options;
    this.#current = current;
  }

  /** Opens the run in all of its threads. */
  static async open(options: ServedOptions): Promise<Served> {
    const served = new Served(options, await openAll(options));
    return served;
  }

  get model(): EngineModel {
    return this.#current.model;
  }

  get stateBytes(): number {
    return this.#current.stateBytes;
  }

  get queued(): number {
    return this.#queue.size;
  }

  get running(): number {
    return this.#replicaOf.size;
  }

  get ready(): boolean {
    return this.#current.replicas.length > 0;
  }

  /** Runs a request, or lets it wait. Throws an EngineError 'queue-full' where too many wait already. */
  submit(work: JobRequest, sink: Sink, options: CallOptions): Job {
    const { rows } = this.#options.run;
    const replica = this.#queue.size === 0 ? this.#current.free(rows) : undefined;
    if (!replica && this.#queue.size >= this.#options.maxQueue) {
      this.counts.refused++;
      throw new EngineError('queue-full', `${this.#queue.size} requests are waiting already; try again later`, {
        retryAfter: this.#wait(),
      });
    }
    const job = new Job(work, sink, options, (ended, outcome) => this.#ended(ended, outcome));
    this.counts.requests++;
    this.#current.jobs++;
    this.#generationOf.set(job, this.#current);
    if (replica) this.#run(job, replica);
    else this.#queue.add(job);
    return job;
  }

  hold(job: Job): void {
    this.#send('hold', job);
  }

  release(job: Job): void {
    this.#send('release', job);
  }

  /** Opens the newest checkpoint, and serves it from now on. False: it is the one that is served. */
  reload(): Promise<boolean> {
    this.#reloading = this.#reloading.catch(() => false).then(() => this.#reload());
    return this.#reloading;
  }

  async #reload(): Promise<boolean> {
    const next = await openAll(this.#options);
    if (this.#closed || (next.model.hash === this.#current.model.hash && this.ready)) {
      close(next);
      return false;
    }
    const before = this.#current;
    this.#current = next;
    this.#closeUnused(before);
    this.#pump();
    return next.model.hash !== before.model.hash;
  }

  /** A thread has died: what was open in it is gone. */
  lost(slot: Slot): void {
    for (const generation of new Set([this.#current, ...this.#generationOf.values()])) {
      const at = generation.replicas.findIndex((replica) => replica.slot === slot);
      if (at >= 0) generation.replicas.splice(at, 1);
    }
  }

  /** A thread was started again. */
  async restore(slot: Slot): Promise<void> {
    if (!this.#options.slots.includes(slot)) return;
    try {
      const opened = await slot.open(this.#options.run);
      if (this.#closed) return;
      const isThere = this.#current.replicas.some((replica) => replica.slot === slot); // it was reloaded meanwhile
      if (isThere) slot.send({ type: 'close', lane: opened.lane });
      else if (opened.model.hash === this.#current.model.hash) {
        this.#current.replicas.push(replicaOf(slot, opened));
        this.#pump();
      } else {
        slot.send({ type: 'close', lane: opened.lane });
        await this.reload(); // it was trained on meanwhile
      }
    } catch {
      // The thread has died again, and is restored when it is back; or the run cannot be opened now, and is tried again.
      if (slot.alive && !this.#closed) setTimeout(() => void this.restore(slot), attemptAgain).unref?.();
    }
  }

  /** Ends what waits and runs. */
  close(error: EngineError): void {
    this.#closed = true;
    for (const job of this.#generationOf.keys()) job.fail(error);
  }

  /** What a lane of this run has computed. */
  computed(rows: number, tokens: number, seconds: number): void {
    const { counts } = this;
    counts.tokens += tokens;
    counts.seconds += seconds;
    if (rows === 0) return;
    while (counts.batchSizes.length <= rows) counts.batchSizes.push(0);
    counts.batchSizes[rows]++;
  }

  #run(job: Job, replica: Replica): void {
    this.#replicaOf.set(job, replica);
    job.began = performance.now();
    replica.running.add(job);
    replica.slot.jobs.set(job.number, job);
    try {
      replica.slot.send({ type: 'begin', lane: replica.lane, job: job.number, work: job.work });
    } catch (cause) {
      job.fail(new EngineError('request', 'the request holds what cannot be sent to a thread', { cause }));
    }
  }

  #send(type: 'cancel' | 'hold' | 'release', job: Job): void {
    const replica = this.#replicaOf.get(job);
    replica?.slot.send({ type, lane: replica.lane, job: job.number });
  }

  /** Starts those that wait, as far as there is room. */
  #pump(): void {
    const { rows } = this.#options.run;
    for (const job of this.#queue) {
      let generation = this.#generationOf.get(job) as Generation;
      if (generation !== this.#current && generation.replicas.length === 0) {
        // The checkpoint that it waited for died with its thread. Only a state needs the same weights.
        if ('state' in job.work.request && job.work.request.state !== undefined) {
          job.fail(new EngineError('state', 'the state is of weights that are no longer served', { param: 'state' }));
          continue;
        }
        generation.jobs--;
        generation = this.#current;
        generation.jobs++;
        this.#generationOf.set(job, generation);
      }
      const replica = generation.free(rows);
      if (replica) {
        this.#queue.delete(job);
        this.#run(job, replica);
      } else if (generation === this.#current) return;
    }
  }

  #ended(job: Job, outcome: 'done' | 'failed' | 'left'): void {
    if (outcome === 'failed') this.counts.failed++;
    this.#queue.delete(job);
    const generation = this.#generationOf.get(job) as Generation;
    this.#generationOf.delete(job);
    generation.jobs--;
    const replica = this.#replicaOf.get(job);
    if (replica) {
      if (outcome === 'done') this.#usual += ((performance.now() - job.began) / 1000 - this.#usual) / 16;
      else this.#send('cancel', job);
      replica.running.delete(job);
      replica.slot.jobs.delete(job.number);
      this.#replicaOf.delete(job);
    }
    this.#closeUnused(generation);
    if (!this.#closed) this.#pump();
  }

  #closeUnused(generation: Generation): void {
    if (generation === this.#current || generation.jobs > 0) return;
    close(generation);
  }

  /** Seconds until those that wait now have run. */
  #wait(): number {
    const rows = this.#options.run.rows * Math.max(this.#current.replicas.length, 1);
    return Math.min(60, Math.max(1, Math.ceil((this.#usual * this.#queue.size) / rows)));
  }
}

async function openAll({ run, slots }: ServedOptions): Promise<Generation> {
  const opening = await Promise.allSettled(slots.map((slot) => slot.open(run)));
  const opened = opening.flatMap((one, k) => (one.status === 'fulfilled' ? [replicaOf(slots[k], one.value)] : []));
  const refused = opening.find((one) => one.status === 'rejected');
  const models = opening.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const differs = models.some(({ model }) => model.hash !== models[0].model.hash);
  if (!refused && !differs) {
    const generation = new Generation(models[0].model, models[0].stateBytes);
    generation.replicas.push(...opened);
    return generation;
  }
  for (const { slot, lane } of opened) slot.send({ type: 'close', lane });
  if (refused) throw refused.reason;
  return openAll({ run, slots, maxQueue: 0 }); // a checkpoint was saved in between
}

function close(generation: Generation): void {
  for (const { slot, lane } of generation.replicas.splice(0)) slot.send({ type: 'close', lane });
}

const replicaOf = (slot: Slot, { lane }: OpenedLane): Replica => ({ slot, lane, running: new Set() });
