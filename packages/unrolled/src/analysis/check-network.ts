// Six sanity checks that any network should pass before it is trained. Each has caught mistakes that raise no error: the loss falls, a little
// too slowly, or far too well, and days go by (Karpathy's "A recipe for training neural networks" recommends the habit).
//
//   ✓ padding changes nothing              ✓ loss at the start 4.18 ≈ ln 65 = 4.17
//   ✓ rows of a batch are independent       ✓ the gradient reaches all 9 parameters
//   ✓ the state is carried and reset        ✓ overfits a tiny batch: 4.18 → 0.31

import { optional, requireKinds, requireNumber } from '../checks.ts';
import { checkOptions } from '../errors.ts';
import type { Module } from '../nn/module.ts';
import { clipGradNorm, gradNorm } from '../optim/clip.ts';
import { Adam } from '../optim/optimizers.ts';
import { noGrad } from '../tensor/autograd.ts';
import { remember } from '../tensor/remembered.ts';
import { scope } from '../tensor/scope.ts';
import type { Probe } from '../train/probe.ts';
import { preservingState } from './preserving-state.ts';

/** The checks of a network, by name. */
export type CheckName = 'padding' | 'rows' | 'state' | 'start' | 'gradients' | 'overfits';

/** The outcome of one check: whether it passed, what was measured, and what a failure means. */
export interface NetworkCheck {
  readonly name: CheckName;
  /** The property checked, as a sentence that holds if the check passed. */
  readonly title: string;
  /** Null when the check does not apply or ran out of time; `detail` says why. */
  readonly passed: boolean | null;
  /** What was measured. */
  readonly detail: string;
  /** What a failure means and where to look for its cause; empty when the check did not fail. */
  readonly meaning: string;
}

/** Options of `checkNetwork`. */
export interface CheckOptions {
  /** Fraction of the loss that overfitting may leave. Default 0.5. */
  readonly seconds?: number;
}

const tolerance = 1e-4; // of outputs that should be equal: far above rounding, far below a mistake
const more = 3; // steps appended to a row

/**
 * Runs all six checks. Weights, gradients, random state and position in the data are left unchanged, to the bit.
 *
 *     for (const { passed, title, detail, meaning } of checkNetwork(model, task.probe())) console.log(passed, title, detail, meaning);
 *
 * Run it on an untrained network: on a trained one, the check of the initial loss fails.
 */
export function checkNetwork(model: Module, probe: Probe, options: CheckOptions = {}): NetworkCheck[] {
  requireKinds(
    'checkNetwork',
    { model, probe, options },
    {
      model: 'module',
      probe: {
        rows: 'number',
        steps: 'number',
        behind: 'text|null',
        baseline: optional({ name: 'text', loss: 'number' }),
        loss: 'function',
        outputs: 'function',
        inPieces: 'function|null',
      },
      options: 'object',
    },
  );
  checkOptions('checkNetwork', options, ['seconds']);
  const { seconds = 0.5 } = options;
  requireNumber('checkNetwork', 'seconds', seconds, { low: 0 });
  return preservingState(model, () => {
    model.eval();
    const all = Array.from({ length: probe.rows }, (_, r) => r);
    const ask = (body: () => ArrayLike<number>[]) => scope(() => noGrad(body));
    const plain = ask(() => probe.outputs(all, 0));
    const checks = [
      checkPadding(probe, plain, ask, all),
      checkRows(probe, plain, ask, all),
      checkState(probe, plain, ask, all),
      checkStart(probe, all),
    ];
    return [...checks, ...checkLearning(model, probe, all, seconds)];
  });
}

type Ask = (body: () => ArrayLike<number>[]) => ArrayLike<number>[];

function checkPadding(probe: Probe, plain: ArrayLike<number>[], ask: Ask, all: readonly number[]): NetworkCheck {
  const future = probe.behind === 'future';
  const about = {
    name: 'padding',
    title: future ? 'no output depends on the future' : 'padding changes nothing',
  } as const;
  if (probe.behind === null) return { ...about, passed: null, detail: 'all rows have the same steps', meaning: '' };
  const difference = farthest(
    plain,
    ask(() => probe.outputs(all, more)),
  );
  return verdict(
    about,
    difference,
    future
      ? 'the prediction at a step depends on symbols after it: the loss will look wonderful, and the model will be of no use. Look for a second direction, or for input and target that are not shifted by one'
      : 'padding after a row’s end changes its prediction: pass the lengths on to every layer and to the pooling, and leave steps past the end out of the loss',
  );
}

function checkRows(probe: Probe, plain: ArrayLike<number>[], ask: Ask, all: readonly number[]): NetworkCheck {
  const about = { name: 'rows', title: 'rows of a batch are independent' } as const;
  if (probe.rows < 2) return { ...about, passed: null, detail: 'there is one row only', meaning: '' };
  const alone = all.map((r) => ask(() => probe.outputs([r], 0))[0]);
  const backwards = ask(() => probe.outputs(all.toReversed(), 0)).toReversed();
  return verdict(
    about,
    Math.max(farthest(plain, alone), farthest(plain, backwards)),
    'the prediction for a row depends on the other rows of the batch: look for a mean or a norm over the batch, or a reshape that takes rows for steps (use transpose)',
  );
}

function checkState(probe: Probe, plain: ArrayLike<number>[], ask: Ask, all: readonly number[]): NetworkCheck {
  const { inPieces } = probe;
  const title = inPieces ? 'the state is carried and reset' : 'nothing is carried from batch to batch';
  const about = { name: 'state', title } as const;
  const again = farthest(
    plain,
    ask(() => probe.outputs(all, 0)),
  );
  if (!(typeof again === 'number' && again <= tolerance)) {
    return verdict(
      about,
      again,
      'the same batch gives different outputs the second time: state of the batch before is kept where it should be reset',
    );
  }
  if (!inPieces) return verdict(about, again, '');
  return verdict(
    about,
    farthest(
      plain,
      ask(() => inPieces(all)),
    ),
    'a text read in two pieces gives other outputs than the whole text: the state passed in is ignored, or part of it is lost',
  );
}

function checkStart(probe: Probe, all: readonly number[]): NetworkCheck {
  const { baseline } = probe;
  const loss = scope(() => noGrad(() => probe.loss(all).itemSync()));
  const title = baseline ? `the loss at the start is near ${baseline.name}` : 'the loss at the start is a number';
  const about = { name: 'start', title } as const;
  const finite = Number.isFinite(loss);
  const detail = baseline
    ? `${loss.toFixed(2)}, and ${baseline.name} = ${baseline.loss.toFixed(2)}`
    : loss.toPrecision(3);
  const near = !baseline || Math.abs(loss - baseline.loss) <= 0.1 + 0.1 * baseline.loss;
  if (finite && near) return { ...about, passed: true, detail, meaning: '' };
  const meaning = !finite
    ? 'the very first loss is not a number: look for a division by 0, a logarithm of 0, or data that are not finite'
    : loss > (baseline?.loss ?? 0)
      ? 'an untrained network should predict all classes alike; this one is confident and wrong, and will spend its first steps unlearning that. The initial weights of the last layers are too large, or the loss is a sum where a mean is meant'
      : 'an untrained network cannot do better than the baseline: the targets leak into the input, or trained weights were loaded';
  return { ...about, passed: false, detail, meaning };
}

const [steps, remaining] = [150, 0.25]; // number of updates, and the fraction of the loss that may remain
const rates = [1e-2, 2e-3]; // a learning rate that suits small networks, then one for large ones

/** Trains on the probe alone, and restores the weights. On its way it records which parameters get a gradient. */
function checkLearning(model: Module, probe: Probe, all: readonly number[], seconds: number): NetworkCheck[] {
  const before = remember(Array.from(model.namedState(), ([, t]) => t));
  const parameters = [...model.namedParameters()];
  const without = new Set(parameters.filter(([, p]) => p.size > 0).map(([name]) => name));
  const deadline = Date.now() + seconds * 1000;
  let [first, best, taken] = [Number.NaN, Infinity, 0];
  try {
    for (const lr of rates) {
      if (taken > 0) before.restore();
      const optimizer = new Adam(model.parameters(), { lr });
      for (let step = 0; step < steps && !(best <= remaining * first); step++) {
        if (taken >= 3 && Date.now() > deadline) break;
        const loss = scope(() => {
          optimizer.zeroGrad();
          const loss = probe.loss(all);
          loss.backward();
          for (const [name, p] of parameters) if (p.grad && gradNorm([p]) > 0) without.delete(name);
          if (Number.isFinite(gradNorm(model.parameters()))) {
            clipGradNorm(model.parameters(), 1);
            optimizer.step();
          }
          return loss.itemSync();
        });
        taken++;
        if (Number.isNaN(first)) first = loss;
        best = Math.min(best, loss);
      }
    }
  } finally {
    model.zeroGrad();
    before.restore();
    before.release();
  }
  const inTime = Date.now() <= deadline;
  return [reached(parameters.length, [...without], probe.steps), overfitted(first, best, taken, inTime, seconds)];
}

function reached(count: number, without: readonly string[], longest: number): NetworkCheck {
  const about = { name: 'gradients', title: `the gradient reaches all ${count} parameters` } as const;
  if (without.length === 0) return { ...about, passed: true, detail: '', meaning: '' };
  const names = `${without.slice(0, 4).join(', ')}${without.length > 4 ? ` and ${without.length - 4} more` : ''}`;
  const none = `none at ${names}`;
  // With a zero state, one step gives no gradient to what multiplies the state.
  if (longest < 2) return { ...about, passed: null, detail: `${none}: the rows have one step`, meaning: '' };
  return {
    ...about,
    passed: false,
    detail: none,
    meaning:
      'these keep their initial values for ever: they are not used, or stand behind a detach, a noGrad, an argmax or a factor of 0',
  };
}

function overfitted(first: number, best: number, taken: number, inTime: boolean, seconds: number): NetworkCheck {
  const about = { name: 'overfits', title: 'overfits a tiny batch' } as const;
  const detail = `${first.toFixed(2)} → ${best.toFixed(2)} in ${taken} steps`;
  if (best <= remaining * first) return { ...about, passed: true, detail, meaning: '' };
  if (!inTime && best < first)
    return { ...about, passed: null, detail: `${detail}, all that ${seconds} s allowed`, meaning: '' };
  return {
    ...about,
    passed: false,
    detail,
    meaning:
      'a network that cannot overfit a handful of examples will not learn from many: the input may not reach the output, the labels may not belong to the inputs, or the gradient may be wrong',
  };
}

function verdict(
  about: { readonly name: CheckName; readonly title: string },
  difference: number,
  meaning: string,
): NetworkCheck {
  const passed = difference <= tolerance;
  const detail = difference === 0 ? 'equal to the last bit' : `differ by ${difference.toPrecision(2)}`;
  return { ...about, passed, detail, meaning: passed ? '' : meaning };
}

/** The largest difference, relative to the larger of the largest value and 1. NaN counts as infinite. */
function farthest(a: readonly ArrayLike<number>[], b: readonly ArrayLike<number>[]): number {
  let [difference, size] = [0, 1];
  for (const [r, row] of a.entries()) {
    if (row.length !== b[r]?.length) return Infinity;
    for (let k = 0; k < row.length; k++) {
      const d = Math.abs(row[k] - b[r][k]);
      if (Number.isNaN(d)) return Infinity;
      difference = Math.max(difference, d);
      size = Math.max(size, Math.abs(row[k]));
    }
  }
  return difference / size;
}

/** Summarizes the checks: how many passed, and what failed. */
export function describeChecks(checks: readonly NetworkCheck[]): string[] {
  requireKinds(
    'describeChecks',
    { checks },
    { checks: [{ title: 'text', passed: 'flag|null', detail: 'text', meaning: 'text' }] },
  );
  const passed = checks.filter((check) => check.passed).length;
  const asked = checks.filter((check) => check.passed !== null).length;
  const failures = checks.filter((check) => check.passed === false);
  if (failures.length === 0) return [`The network passed all ${asked} checks that could be made.`];
  return [
    `The network passed ${passed} of ${asked} checks.`,
    ...failures.map(({ title, detail, meaning }) => `Failed: ${title} (${detail}). It means that ${meaning}.`),
  ];
}
