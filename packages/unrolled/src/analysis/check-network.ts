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
import { type ReportLanguage, requireLanguage } from './language.ts';
import { preservingState } from './preserving-state.ts';

/** The checks of a network, by name. */
export type CheckName = 'padding' | 'rows' | 'state' | 'start' | 'gradients' | 'overfits';

/** The texts of a check. */
export interface CheckText {
  /** The property checked, as a sentence that holds if the check passed. */
  readonly title: string;
  /** What was measured. */
  readonly detail: string;
  /** What a failure means and where to look for its cause; empty when the check did not fail. */
  readonly meaning: string;
}

/** The outcome of one check: whether it passed, what was measured, and what a failure means. */
export interface NetworkCheck extends CheckText {
  readonly name: CheckName;
  /** Null when the check does not apply or ran out of time; `detail` says why. */
  readonly passed: boolean | null;
  /** The same text in Korean. */
  readonly ko: CheckText;
}

type InBoth = Readonly<Record<ReportLanguage, string>>;

interface About {
  readonly name: CheckName;
  readonly title: InBoth;
}

const nothing: InBoth = { en: '', ko: '' };

function outcome({ name, title }: About, passed: boolean | null, detail: InBoth, meaning: InBoth): NetworkCheck {
  const text = (language: ReportLanguage): CheckText => ({
    title: title[language],
    detail: detail[language],
    meaning: passed === false ? meaning[language] : '',
  });
  return { name, passed, ...text('en'), ko: text('ko') };
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
  const about: About = {
    name: 'padding',
    title: future
      ? { en: 'no output depends on the future', ko: '출력이 미래를 보지 않음' }
      : { en: 'padding changes nothing', ko: '패딩이 결과를 바꾸지 않음' },
  };
  if (probe.behind === null)
    return outcome(about, null, { en: 'all rows have the same steps', ko: '모든 행의 단계 수가 같음' }, nothing);
  const difference = farthest(
    plain,
    ask(() => probe.outputs(all, more)),
  );
  return verdict(
    about,
    difference,
    future
      ? {
          en: 'the prediction at a step depends on symbols after it: the loss will look wonderful, and the model will be of no use. Look for a second direction, or for input and target that are not shifted by one',
          ko: '한 단계의 예측이 그 뒤의 기호에 따라 달라집니다. 손실은 아주 좋아 보이지만 쓸 수 없는 모델이 됩니다. 역방향 층이 있는지, 입력과 목표가 한 칸 어긋나 있지 않은지 살펴보십시오',
        }
      : {
          en: 'padding after a row’s end changes its prediction: pass the lengths on to every layer and to the pooling, and leave steps past the end out of the loss',
          ko: '행이 끝난 뒤의 패딩이 예측을 바꿉니다. 모든 층과 풀링에 길이를 넘기고, 끝난 뒤의 단계는 손실에서 빼십시오',
        },
  );
}

function checkRows(probe: Probe, plain: ArrayLike<number>[], ask: Ask, all: readonly number[]): NetworkCheck {
  const about: About = {
    name: 'rows',
    title: { en: 'rows of a batch are independent', ko: '배치의 행들이 서로 독립' },
  };
  if (probe.rows < 2) return outcome(about, null, { en: 'there is one row only', ko: '행이 하나뿐임' }, nothing);
  const alone = all.map((r) => ask(() => probe.outputs([r], 0))[0]);
  const backwards = ask(() => probe.outputs(all.toReversed(), 0)).toReversed();
  return verdict(about, Math.max(farthest(plain, alone), farthest(plain, backwards)), {
    en: 'the prediction for a row depends on the other rows of the batch: look for a mean or a norm over the batch, or a reshape that takes rows for steps (use transpose)',
    ko: '한 행의 예측이 배치의 다른 행에 따라 달라집니다. 배치 방향의 평균이나 정규화, 행을 단계로 잘못 읽는 reshape(transpose를 쓰십시오)가 있는지 살펴보십시오',
  });
}

function checkState(probe: Probe, plain: ArrayLike<number>[], ask: Ask, all: readonly number[]): NetworkCheck {
  const { inPieces } = probe;
  const about: About = {
    name: 'state',
    title: inPieces
      ? { en: 'the state is carried and reset', ko: '상태를 이어받고 초기화함' }
      : { en: 'nothing is carried from batch to batch', ko: '배치 사이에 이어지는 것이 없음' },
  };
  const again = farthest(
    plain,
    ask(() => probe.outputs(all, 0)),
  );
  if (!(typeof again === 'number' && again <= tolerance)) {
    return verdict(about, again, {
      en: 'the same batch gives different outputs the second time: state of the batch before is kept where it should be reset',
      ko: '같은 배치인데 두 번째 출력이 다릅니다. 초기화해야 할 곳에 앞 배치의 상태가 남아 있습니다',
    });
  }
  if (!inPieces) return verdict(about, again, nothing);
  return verdict(
    about,
    farthest(
      plain,
      ask(() => inPieces(all)),
    ),
    {
      en: 'a text read in two pieces gives other outputs than the whole text: the state passed in is ignored, or part of it is lost',
      ko: '두 조각으로 나눠 읽은 글의 출력이 한 번에 읽은 것과 다릅니다. 넘긴 상태를 쓰지 않거나 일부를 잃습니다',
    },
  );
}

function checkStart(probe: Probe, all: readonly number[]): NetworkCheck {
  const { baseline } = probe;
  const loss = scope(() => noGrad(() => probe.loss(all).itemSync()));
  const about: About = {
    name: 'start',
    title: baseline
      ? { en: `the loss at the start is near ${baseline.name}`, ko: `처음 손실이 ${baseline.name} 근처임` }
      : { en: 'the loss at the start is a number', ko: '처음 손실이 수임' },
  };
  const finite = Number.isFinite(loss);
  const expected = baseline && `${baseline.name} = ${baseline.loss.toFixed(2)}`;
  const detail = baseline
    ? { en: `${loss.toFixed(2)}, and ${expected}`, ko: `${loss.toFixed(2)}, ${expected}` }
    : { en: loss.toPrecision(3), ko: loss.toPrecision(3) };
  const near = !baseline || Math.abs(loss - baseline.loss) <= 0.1 + 0.1 * baseline.loss;
  if (finite && near) return outcome(about, true, detail, nothing);
  const meaning = !finite
    ? {
        en: 'the very first loss is not a number: look for a division by 0, a logarithm of 0, or data that are not finite',
        ko: '첫 손실부터 수가 아닙니다. 0으로 나누는 곳, 0의 로그, 유한하지 않은 데이터가 있는지 살펴보십시오',
      }
    : loss > (baseline?.loss ?? 0)
      ? {
          en: 'an untrained network should predict all classes alike; this one is confident and wrong, and will spend its first steps unlearning that. The initial weights of the last layers are too large, or the loss is a sum where a mean is meant',
          ko: '학습하지 않은 신경망은 모든 클래스를 비슷하게 예측해야 합니다. 이 신경망은 틀린 답을 확신하므로 처음 몇 단계를 그것을 지우는 데 씁니다. 마지막 층들의 초기 가중치가 너무 크거나, 평균이어야 할 손실이 합입니다',
        }
      : {
          en: 'an untrained network cannot do better than the baseline: the targets leak into the input, or trained weights were loaded',
          ko: '학습하지 않은 신경망은 기준선보다 나을 수 없습니다. 정답이 입력에 새어 들어갔거나, 학습된 가중치를 불러왔습니다',
        };
  return outcome(about, false, detail, meaning);
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
  const about: About = {
    name: 'gradients',
    title: {
      en: `the gradient reaches all ${count} parameters`,
      ko: `기울기가 매개변수 ${count}개에 모두 닿음`,
    },
  };
  if (without.length === 0) return outcome(about, true, nothing, nothing);
  const names = without.slice(0, 4).join(', ');
  const more = without.length - 4;
  const none = {
    en: `none at ${names}${more > 0 ? ` and ${more} more` : ''}`,
    ko: `닿지 않은 것: ${names}${more > 0 ? ` 외 ${more}개` : ''}`,
  };
  // With a zero state, one step gives no gradient to what multiplies the state.
  const short = { en: `${none.en}: the rows have one step`, ko: `${none.ko} (행이 한 단계뿐임)` };
  if (longest < 2) return outcome(about, null, short, nothing);
  return outcome(about, false, none, {
    en: 'these keep their initial values for ever: they are not used, or stand behind a detach, a noGrad, an argmax or a factor of 0',
    ko: '이 매개변수들은 초깃값에 머뭅니다. 쓰이지 않거나, detach, noGrad, argmax, 0을 곱하는 곳 뒤에 있습니다',
  });
}

function overfitted(first: number, best: number, taken: number, inTime: boolean, seconds: number): NetworkCheck {
  const about: About = { name: 'overfits', title: { en: 'overfits a tiny batch', ko: '작은 배치에 과적합함' } };
  const fall = `${first.toFixed(2)} → ${best.toFixed(2)}`;
  const detail = { en: `${fall} in ${taken} steps`, ko: `${taken}단계에 ${fall}` };
  if (best <= remaining * first) return outcome(about, true, detail, nothing);
  const allowed = {
    en: `${detail.en}, all that ${seconds} s allowed`,
    ko: `${detail.ko}, 허용한 ${seconds}초를 다 씀`,
  };
  if (!inTime && best < first) return outcome(about, null, allowed, nothing);
  return outcome(about, false, detail, {
    en: 'a network that cannot overfit a handful of examples will not learn from many: the input may not reach the output, the labels may not belong to the inputs, or the gradient may be wrong',
    ko: '예제 몇 개에도 과적합하지 못하는 신경망은 많은 예제에서도 배우지 못합니다. 입력이 출력에 닿지 않거나, 레이블이 입력과 맞지 않거나, 기울기가 틀렸을 수 있습니다',
  });
}

function verdict(about: About, difference: number, meaning: InBoth): NetworkCheck {
  const detail =
    difference === 0
      ? { en: 'equal to the last bit', ko: '마지막 비트까지 같음' }
      : { en: `differ by ${difference.toPrecision(2)}`, ko: `차이 ${difference.toPrecision(2)}` };
  return outcome(about, difference <= tolerance, detail, meaning);
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

/** The texts of a check in a language. */
export function checkText(check: NetworkCheck, language: ReportLanguage = 'en'): CheckText {
  requireKinds('checkText', { check }, { check: { title: 'text', detail: 'text', meaning: 'text' } });
  requireLanguage('checkText', language);
  if (language === 'en') return check;
  requireKinds('checkText', { check }, { check: { ko: { title: 'text', detail: 'text', meaning: 'text' } } });
  return check.ko;
}

/** Summarizes the checks: how many passed, and what failed. */
export function describeChecks(checks: readonly NetworkCheck[], language: ReportLanguage = 'en'): string[] {
  requireKinds(
    'describeChecks',
    { checks },
    { checks: [{ title: 'text', passed: 'flag|null', detail: 'text', meaning: 'text' }] },
  );
  requireLanguage('describeChecks', language);
  const ko = language === 'ko';
  const passed = checks.filter((check) => check.passed).length;
  const asked = checks.filter((check) => check.passed !== null).length;
  const failures = checks.filter((check) => check.passed === false);
  if (failures.length === 0)
    return [
      ko
        ? `할 수 있는 점검 ${asked}가지를 모두 통과했습니다.`
        : `The network passed all ${asked} checks that could be made.`,
    ];
  return [
    ko ? `점검 ${asked}가지 가운데 ${passed}가지를 통과했습니다.` : `The network passed ${passed} of ${asked} checks.`,
    ...failures.map((check) => {
      const { title, detail, meaning } = checkText(check, language);
      return ko
        ? `통과하지 못함: ${title} (${detail}). ${meaning}.`
        : `Failed: ${title} (${detail}). It means that ${meaning}.`;
    }),
  ];
}
