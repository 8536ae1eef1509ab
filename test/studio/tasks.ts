// The tasks of a page and of its workers, with the processor time that each took: what other programs of this machine hold up has no part in it.

import type { Page } from 'playwright-core';

/** A task of a thread, in milliseconds. `start` is counted from the first of them. */
export interface Task {
  readonly start: number;
  readonly wall: number;
  readonly cpu: number;
}

/** Of the page's main thread, and of the worker that worked most. */
export interface Tasks {
  readonly main: readonly Task[];
  readonly worker: readonly Task[];
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** Traces the browser while `body` runs. One page of it should be busy, and for a minute at most: the browser keeps so many events. */
export async function tasksWhile(page: Page, body: () => Promise<unknown>): Promise<Tasks> {
  const browser = page.context().browser();
  if (!browser) throw new Error('this page has no browser');
  await browser.startTracing(page, { categories: ['-*', 'toplevel'] });
  await body();
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { readonly traceEvents: readonly TraceEvent[] };
  return tasksOf(trace.traceEvents);
}

function tasksOf(events: readonly TraceEvent[]): Tasks {
  const names = new Map<string, string>();
  const threads = new Map<string, TraceEvent[]>();
  const first = events.reduce((least, { ts }) => (ts > 0 ? Math.min(least, ts) : least), Infinity);
  for (const event of events) {
    const thread = `${event.pid} ${event.tid}`;
    if (event.ph === 'M' && event.name === 'thread_name') names.set(thread, event.args.name ?? '');
    if (event.ph !== 'X' || event.name !== 'ThreadControllerImpl::RunTask') continue;
    const list = threads.get(thread);
    if (list) list.push(event);
    else threads.set(thread, [event]);
  }
  const busiest = (name: string): Task[] => {
    const found = Array.from(threads).filter(([thread]) => names.get(thread) === name);
    const lists = found.map(([, list]) =>
      list.map(({ ts, dur = 0, tdur = 0 }) => ({ start: (ts - first) / 1000, wall: dur / 1000, cpu: tdur / 1000 })),
    );
    return lists.sort((a, b) => cpuOf(b) - cpuOf(a)).at(0) ?? [];
  };
  return { main: busiest('CrRendererMain'), worker: busiest('DedicatedWorker thread') };
}

/** Processor time of all of them, in milliseconds. */
export const cpuOf = (tasks: readonly Task[]): number => tasks.reduce((sum, { cpu }) => sum + cpu, 0);

/** The largest processor time of one of them, in milliseconds. */
export const largest = (tasks: readonly Task[]): number => tasks.reduce((most, { cpu }) => Math.max(most, cpu), 0);
