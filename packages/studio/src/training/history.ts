// What a run has told so far, in plain data that a message and a file can hold. The worker adds to its copy, sends what was added, and the page adds
// the same to its own. However long a run is, a history stays small: of the losses there are at most 4,000 points, each the mean of `stride` steps.

/** One training step. */
export interface StepPoint {
  readonly step: number;
  /** Nats per target, before the update. */
  readonly loss: number;
  /** Global gradient norm before clipping. */
  readonly norm: number;
  readonly clipped: boolean;
}

/** The gradient's way back through one state of one layer. */
export interface FlowOfLayer {
  readonly layer: string;
  readonly of: string;
  /** ‖∂L/∂state_t‖, first step first. */
  readonly norms: readonly number[];
  /** Growth for one step back. */
  readonly factor: number;
  /** Steps after which half is left; null where it does not shrink. */
  readonly halfLife: number | null;
}

export interface GateOfLayer {
  readonly layer: string;
  readonly gate: string;
  /** Parts of units and steps below 0.1 and above 0.9. */
  readonly shut: number;
  readonly open: number;
  /** Median time constant of its units in steps, of the gate that keeps the state. */
  readonly holds: number | null;
  /** Units that hold longer than 100 steps. */
  readonly long: number;
}

/** An inspection between two steps. */
export interface Look {
  readonly step: number;
  readonly flow: readonly FlowOfLayer[];
  readonly gates: readonly GateOfLayer[];
}

/** The state that was asked for, or the last one of the highest layer that the gradient reaches: c of an LSTM, h of the rest. */
export function flowOf(looks: readonly Look[], state?: string): FlowOfLayer | undefined {
  const flow = looks.at(-1)?.flow ?? [];
  return (
    flow.find(({ layer, of }) => `${layer} ${of}` === state) ?? flow.findLast(({ factor }) => factor > 0) ?? flow.at(-1)
  );
}

/** The largest singular value of a step's Jacobian, and how a product of them grew for one step. */
export interface Slope {
  readonly step: number;
  readonly layer: string;
  readonly sigma: number;
  readonly growth: number;
}

/** A forecast of one column: what was read, what came, and what was forecast. */
export interface SampleChart {
  readonly name: string;
  readonly history: readonly number[];
  readonly actual: readonly number[];
  readonly values: readonly number[];
  /** The quantiles 0.1 and 0.9. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

export interface Sample {
  readonly step: number;
  readonly text: string;
  readonly chart?: SampleChart;
}

export interface Validation {
  readonly step: number;
  readonly loss: number;
  readonly best: boolean;
  /** What else was measured, by name. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** What was added since the last message. */
export interface Delta {
  readonly steps: readonly StepPoint[];
  readonly validations: readonly Validation[];
  readonly looks: readonly Look[];
  readonly slopes: readonly Slope[];
  readonly samples: readonly Sample[];
  /** Batches that were left out because something in them was not finite. */
  readonly skipped: readonly { readonly step: number; readonly where: string }[];
}

export interface History {
  /** Steps that one point of the columns stands for. */
  stride: number;
  readonly step: number[];
  readonly loss: number[];
  readonly norm: number[];
  /** Part of the steps that were clipped. */
  readonly clipped: number[];
  /** Steps of the point that is not complete yet. */
  open: StepPoint[];
  // A list that has grown is another list, so that what shows it knows.
  validations: readonly Validation[];
  looks: readonly Look[];
  slopes: readonly Slope[];
  samples: readonly Sample[];
  skipped: readonly { readonly step: number; readonly where: string }[];
}

const [mostPoints, mostLooks, mostSlopes, mostSamples, mostSkipped] = [4000, 9, 400, 12, 20];

export const emptyHistory = (): History => ({
  stride: 1,
  step: [],
  loss: [],
  norm: [],
  clipped: [],
  open: [],
  validations: [],
  looks: [],
  slopes: [],
  samples: [],
  skipped: [],
});

export const emptyDelta = (): { -readonly [K in keyof Delta]: Delta[K][number][] } => ({
  steps: [],
  validations: [],
  looks: [],
  slopes: [],
  samples: [],
  skipped: [],
});

/** Adds to a history, in place. */
export function addTo(history: History, delta: Delta): void {
  for (const point of delta.steps) {
    history.open.push(point);
    if (history.open.length >= history.stride) close(history);
  }
  const { validations, slopes, skipped } = delta;
  if (validations.length > 0)
    history.validations = thinned([...history.validations, ...validations], mostPoints, (v) => v.best);
  if (slopes.length > 0) history.slopes = thinned([...history.slopes, ...slopes], mostSlopes, () => false);
  if (skipped.length > 0) history.skipped = [...history.skipped, ...skipped].slice(-mostSkipped);
  for (const look of delta.looks) history.looks = keepSpread(history.looks, look, mostLooks);
  for (const sample of delta.samples) history.samples = keepSpread(history.samples, sample, mostSamples);
}

/** Makes a point of the open steps. */
function close(history: History): void {
  const { open } = history;
  const mean = (of: (point: StepPoint) => number) => open.reduce((sum, point) => sum + of(point), 0) / open.length;
  history.step.push(open[open.length - 1].step);
  history.loss.push(mean(({ loss }) => loss));
  history.norm.push(mean(({ norm }) => norm));
  history.clipped.push(mean(({ clipped }) => Number(clipped)));
  history.open = [];
  if (history.step.length < mostPoints) return; // an even number: every point has a partner
  for (const column of [history.loss, history.norm, history.clipped]) halve(column);
  for (let k = 0; 2 * k + 1 < history.step.length; k++) history.step[k] = history.step[2 * k + 1];
  history.step.length = history.loss.length;
  history.stride *= 2;
}

/** Means of pairs, in place; one that is left over goes. */
function halve(column: number[]): void {
  const pairs = column.length >> 1;
  for (let k = 0; k < pairs; k++) column[k] = (column[2 * k] + column[2 * k + 1]) / 2;
  column.length = pairs;
}

/** The list; where it is longer than `most`, every other one of it, and those that `keep` names. */
function thinned<T>(list: readonly T[], most: number, keep: (one: T) => boolean): readonly T[] {
  return list.length > most ? list.filter((one, k) => k % 2 === 1 || keep(one)) : list;
}

/** Keeps the newest and, of the older ones, those that spread best over the run: the one closest to its neighbors goes. */
function keepSpread<T extends { readonly step: number }>(before: readonly T[], one: T, most: number): readonly T[] {
  const list = before.filter(({ step }) => step !== one.step);
  list.push(one);
  if (list.length <= most) return list;
  const place = (k: number) => Math.log1p(list[k].step);
  let [closest, gap] = [1, Infinity];
  for (let k = 1; k < list.length - 1; k++) {
    const around = place(k + 1) - place(k - 1);
    if (around < gap) [closest, gap] = [k, around];
  }
  list.splice(closest, 1);
  return list;
}

/** The mean training loss of the last steps, as many as `window`; null before the first. */
export function recentLoss({ loss, open, stride }: History, window = 50): number | null {
  const points = Math.max(1, Math.round(window / stride));
  const last = [...loss.slice(-points), ...open.map((point) => point.loss)].slice(-points);
  return last.length === 0 ? null : last.reduce((a, b) => a + b, 0) / last.length;
}

/** Says whether the columns have changed: steps of their points, as a number. */
export const pointsOf = ({ step }: History): number => step.at(-1) ?? 0;

/** The best validation so far. */
export const bestOf = ({ validations }: History): Validation | undefined => validations.findLast(({ best }) => best);
