// A training run in plain arithmetic, from the papers and PyTorch's documentation: y = w·x + b fitted to examples, with clipping, schedules,
// patience and every optimizer. It shares no line with the library, so it sees what a resumed and an uninterrupted run have in common.

export type OptimizerName = 'SGD' | 'Adagrad' | 'RMSprop' | 'Adam' | 'AdamW';

export interface PlainOptions {
  readonly steps: number;
  /** Batches in turn: pairs of x and y. */
  readonly batches: readonly (readonly (readonly [x: number, y: number])[])[];
  readonly optimizer: OptimizerName;
  readonly lr: number;
  readonly momentum?: number;
  readonly nesterov?: boolean;
  readonly weightDecay: number;
  /** Steps over which the rate grows, then a factor at every validation after more than `patience` without a better one. */
  readonly warmup: number;
  readonly plateau: { readonly factor: number; readonly patience: number } | null;
  readonly clipValue: number | null;
  readonly clipNorm: number | null;
  readonly evaluateEvery: number;
  readonly patience: number;
  /** Losses that the validations find, in turn. */
  readonly validations: readonly number[];
}

export interface PlainStep {
  readonly step: number;
  readonly loss: number;
  readonly smoothLoss: number;
  readonly lr: number;
  readonly gradientNorm: number;
  readonly clipped: boolean;
  readonly best: boolean | null;
  readonly weights: readonly number[];
}

export interface PlainRun {
  readonly steps: readonly PlainStep[];
  readonly reason: 'finished' | 'no improvement';
  readonly bestLoss: number | null;
}

/** One update of one number; `memory` is the optimizer's for it. */
function update(
  o: PlainOptions,
  memory: Record<string, number>,
  step: number,
  p: number,
  gradient: number,
  lr: number,
): number {
  const { momentum = 0, weightDecay } = o;
  const g = o.optimizer === 'AdamW' ? gradient : gradient + weightDecay * p;
  const of = (name: string) => memory[name] ?? 0;
  switch (o.optimizer) {
    case 'SGD':
      if (momentum === 0) return p - lr * g;
      memory.b = momentum * of('b') + g;
      return p - lr * (o.nesterov ? g + momentum * memory.b : memory.b);
    case 'Adagrad':
      memory.s = of('s') + g ** 2;
      return p - (lr * g) / (Math.sqrt(memory.s) + 1e-10);
    case 'RMSprop':
      memory.s = 0.99 * of('s') + 0.01 * g ** 2;
      memory.b = momentum * of('b') + g / (Math.sqrt(memory.s) + 1e-8);
      return p - lr * memory.b;
    case 'Adam':
    case 'AdamW': {
      memory.m = 0.9 * of('m') + 0.1 * g;
      memory.v = 0.999 * of('v') + 0.001 * g ** 2;
      const kept = o.optimizer === 'AdamW' ? p - lr * weightDecay * p : p;
      return kept - (lr * (memory.m / (1 - 0.9 ** step))) / (Math.sqrt(memory.v / (1 - 0.999 ** step)) + 1e-8);
    }
    default:
      throw new Error(`no optimizer ${String(o.optimizer satisfies never)}`);
  }
}

export function plainRun(o: PlainOptions, start: readonly [w: number, b: number]): PlainRun {
  const weights: [number, number] = [...start];
  const memories: Record<string, number>[] = [{}, {}];
  const steps: PlainStep[] = [];
  let [rate, best, bad, smooth] = [o.lr, Infinity, 0, 0];
  const plateau = { best: Infinity, bad: 0 };
  let validation = 0;
  for (let step = 1; step <= o.steps; step++) {
    const batch = o.batches[(step - 1) % o.batches.length];
    const mean = (f: (x: number, error: number) => number) =>
      batch.reduce((sum, [x, y]) => sum + f(x, weights[0] * x + weights[1] - y), 0) / batch.length;
    const loss = mean((_, e) => e ** 2);
    const exact = [mean((x, e) => 2 * e * x), mean((_, e) => 2 * e)];
    const { clipValue, clipNorm } = o;
    let used = exact;
    if (clipValue !== null) used = used.map((g) => Math.min(clipValue, Math.max(-clipValue, g)));
    const norm = Math.hypot(...used);
    if (clipNorm !== null && norm > clipNorm) used = used.map((g) => (g * clipNorm) / norm);
    const lr = step <= o.warmup ? (rate * step) / o.warmup : rate;
    for (const k of [0, 1]) weights[k] = update(o, memories[k], step, weights[k], used[k], lr);
    smooth += (loss - smooth) / Math.min(step, 100);
    let better: boolean | null = null;
    if (step % o.evaluateEvery === 0 || step === o.steps) {
      const found = o.validations[validation++];
      better = found < best;
      if (better) [best, bad] = [found, 0];
      else bad++;
      if (o.plateau) {
        if (found < plateau.best * (1 - 1e-4)) Object.assign(plateau, { best: found, bad: 0 });
        else plateau.bad++;
        if (plateau.bad > o.plateau.patience) {
          rate *= o.plateau.factor;
          plateau.bad = 0;
        }
      }
    }
    const clipped = used.some((g, k) => g !== exact[k]);
    const gradientNorm = Math.hypot(...exact);
    steps.push({ step, loss, smoothLoss: smooth, lr, gradientNorm, clipped, best: better, weights: [...weights] });
    if (better === false && step < o.steps && o.patience > 0 && bad >= o.patience)
      return { steps, reason: 'no improvement', bestLoss: best };
  }
  return { steps, reason: 'finished', bestLoss: Number.isFinite(best) ? best : null };
}
