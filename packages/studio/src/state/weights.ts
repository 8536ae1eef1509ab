// Weights that are changed to see what comes of it: the weight that is looked at, the changes that are wanted, and what they have made of what was read.

import { batch, computed, effect, signal } from '@preact/signals';
import type { ChangedWeight, NextCompared, WeightBlock, WeightChange, WeightStatistics } from '../reading/protocol.ts';
import { at, forgetFound, latest, reading, weights, whole } from './reading.ts';
import { tell } from './trainer.ts';

/** Rows and columns that are shown at once. */
export const [shownRows, shownColumns] = [24, 32];

export interface WeightPlace {
  readonly tensor: string;
  readonly row: number;
  readonly column: number;
}

/** What is changed at the place that is looked at. */
export const parts = ['weight', 'row', 'column'] as const;
export type Part = (typeof parts)[number];

export const place = signal<WeightPlace | null>(null);
export const part = signal<Part>('weight');
/** The part of the tensor around the place. */
export const block = signal<WeightBlock | null>(null);
/** Changes as they are wanted, and as they were made last. */
export const wanted = signal<readonly WeightChange[]>([]);
export const changed = signal<readonly ChangedWeight[]>([]);
/** What is given at the place that is looked at with no weight changed, and with the changes. */
export const nextCompared = signal<NextCompared>({ free: [], held: [] });

export const tensorOf = (name: string): WeightStatistics | null =>
  weights.value?.find((one) => one.name === name) ?? null;

/** What a change at the place would take the place of. */
export const key = computed(() => {
  const now = place.value;
  if (!now) return null;
  const { tensor, row, column } = now;
  return { tensor, row: part.value === 'column' ? null : row, column: part.value === 'row' ? null : column };
});

/** Whether what was read follows all changes that are wanted: while one is dragged, the next is under way. */
export const isFollowed = computed(
  () =>
    changed.value.length === wanted.value.length &&
    wanted.value.every((one, k) => isSame(one, changed.value[k]) && one.value === changed.value[k].value),
);

type Key = Pick<WeightChange, 'tensor' | 'row' | 'column'>;
export const isSame = (a: Key, b: Key): boolean => a.tensor === b.tensor && a.row === b.row && a.column === b.column;

/** The change that there is at the place. */
export const current = computed(() => {
  const now = key.value;
  return (now && wanted.value.find((change) => isSame(change, now))) ?? null;
});

/** The statistics of all tensors, which say what there is to be changed. */
export const askTensors = latest('weights', (answer) => (weights.value = answer));

const askBlock = latest('weightBlock', (answer) => (block.value = answer));
effect(() => {
  if (!place.value) return;
  void changed.value; // the block has other weights then
  const { tensor, row, column } = place.value;
  const corner = (n: number, size: number) => Math.floor(n / size) * size;
  askBlock({
    tensor,
    row: corner(row, shownRows),
    column: corner(column, shownColumns),
    rows: shownRows,
    columns: shownColumns,
  });
});

const askCompared = latest('nextCompared', (answer) => (nextCompared.value = answer));
effect(() => {
  if (whole.value && changed.value.length > 0 && whole.value.kind !== 'forecast') askCompared({ n: at.value });
});

const askChange = latest(
  'changeWeights',
  ({ opened, changed: made, weights: numbers }) =>
    batch(() => {
      const before = reading.peek();
      if (!before) return;
      const isRead = before.symbols.join() === opened.symbols.join();
      forgetFound();
      reading.value = { ...before, ...opened, symbols: isRead ? before.symbols : opened.symbols };
      changed.value = made;
      const others = new Map(numbers.map((one) => [one.name, one]));
      weights.value = weights.peek()?.map((one) => ({ ...one, ...others.get(one.name) })) ?? null;
    }),
  (error, { changes }) => {
    if (error.name === 'OtherReading') return; // what was wanted went with what was open
    if (wanted.peek() === changes) wanted.value = changed.peek(); // and nothing newer is wanted
    tell(error);
  },
);

/** Asks for what is wanted of the run that is open. */
function askWanted(): void {
  const now = whole.peek();
  if (now) askChange({ of: { id: now.spec.id, step: now.step }, changes: wanted.peek() });
}

function want(changes: readonly WeightChange[]): void {
  wanted.value = changes;
  askWanted();
}

/** Has a value take the place of the weight that is looked at, or scales its row or column by it. */
export function changeTo(value: number): void {
  const now = key.value;
  if (!now || !Number.isFinite(Math.fround(value))) return;
  const change: WeightChange = { ...now, how: part.value === 'weight' ? 'set' : 'scale', value };
  want([...wanted.value.filter((one) => !isSame(one, change)), change]); // last, so that the weight comes to have it
}

export const undo = (change: Key): void => want(wanted.value.filter((one) => !isSame(one, change)));
export const undoAll = (): void => want([]);

let opened: { readonly id: string; readonly step: number } | null = null;
effect(() => {
  const now = whole.value;
  const same = now?.spec.id === opened?.id && now?.step === opened?.step;
  opened = now && { id: now.spec.id, step: now.step };
  if (same && now) {
    if (place.peek()) askTensors();
    if (wanted.peek().length > 0) askWanted(); // it reads something else with them
    return;
  }
  batch(() => {
    [place.value, part.value, block.value] = [null, 'weight', null];
    [wanted.value, changed.value] = [[], []];
    nextCompared.value = { free: [], held: [] };
  });
});
