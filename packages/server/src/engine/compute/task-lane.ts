// Calls of one model that is no language model. What waits when a batch is done is answered together, as far as options are the same: the pipeline
// takes lists, and an answer does not depend on the others in its list. A call with more inputs than a batch waits again with the rest, behind those
// that have come meanwhile. Where one call of a batch fails, each is asked again alone.
//
// Streams of tokens that come in one turn grow together, a step of the model for all of them; those that come later are a batch of their own, and the
// batches take turns. A stream does not depend on the others in its batch either.

import type { Pipeline } from 'unrolled/pipelines';
import type { TaskRequest, TaskResult } from '../engine.ts';
import { dataOf } from '../errors.ts';
import type { EngineLimits } from '../limits.ts';
import type { Report } from '../messages.ts';
import { batchOf, type BatchedPiece, callTask, canMerge, streamFrames, streamsTokens, streamTokens } from './tasks.ts';

interface Call {
  readonly job: number;
  readonly request: TaskRequest;
  /** What it may be answered together with; null: nothing. */
  readonly key: string | null;
  /** How many of its inputs are answered, and the answers. */
  at: number;
  readonly outputs: unknown[];
  aborted: boolean;
  /** Its reader is slow: nothing is added to what waits for it. */
  held: boolean;
  /** What has come for a slow reader from the batch that its stream is in, which does not wait: no more than the tokens of one answer. */
  readonly kept: Report[];
  wake: () => void;
}

/** Inputs [from, to) of a call. */
interface Part {
  readonly call: Call;
  readonly from: number;
  readonly to: number;
}

export interface TaskLaneOptions {
  readonly lane: number;
  readonly pipeline: Pipeline;
  readonly limits: EngineLimits;
  readonly post: (report: Report) => void;
  /** Looks whether orders have come in; called between the steps of a search. */
  readonly poll: () => void;
  /** Lets others have their turn. */
  readonly turn: () => Promise<void>;
}

/** The same for the same options, in whatever order they are named. */
const keyOf = (options: TaskRequest['options'] = {}): string =>
  JSON.stringify(Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1)));

export class TaskLane {
  readonly #lane: number;
  readonly #pipeline: Pipeline;
  readonly #limits: EngineLimits;
  readonly #post: (report: Report) => void;
  readonly #poll: () => void;
  readonly #turn: () => Promise<void>;
  readonly #calls = new Map<number, Call>();
  #waiting: Call[] = [];
  /** Streams of tokens that are about to begin. */
  #starting: Call[] = [];
  /** Calls whose answer grows. */
  #streams = 0;
  #going = false;

  constructor({ lane, pipeline, limits, post, poll, turn }: TaskLaneOptions) {
    this.#lane = lane;
    this.#pipeline = pipeline;
    this.#limits = limits;
    this.#post = post;
    this.#poll = poll;
    this.#turn = turn;
  }

  call(job: number, request: TaskRequest): void {
    this.#waiting.push(this.#add(job, request));
    void this.#go();
  }

  stream(job: number, request: TaskRequest): void {
    const call = this.#add(job, request);
    if (!streamsTokens(this.#pipeline)) void this.#streamFrames(call);
    else if (this.#starting.push(call) === 1) void this.#start();
  }

  cancel(job: number): void {
    const call = this.#calls.get(job);
    if (!call) return;
    call.aborted = true;
    this.#calls.delete(job);
    call.wake();
  }

  hold(job: number): void {
    const call = this.#calls.get(job);
    if (call) call.held = true;
  }

  release(job: number): void {
    const call = this.#calls.get(job);
    if (!call) return;
    call.held = false;
    for (const report of call.kept.splice(0)) this.#report(call, report);
    call.wake();
  }

  close(): void {
    for (const job of this.#calls.keys()) this.cancel(job);
  }

  #add(job: number, request: TaskRequest): Call {
    const key = canMerge(this.#pipeline, request) ? keyOf(request.options) : null;
    const call: Call = { job, request, key, at: 0, outputs: [], aborted: false, held: false, kept: [], wake: () => {} };
    this.#calls.set(job, call);
    return call;
  }

  async #go(): Promise<void> {
    if (this.#going) return;
    this.#going = true;
    while (this.#waiting.length > 0) {
      await this.#turn(); // calls that come in one turn are answered together
      const parts = this.#next();
      if (parts.length > 0) await this.#answer(parts);
    }
    this.#going = false;
  }

  /** A batch of inputs: of the first call that waits, and of those that can be answered with it. */
  #next(): Part[] {
    this.#waiting = this.#waiting.filter(({ aborted }) => !aborted);
    const [first] = this.#waiting;
    const parts: Part[] = [];
    let room = batchOf(this.#pipeline, this.#streams > 0);
    for (const call of this.#waiting) {
      if (call !== first && (first.key === null || call.key !== first.key || room <= 0)) continue;
      const all = call.request.inputs.length;
      const to = call.key === null ? all : Math.min(all, call.at + room);
      parts.push({ call, from: call.at, to });
      room -= to - call.at;
    }
    const taken = new Set(parts.map(({ call }) => call));
    this.#waiting = this.#waiting.filter((call) => !taken.has(call));
    return parts;
  }

  async #answer(parts: readonly Part[]): Promise<void> {
    const poll = this.#poll;
    const signal = {
      get aborted() {
        poll();
        return parts.every(({ call }) => call.aborted);
      },
    };
    const [{ call: first }] = parts;
    const inputs = parts.flatMap(({ call, from, to }) => call.request.inputs.slice(from, to));
    const begin = performance.now();
    try {
      const request = { ...first.request, inputs };
      const { outputs, ...more } = await callTask(this.#pipeline, request, this.#limits, signal);
      this.#computed(inputs.length, begin);
      let at = 0;
      for (const { call, from, to } of parts) {
        call.outputs.push(...outputs.slice(at, at + to - from));
        at += to - from;
        call.at = to;
        if (to < call.request.inputs.length)
          this.#waiting.push(call); // behind those that wait
        else this.#done(call, { outputs: call.outputs, ...more });
      }
    } catch (error) {
      this.#computed(inputs.length, begin);
      if (parts.length === 1) this.#failed(first, error);
      else for (const part of parts) if (!part.call.aborted) await this.#answer([part]);
    }
  }

  async #start(): Promise<void> {
    await this.#turn(); // streams that come in one turn grow together
    const calls = this.#starting.splice(0).filter(({ aborted }) => !aborted);
    const size = batchOf(this.#pipeline, false);
    for (let at = 0; at < calls.length; at += size) void this.#streamTokens(calls.slice(at, at + size));
  }

  async #streamTokens(calls: readonly Call[]): Promise<void> {
    if (!streamsTokens(this.#pipeline)) return;
    const begin = performance.now();
    const requests = calls.map(({ request }) => request);
    let begun = false;
    this.#streams += calls.length;
    try {
      for await (const step of streamTokens(this.#pipeline, requests, calls)) {
        begun = true;
        for (const one of step) this.#grown(calls[one.index], one);
      }
    } catch (error) {
      // What was asked for cannot be: of one of them, perhaps.
      if (begun || calls.length === 1) for (const call of calls) this.#failed(call, error);
      else for (const call of calls) if (!call.aborted) void this.#streamTokens([call]);
    } finally {
      this.#streams -= calls.length;
      if (begun) this.#computed(calls.length, begin);
    }
  }

  #grown(call: Call, one: BatchedPiece): void {
    if ('error' in one) this.#failed(call, one.error);
    else if ('done' in one) this.#done(call, one.done);
    else this.#report(call, { type: 'piece', job: call.job, piece: one.piece });
  }

  async #streamFrames(call: Call): Promise<void> {
    const begin = performance.now();
    this.#streams++;
    try {
      for await (const one of streamFrames(this.#pipeline, call.request, call)) {
        while (call.held && !call.aborted)
          await new Promise<void>((resolve) => {
            call.wake = resolve;
          });
        if (call.aborted) return;
        if ('done' in one) this.#done(call, one.done);
        else this.#post({ type: 'piece', job: call.job, piece: one.piece });
      }
    } catch (error) {
      this.#failed(call, error);
    } finally {
      this.#streams--;
      this.#computed(1, begin);
    }
  }

  #computed(rows: number, begin: number): void {
    this.#post({ type: 'computed', lane: this.#lane, rows, seconds: (performance.now() - begin) / 1000 });
  }

  #done(call: Call, result: TaskResult): void {
    this.#report(call, { type: 'done', job: call.job, result });
  }

  #failed(call: Call, error: unknown): void {
    this.#report(call, { type: 'failed', job: call.job, error: dataOf(error) });
  }

  /** Posts a report, or keeps it until its reader can have it. All but pieces are the last of a call. */
  #report(call: Call, report: Report): void {
    if (!this.#calls.has(call.job)) return;
    if (call.held) {
      call.kept.push(report);
      return;
    }
    if (report.type !== 'piece') this.#calls.delete(call.job);
    this.#post(report);
  }
}
