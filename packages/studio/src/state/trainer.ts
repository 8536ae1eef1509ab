// What the page knows of the trainer: the runs there are, the one that is open, and its messages. The views read these signals; the
// functions below are all that they may ask for.

import { batch, computed, signal } from '@preact/signals';
import type { RunProblem } from 'unrolled';
import type { RawImage } from 'unrolled/data';
import type { OpenedRun } from '../opening/opened.ts';
import type { RunSummary } from '../store/runs.ts';
import { addTo, bestOf, type History, recentLoss } from '../training/history.ts';
import { Portions } from '../training/portions.ts';
import type { RunSpec } from '../training/spec.ts';
import { WorkerClient, WorkerLost } from '../workers/client.ts';
import type { Machine, NewRun, Notice, OpenRun, Status, WorkerEvent } from '../workers/protocol.ts';
import { navigate, parameters } from './address.ts';
import { Away, type AwayNotice } from './away.ts';

const runProblems = ['missing', 'corrupt', 'newer', 'mismatch', 'large', 'task'] as const satisfies RunProblem[];

/** What failed, as a key of the words: of a run that cannot be opened, why. */
type Failure = RunProblem | 'convert' | 'file' | 'other';

export type PageNotice =
  | Exclude<Notice, { readonly kind: 'error' }>
  | { readonly kind: 'error'; readonly what: Failure; readonly message: string }
  | { readonly kind: 'restarted'; readonly step: number }
  | { readonly kind: 'lost' }
  | { readonly kind: 'inspector-lost' }
  | AwayNotice
  | { readonly kind: 'elsewhere'; readonly address: string }
  | { readonly kind: 'not-kept' }
  | { readonly kind: 'other-tab'; readonly id: string };

export const machine = signal<Machine | null>(null);
export const runs = signal<readonly RunSummary[]>([]);
export const notice = signal<PageNotice | null>(null);
/** What the page waits for; null for nothing. */
export const waiting = signal<'starting' | 'opening' | null>(null);

/** The open run, another one with everything that changes of it. The columns of `history` are changed in place. */
export interface Current {
  readonly spec: RunSpec;
  readonly status: Status;
  readonly history: History;
  /** Pictures that its samples answer about, a line each. */
  readonly pictures: readonly RawImage[];
}
export const current = signal<Current | null>(null);
export const currentStep = computed(() => current.value?.status.step);
/** What of it stays the same from step to step, for what is not to be rendered with every one. */
export const currentId = computed(() => current.value?.spec.id);
export const currentName = computed(() => current.value?.spec.name);
export const currentKind = computed(() => current.value?.spec.data.kind);

const client = new WorkerClient('trainer', receive, restart);

function receive(event: WorkerEvent): void {
  if (event.type === 'notice') {
    notice.value = event.notice.kind === 'error' ? { ...event.notice, what: 'other' } : event.notice;
    return;
  }
  const now = current.value;
  if (event.type !== 'progress' || !now || now.spec.id !== event.id) return;
  portions.add(event.delta);
  told = event.status;
  soon();
}

/** What was told and is not shown yet: a frame shows a portion of it. */
const portions = new Portions();
let told: Status | null = null;
const unseen = 1000; // ms; a hidden tab has no frames
let [frame, timer]: [number | undefined, ReturnType<typeof setTimeout> | undefined] = [undefined, undefined];

function soon(): void {
  frame ??= requestAnimationFrame(showPortion);
  timer ??= setTimeout(showPortion, unseen);
}

function showPortion(): void {
  cancelAnimationFrame(frame as number);
  clearTimeout(timer);
  [frame, timer] = [undefined, undefined];
  const now = current.peek();
  if (!now) return;
  addTo(now.history, portions.next());
  if (!portions.empty) soon();
  update(now.spec, told ?? now.status, now.history);
}

function update(spec: RunSpec, status: Status, history: History, pictures = current.peek()?.pictures ?? []): void {
  client.working = status.phase === 'training';
  told = null;
  const before = current.peek();
  const same = before?.spec === spec && before.status.phase === status.phase && status.phase === 'training';
  batch(() => {
    current.value = { spec, status, history, pictures };
    if (!same || performance.now() - listed > listEvery) list(spec, status, history);
  });
}

const listEvery = 1000; // ms: the list of runs is a part of every view
let listed = 0;

/** Says in the list of runs how far the open one is. */
function list(spec: RunSpec, status: Status, history: History): void {
  listed = performance.now();
  const loss = bestOf(history)?.loss ?? recentLoss(history);
  runs.value = runs.value.map((one) =>
    one.spec.id === spec.id ? { spec, step: status.step, loss, sha: status.sha, playing: false } : one,
  );
}

function show({ spec, status, history, pictures }: OpenRun): void {
  portions.clear(); // what was told before is in the history
  update(spec, status, history, pictures);
}
const showStatus = (status: Status): void => {
  if (current.value) update(current.value.spec, status, current.value.history);
};

let starting: Promise<void> | undefined;

/** Starts the worker and reads the list of runs; again after a failure. */
export function start(): Promise<void> {
  starting ??= (async () => {
    waiting.value = 'starting';
    try {
      const opened = await client.call('list');
      machine.value = opened.machine;
      runs.value = opened.runs;
    } catch (error) {
      starting = undefined;
      throw error;
    } finally {
      waiting.value = null;
    }
  })();
  return starting;
}

/** Does what was asked for, and says what went wrong. Returns whether it went well. */
export async function tried(body: () => Promise<void>): Promise<boolean> {
  try {
    await start();
    await body();
    return true;
  } catch (error) {
    tell(error as Error);
    return false;
  }
}

/** Says what went wrong. What ended with its worker is told where that happens. */
export function tell(error: Error): void {
  if (!(error instanceof WorkerLost)) notice.value = noticeOf(error);
}

/** By the name of the error; a worker's error has nothing else but its message. */
const failures: Readonly<Record<string, Failure>> = {
  ...Object.fromEntries(runProblems.map((problem) => [`RunError ${problem}`, problem])),
  ConvertError: 'convert',
  FormatError: 'file',
};

function noticeOf({ name, message }: Error): PageNotice {
  if (name === 'OtherTab') return { kind: 'other-tab', id: message };
  if (name === 'OtherOrigin') return { kind: 'elsewhere', address: message };
  if (name === 'NotKept') return { kind: 'not-kept' };
  if (name === 'RangeError' || /out of memory/i.test(message)) return { kind: 'out-of-memory' };
  return { kind: 'error', what: failures[name] ?? 'other', message };
}

export const create = (of: NewRun) =>
  tried(async () => {
    waiting.value = 'opening';
    try {
      const open = await client.call('create', of);
      const { spec, status } = open;
      runs.value = [{ spec, step: status.step, loss: null, sha: null, playing: false }, ...runs.value];
      show(open);
      navigate({ run: spec.id });
      showStatus(await client.call('play'));
    } finally {
      waiting.value = null;
    }
  });

export const select = (id: string, onlyWatch = false) =>
  tried(async () => {
    if (openedOf(id)) return; // it has nothing that could be trained on

    waiting.value = 'opening';
    try {
      show(await client.call('select', { id, onlyWatch }));
    } finally {
      waiting.value = null;
    }
  });

export const play = () => tried(async () => showStatus(await client.call('play')));
export const pause = () => tried(async () => showStatus(await client.call('pause')));
export const step = () => tried(async () => showStatus(await client.call('step')));
export const reset = () => tried(async () => show(await client.call('reset')));
export const save = () => tried(async () => showStatus(await client.call('save')));

export const change = (lr: number, clipNorm: number) =>
  tried(async () => {
    const spec = await client.call('change', { lr, clipNorm });
    const now = current.value;
    if (now?.spec.id === spec.id) update(spec, told ?? now.status, now.history);
  });

export const rename = (id: string, name: string) =>
  tried(async () => {
    runs.value = await client.call('rename', { id, name });
    const now = current.value;
    if (now?.spec.id === id) update({ ...now.spec, name }, told ?? now.status, now.history);
  });

export const remove = (id: string) =>
  tried(async () => {
    runs.value = await client.call('remove', { id });
    if (current.value?.spec.id === id) current.value = null;
    if (parameters.value.get('run') === id) navigate({ run: null });
  });

/** What is known of a run that was opened and not trained here. */
export const openedOf = (id: string | undefined) => runs.value.find(({ spec, opened }) => opened && spec.id === id);

/** Keeps an opened run, and returns its id. */
export async function keepOpened(run: OpenedRun): Promise<string> {
  const kept = await client.call('keepOpened', run);
  runs.value = kept.runs;
  return kept.id;
}

/** The history of a run that is not open, for comparison. */
export const historyOf = (id: string): Promise<History | null> => client.call('history', { id });
export const snapshotOf = (id: string) => client.call('snapshot', { id });
export const takenOf = (id: string) => client.call('taken', { id });

/** The worker is gone: another one opens the run where it was saved, and trains on if it did. */
function restart(): void {
  const lost = current.value;
  starting = undefined;
  void tried(async () => {
    if (!lost) return;
    try {
      const open = await client.call('select', { id: lost.spec.id, onlyWatch: false });
      show(open);
      notice.value = { kind: 'restarted', step: open.status.saved ?? 0 };
      if (lost.status.phase === 'training') showStatus(await client.call('play'));
    } catch {
      current.value = null;
      notice.value = { kind: 'lost' };
    }
  });
}

const stepWhileTraining = (): number | null =>
  current.peek()?.status.phase === 'training' ? (current.peek()?.status.step ?? null) : null;

/** Saves when the tab is hidden, which a browser may end then, and says what happened meanwhile. Returns what ends it. */
export function followAway(): () => void {
  const away = new Away();
  const tellAway = (found: AwayNotice | null) => {
    if (found) notice.value = found;
  };
  const change = () => {
    if (document.visibilityState === 'visible') {
      tellAway(away.show(stepWhileTraining()));
      return;
    }
    away.hide(stepWhileTraining());
    if (stepWhileTraining() !== null) void save();
  };
  const timer = setInterval(() => tellAway(away.tick(stepWhileTraining())), 5000);
  document.addEventListener('visibilitychange', change);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', change);
  };
}
