// A place for a thread. When the thread dies, what ran in it fails, another is started at once, and the runs that belong here are opened in it again.

import { EngineError } from './engine.ts';
import { errorOf } from './errors.ts';
import type { EngineModel } from './engine.ts';
import type { Job } from './job.ts';
import type { OpenLane, Order, Report, StepReport } from './messages.ts';
import type { ComputeThread, StartThread } from './threads.ts';

/** An opened run in a thread. */
export interface OpenedLane {
  readonly lane: number;
  readonly model: EngineModel;
  readonly stateBytes: number;
}

export interface SlotListener {
  /** A step of texts, or other work, was computed. */
  onComputed(run: string, rows: number, tokens: number, seconds: number): void;
  /** The thread has died and another one is there: the runs of this slot have to be opened again. */
  onRestart(slot: Slot): void;
  /** The thread has died: lanes are gone, and their jobs have failed. */
  onDeath(slot: Slot): void;
}

const longestPause = 10_000; // ms

let lanes = 0;

export class Slot {
  readonly jobs = new Map<number, Job>();
  restarts = 0;
  readonly #start: StartThread;
  readonly #listener: SlotListener;
  /** The names of the runs that are open, by their lanes. */
  readonly #runs = new Map<number, string>();
  readonly #opening = new Map<number, { resolve(lane: OpenedLane): void; reject(error: unknown): void }>();
  #thread: ComputeThread;
  #alive = true;
  /** Threads that died one after the other before a run was open. */
  #deaths = 0;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(start: StartThread, listener: SlotListener) {
    this.#start = start;
    this.#listener = listener;
    this.#thread = this.#begin();
  }

  /** False from the death of a thread until the next one is there. */
  get alive(): boolean {
    return this.#alive;
  }

  send(order: Order): void {
    if (order.type === 'close') this.#runs.delete(order.lane);
    if (!this.#closed) this.#thread.send(order);
  }

  /** Opens a run. Rejects with its RunError, or with an EngineError 'worker' where the thread dies meanwhile. */
  open(run: OpenLane): Promise<OpenedLane> {
    const lane = ++lanes;
    return new Promise((resolve, reject) => {
      if (!this.#alive) return reject(new EngineError('worker', 'a thread has ended, and is being started again'));
      this.#opening.set(lane, { resolve, reject });
      this.send({ type: 'open', lane, run });
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#pause);
    await this.#thread.end();
  }

  #begin(): ComputeThread {
    return this.#start({ onReport: (report) => this.#receive(report), onEnd: (problem) => this.#died(problem) });
  }

  #receive(report: Report): void {
    switch (report.type) {
      case 'ready':
        return;
      case 'opened':
        this.#deaths = 0;
        this.#runs.set(report.lane, report.model.id);
        this.#opening.get(report.lane)?.resolve(report);
        this.#opening.delete(report.lane);
        return;
      case 'refused':
        this.#opening.get(report.lane)?.reject(errorOf(report.error));
        this.#opening.delete(report.lane);
        return;
      case 'step':
        return this.#step(report);
      case 'piece':
        return this.jobs.get(report.job)?.piece({ piece: report.piece }, 1024);
      case 'done':
        return this.jobs.get(report.job)?.done(report.result);
      case 'failed':
        return this.jobs.get(report.job)?.fail(errorOf(report.error));
      case 'computed':
        return this.#computed(report.lane, report.rows, 0, report.seconds);
      default:
        report satisfies never;
    }
  }

  #step({ lane, steps, jobs, ids, texts, more }: StepReport): void {
    let next = 0;
    for (const [k, number] of jobs.entries()) {
      const rest = more[next]?.at === k ? more[next++].piece : undefined;
      const job = this.jobs.get(number);
      if (!job) continue; // it has left
      const symbols = (rest?.logprobs?.[0]?.top.length ?? -1) + 1;
      const bytes = 64 + 2 * texts[k].length + 100 * symbols + (rest?.finish?.state?.length ?? 0);
      job.piece({ text: texts[k], ids: ids[k] < 0 ? [] : [ids[k]], ...rest }, bytes);
      if (rest?.finish) job.done(undefined);
    }
    for (const { rows, tokens, seconds } of steps) this.#computed(lane, rows, tokens, seconds);
  }

  #computed(lane: number, ...numbers: [rows: number, tokens: number, seconds: number]): void {
    const run = this.#runs.get(lane);
    if (run !== undefined) this.#listener.onComputed(run, ...numbers);
  }

  #died(problem: string): void {
    this.#alive = false;
    const opening = new EngineError('worker', `the thread that was to open a run has ended: ${problem}`);
    for (const { reject } of this.#opening.values()) reject(opening);
    const error = new EngineError('worker', `the thread that computed the answer has ended: ${problem}; try again`);
    this.#opening.clear();
    this.#runs.clear();
    const failed = [...this.jobs.values()];
    this.jobs.clear();
    if (!this.#closed) this.#listener.onDeath(this);
    for (const job of failed) job.fail(error);
    if (this.#closed) return;
    this.restarts++;
    const pause = this.#deaths === 0 ? 0 : Math.min(longestPause, 125 * 2 ** this.#deaths);
    this.#deaths++;
    this.#pause = setTimeout(() => {
      try {
        this.#thread = this.#begin();
      } catch (error) {
        this.#died((error as Error).message); // the system has no thread now: it is asked again, less and less often
        return;
      }
      this.#alive = true;
      this.#listener.onRestart(this);
    }, pause);
  }
}
