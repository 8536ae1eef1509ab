// What held a page up: its tasks over 50 ms, what the browser says of them, and whether the machine stood still meanwhile. A virtual machine that is not
// given its processors stands still for everything on it, so a process that only waits notices it too: its timer comes late.

import { constants, getPriority, setPriority } from 'node:os';
import type { Page } from 'playwright-core';

/** A time, in milliseconds since 1970. */
interface Span {
  readonly start: number;
  readonly end: number;
}

const [every, late] = [10, 50]; // ms
const now = () => performance.timeOrigin + performance.now();

/** When this process, which has to do nothing else, was called more than 50 ms late while `body` ran, at the highest priority that it may have. */
export async function stallsWhile(body: () => Promise<unknown>): Promise<Span[]> {
  const stalls: Span[] = [];
  let due = now() + every;
  const before = getPriority();
  trySetPriority(constants.priority.PRIORITY_HIGHEST);
  const timer = setInterval(() => {
    const at = now();
    if (at - due > late) stalls.push({ start: due, end: at });
    due = at + every;
  }, every);
  try {
    await body();
  } finally {
    clearInterval(timer);
    trySetPriority(before);
  }
  return stalls;
}

/** Not everybody may. */
function trySetPriority(priority: number): void {
  try {
    setPriority(priority);
  } catch {}
}

/** As the browser tells them: a task, or a frame with the scripts in it. */
interface Told extends Span {
  readonly type: 'longtask' | 'long-animation-frame';
  readonly does: string;
}

/** Begins to note what takes over 50 ms on a page. */
export async function noteLong(page: Page): Promise<void> {
  await page.evaluate(`{
    globalThis.long = [];
    const ms = (time) => Math.round(time) + ' ms';
    const scriptOf = ({ invoker, sourceFunctionName, duration }) => [invoker, sourceFunctionName, ms(duration)].join(' ');
    const note = (entry) => {
      const start = performance.timeOrigin + entry.startTime;
      const layout = entry.styleAndLayoutStart ? entry.startTime + entry.duration - entry.styleAndLayoutStart : 0;
      const does = [...(entry.scripts ?? []).map(scriptOf), 'style, layout and paint ' + ms(layout)].join(', ');
      long.push({ type: entry.entryType, start, end: start + entry.duration, does });
    };
    const observer = new PerformanceObserver((list) => list.getEntries().forEach(note));
    for (const type of ['longtask', 'long-animation-frame']) observer.observe({ type });
  }`);
}

export interface LongTask extends Span {
  /** What it took besides the time in which the machine stood still, in milliseconds. */
  readonly own: number;
  /** Scripts and layout of its frame; empty where the browser tells none. */
  readonly does: string;
}

/** The tasks that were noted. */
export async function longTasks(page: Page, stalls: readonly Span[]): Promise<LongTask[]> {
  const told = (await page.evaluate('long')) as Told[];
  const frames = told.filter(({ type }) => type === 'long-animation-frame');
  return told
    .filter(({ type }) => type === 'longtask')
    .map(({ start, end }) => {
      const stood = stalls.reduce((sum, stall) => sum + overlap(stall, { start, end }), 0);
      const frame = frames.find((one) => overlap(one, { start, end }) > 0);
      return { start, end, own: end - start - stood, does: frame?.does ?? '' };
    });
}

const overlap = (a: Span, b: Span): number => Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start));
