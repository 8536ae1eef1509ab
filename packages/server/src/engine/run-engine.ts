// The calls of an engine: each finds its run, is checked, and becomes a job whose answer is a promise or a stream of pieces.

import { suggest } from 'unrolled';
import type { RunSource } from 'unrolled/pipelines';
import { checkEmbed, checkGenerate, checkTask } from './checks.ts';
import {
  type CallOptions,
  type Engine,
  EngineError,
  type EngineStats,
  type GeneratePiece,
  type TaskResult,
} from './engine.ts';
import type { Job } from './job.ts';
import type { EngineLimits } from './limits.ts';
import type { JobRequest } from './messages.ts';
import { Pieces } from './pieces.ts';
import { Served } from './served.ts';
import { Slot } from './slot.ts';
import type { StartThread } from './threads.ts';

export class RunEngine implements Engine {
  onClose: () => void = () => {};
  readonly #slots: readonly Slot[];
  readonly #served = new Map<string, Served>();
  readonly #limits: EngineLimits;
  #draining = false;
  #closed = false;
  /** Called when a job has ended. */
  #idle: () => void = () => {};

  constructor(start: StartThread, count: number, limits: EngineLimits) {
    this.#limits = limits;
    const all = () => this.#served.values();
    this.#slots = Array.from(
      { length: count },
      () =>
        new Slot(start, {
          onComputed: (run, ...numbers) => this.#served.get(run)?.computed(...numbers),
          onDeath: (slot) => [...all()].forEach((served) => served.lost(slot)),
          onRestart: (slot) => [...all()].forEach((served) => void served.restore(slot)),
        }),
    );
  }

  async open(
    runs: ReadonlyMap<string, RunSource>,
    { checkpoint, rows, maxQueue }: { checkpoint: 'best' | 'last'; rows: number; maxQueue: number },
  ): Promise<void> {
    const [R, W] = [runs.size, this.#slots.length];
    const opening = Array.from(runs, async ([id, source], r) => {
      const places = Array.from({ length: Math.max(R, W) }, (_, i) => i).filter((i) => i % R === r);
      const slots = [...new Set(places.map((i) => this.#slots[i % W]))];
      const run = { id, source, checkpoint, rows, limits: this.#limits };
      return [id, await Served.open({ run, slots, maxQueue })] as const;
    });
    const opened = await Promise.allSettled(opening);
    for (const one of opened) if (one.status === 'rejected') throw one.reason;
    for (const one of await Promise.all(opening)) this.#served.set(...one);
  }

  models() {
    return Array.from(this.#served.values(), ({ model }) => model);
  }

  generate(request: Parameters<Engine['generate']>[0], options: CallOptions = {}) {
    return this.#pieces<GeneratePiece>(options, () => {
      const served = this.#find(request);
      if (served.model.task !== 'text-generation') throw otherTask(served, 'text-generation');
      checkGenerate(request, this.#limits, served.stateBytes);
      return [served, { kind: 'generate', request }];
    });
  }

  embed(request: Parameters<Engine['embed']>[0], options: CallOptions = {}) {
    return this.#result<Awaited<ReturnType<Engine['embed']>>>(options, () => {
      const served = this.#find(request);
      if (served.model.task !== 'text-generation') throw otherTask(served, 'text-generation');
      checkEmbed(request, this.#limits);
      return [served, { kind: 'embed', request }];
    });
  }

  call(request: Parameters<Engine['call']>[0], options: CallOptions = {}) {
    return this.#result<TaskResult>(options, () => [this.#ofTask(request), { kind: 'call', request }]);
  }

  stream(request: Parameters<Engine['stream']>[0], options: CallOptions = {}) {
    return this.#pieces<{ readonly piece: unknown } | { readonly done: TaskResult }>(options, () => [
      this.#ofTask(request),
      { kind: 'stream', request },
    ]);
  }

  async reload(model?: string): Promise<readonly string[]> {
    const some = model === undefined ? [...this.#served] : [[model, this.#find({ model })] as const];
    const changed = await Promise.all(some.map(async ([id, served]) => ((await served.reload()) ? [id] : [])));
    return changed.flat();
  }

  stats(): EngineStats {
    const models = Array.from(this.#served, ([id, { counts, queued, running }]) => {
      const { seconds: secondsComputed, batchSizes, ...rest } = counts;
      return [id, { queued, rows: running, ...rest, batchSizes: [...batchSizes], secondsComputed }] as const;
    });
    return {
      models: Object.fromEntries(models),
      workers: this.#slots.length,
      restarts: this.#slots.reduce((sum, { restarts }) => sum + restarts, 0),
      memory: globalThis.process?.memoryUsage?.().rss ?? 0,
    };
  }

  ready(): boolean {
    return !this.#draining && !this.#closed && [...this.#served.values()].every(({ ready }) => ready);
  }

  async drain(ms: number): Promise<void> {
    this.#draining = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
      this.#idle = () => {
        if ([...this.#served.values()].every(({ queued, running }) => queued + running === 0)) resolve();
      };
      this.#idle();
    });
    clearTimeout(timer);
    this.#idle = () => {};
  }

  async close(): Promise<void> {
    this.#draining = this.#closed = true;
    this.onClose();
    const error = new EngineError('draining', 'the server is stopping', { retryAfter: 1 });
    for (const served of this.#served.values()) served.close(error);
    await Promise.all(this.#slots.map((slot) => slot.close()));
  }

  #find(request: { readonly model: string }): Served {
    const { model: id } = Object(request) as Partial<typeof request>;
    const served = typeof id === 'string' ? this.#served.get(id) : undefined;
    if (served) return served;
    throw new EngineError(
      'model',
      `there is no model ${named(id)}; ${suggest(id as string, [...this.#served.keys()])}`,
      {
        param: 'model',
      },
    );
  }

  #ofTask(request: Parameters<Engine['call']>[0]): Served {
    const served = this.#find(request);
    if (served.model.task !== request.task) throw otherTask(served, request.task);
    checkTask(request, this.#limits, served.stateBytes);
    return served;
  }

  #submit(
    options: CallOptions,
    prepare: () => [Served, JobRequest],
    sink: Parameters<Served['submit']>[1],
  ): { served: Served; job: Job } {
    if (this.#draining) throw new EngineError('draining', 'the server is stopping; ask another one', { retryAfter: 5 });
    const { signal, deadline } = options;
    if (signal?.aborted) throw new EngineError('aborted', 'the caller left', { cause: signal.reason });
    if (deadline !== undefined && !(deadline > 0 && deadline < 2 ** 31))
      throw new EngineError('request', `deadline: expected milliseconds from 1, got ${String(deadline)}`, {
        param: 'deadline',
      });
    const [served, work] = prepare();
    const ended = () => this.#idle();
    const job = served.submit(
      work,
      {
        piece: sink.piece,
        done: (result) => (sink.done(result), ended()),
        failed: (error) => (sink.failed(error), ended()),
      },
      options,
    );
    return { served, job };
  }

  #result<T>(options: CallOptions, prepare: () => [Served, JobRequest]): Promise<T> {
    return new Promise((resolve, reject) => {
      const sink = { piece: () => {}, done: (result: unknown) => resolve(result as T), failed: reject };
      this.#submit(options, prepare, sink);
    });
  }

  #pieces<T>(options: CallOptions, prepare: () => [Served, JobRequest]): Pieces<T> {
    let running: { served: Served; job: Job } | undefined;
    const pieces = new Pieces<T>({
      onStart: () => {
        try {
          running = this.#submit(options, prepare, {
            piece: (piece, bytes) => pieces.push(piece as T, bytes),
            done: (result) => {
              if (result !== undefined) pieces.push({ done: result } as T, 1024);
              pieces.end();
            },
            failed: (error) => pieces.fail(error),
          });
        } catch (error) {
          pieces.fail(error);
        }
      },
      onLeave: () => {
        running?.job.leave();
        this.#idle();
      },
      onFull: () => running && running.served.hold(running.job),
      onDrained: () => running && running.served.release(running.job),
    });
    return pieces;
  }
}

const named = (id: unknown): string =>
  typeof id === 'string' ? JSON.stringify(id.length > 100 ? `${id.slice(0, 100)}…` : id) : `a ${typeof id}`;

const otherTask = ({ model: { id, task } }: Served, asked: string): EngineError =>
  new EngineError('task', `the model ${JSON.stringify(id)} is of the task ${task}, not ${asked}`, { param: 'model' });
