// What the page knows of the run that it looks into. One question of a kind is under way at a time: while the pointer moves, only the newest one waits.

import { batch, computed, effect, signal } from '@preact/signals';
import type {
  Ablated,
  Brushed,
  Edit,
  Found,
  Gradient,
  Held,
  Measured,
  MeasureName,
  NextSymbol,
  OpenAnswer,
  Opened,
  OwnInput,
  Scores,
  Step,
  UnitKey,
  WeightStatistics,
} from '../reading/protocol.ts';
import type { RunSpec } from '../training/spec.ts';
import type { Calls, InspectorCalls } from '../workers/protocol.ts';
import { navigate, parameters } from './address.ts';
import { inspector, inspectorsLost } from './inspector.ts';
import { snapshotOf, tell, tried } from './trainer.ts';
import { UnderWay } from './under-way.ts';

export interface OpenReading extends Opened {
  readonly spec: RunSpec;
  readonly step: number;
  /** Whether something of one's own was read. */
  readonly readsOwn: boolean;
}

export const reading = signal<OpenReading | null>(null);
/** The same with the run's own weights, where some were changed. */
export const whole = signal<OpenReading | null>(null);
/** The run that was opened last, and what of one's own it reads; it may have read nothing yet. */
export const looked = signal<(Pick<OpenAnswer, 'own'> & Pick<OpenReading, 'spec' | 'step'>) | null>(null);
/** The run that could not be read. */
export const refused = signal<string | null>(null);
/** The values of the chosen unit after every symbol. */
export const values = signal<Float32Array | null>(null);
export const next = signal<readonly NextSymbol[]>([]);
export const around = signal<Step | null>(null);
export const gradient = signal<Gradient | null>(null);
export const found = signal<readonly Found[] | null>(null);
export const brushed = signal<Brushed | null>(null);
export const ablated = signal<(Ablated & { readonly key: UnitKey }) | null>(null);
export const held = signal<Held | null>(null);
/** Scores of the labels along the passage that is looked at. */
export const scores = signal<Scores | null>(null);
export const measured = signal<readonly Measured[]>([]);
export const weights = signal<readonly WeightStatistics[] | null>(null);
/** What is being computed that takes longer than a moment. */
const underWay = new UnderWay<'open' | 'find' | 'ablate' | 'hold' | 'weights' | MeasureName>();
export const busy = underWay.name;

export const keyText = ({ layer, what, unit }: UnitKey): string => `${layer}.${what}.${unit}`;

/** The unit that the address names, or the first one of the last layer that keeps. */
export const unit = computed<UnitKey | null>(() => {
  const open = reading.value;
  if (!open) return null;
  const [, layer, what, number] = /^(.+)\.([^.]+)\.(\d+)$/.exec(parameters.value.get('unit') ?? '') ?? [];
  const track = open.tracks.find((one) => one.layer === layer && one.what === what);
  if (track && Number(number) < track.size) return { layer, what, unit: Number(number) };
  const usual = open.tracks.findLast(({ kind }) => kind === 'state');
  return usual ? { layer: usual.layer, what: usual.what, unit: 0 } : null;
});

/** The symbol that is looked at. */
export const at = computed(() => {
  const open = reading.value;
  const last = (open?.symbols.length ?? 1) - 1;
  const n = Number(parameters.value.get('at') ?? (open ? firstPlace(open) : 0));
  return Number.isInteger(n) ? Math.min(last, Math.max(0, n)) : 0;
});

/** A place that shows something: some way into a text or an example, the first output of a translation, or the last step before the forecast. */
function firstPlace({ kind, passages: [first], series, backward, losses }: OpenReading): number {
  const forecast = series?.forecast?.values.findIndex((v) => Number.isFinite(v)) ?? -1;
  if (backward) return first.from; // where all has been read
  if (forecast > 0) return forecast - 1;
  const written = kind === 'translation' ? losses.findIndex((nats) => Number.isFinite(nats)) : -1;
  return written > 0 ? written - 1 : Math.min(first.to - 1, kind === 'text' ? 80 : 5);
}

export const chooseUnit = (key: UnitKey): void => navigate({ unit: keyText(key) });
export const lookAt = (n: number, how: 'push' | 'replace' = 'replace'): void => navigate({ at: String(n) }, how);

/** What was measured with other weights, or of something else. */
export function forgetFound(): void {
  for (const one of [found, ablated, held]) one.value = null;
  measured.value = [];
}

/** Asks one thing after the other; of those that come meanwhile only the newest is asked. */
export function latest<K extends keyof InspectorCalls>(
  call: K,
  take: (answer: ReturnType<Calls[K]>) => void,
  fail?: (error: Error, ...value: Parameters<Calls[K]>) => void,
) {
  let [running, waiting]: [boolean, (() => void) | null] = [false, null];
  return (...value: Parameters<Calls[K]>): void => {
    const ask = () => {
      running = true;
      inspector
        .call(call, ...value)
        .then(
          (answer) => take(answer),
          (error: Error) => (fail ? fail(error, ...value) : tell(error)),
        )
        .finally(() => {
          running = false;
          const following = waiting;
          waiting = null;
          following?.();
        });
    };
    if (running) waiting = ask;
    else ask();
  };
}

effect(() => {
  if (inspectorsLost.value > 0) [reading.value, whole.value, looked.value] = [null, null, null];
});

export const askUnit = latest('unit', (answer) => (values.value = answer));
export const askNext = latest('next', (answer) => (next.value = answer));
export const askAround = latest('around', (answer) => (around.value = answer));
export const askGradient = latest('gradient', (answer) => (gradient.value = answer));

/** Units are compared with a property over this many steps at least. */
export const fewestSteps = 32;
export const isComparable = (): boolean => (reading.value?.symbols.length ?? 0) >= fewestSteps;

/** The stretch that the address names, as its two numbers; null where there is none in what was read, and where nothing lies outside of it. */
export const stretch = computed<string | null>(() => {
  const [from, to] = ['from', 'to'].map((name) => Number(parameters.value.get(name) || NaN));
  const steps = reading.value?.symbols.length ?? 0;
  const isThere =
    Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from < to && to <= steps && to - from < steps;
  return isThere && isComparable() ? `${from} ${to}` : null;
});
const askBrush = latest('brush', (answer) => (brushed.value = answer));
effect(() => {
  if (!reading.value || stretch.value === null) return; // anew for what is opened, of the same stretch too
  const [from, to] = stretch.value.split(' ').map(Number);
  askBrush({ from, to });
});

/** Opens a run's weights of this moment, and what validates; what is the user's own is read first. */
export async function openReading(id: string, own: OwnInput | null = null): Promise<void> {
  if (busy.peek() === 'open') return;
  const opening = tried(async () => {
    const snapshot = await snapshotOf(id);
    const { spec, step } = snapshot;
    const { own: form, opened } = await inspector.call('open', { snapshot, own });
    batch(() => {
      for (const one of [values, around, gradient, brushed, scores, weights]) one.value = null;
      next.value = [];
      forgetFound();
      looked.value = { own: form, spec, step };
      whole.value = opened && { ...opened, spec, step, readsOwn: own !== null };
      reading.value = whole.value;
    });
  });
  refused.value = (await underWay.during('open', opening)) ? null : id;
}

/** Asks what takes longer, and says so while it does. */
async function long<K extends keyof InspectorCalls>(
  name: NonNullable<typeof busy.value>,
  call: K,
  value: Parameters<Calls[K]>,
  take: (answer: ReturnType<Calls[K]>) => void,
): Promise<void> {
  if (busy.peek()) return;
  await underWay.during(name, inspector.call(call, ...value).then(take)).catch(tell);
}

export const find = () => long('find', 'find', [], (answer) => (found.value = answer));
export const ablate = (key: UnitKey, name: string | null) =>
  long('ablate', 'ablate', [{ key, name }], (answer) => (ablated.value = { ...answer, key }));
export const askWeights = () => long('weights', 'weights', [], (answer) => (weights.value = answer));
export const askScores = latest('scores', (answer) => (scores.value = answer));
export const askHold = latest('hold', (answer) => (held.value = answer));
export const hold = (edit: Edit) => long('hold', 'hold', [edit], (answer) => (held.value = answer));
export const measure = (what: MeasureName) =>
  long(what, 'measure', [{ what }], (answer) => {
    measured.value = [...measured.value.filter((one) => one.what !== what), answer];
  });
