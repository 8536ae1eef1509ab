// What gradient clipping did in a run: how often, how hard, to which parameters, and what threshold the run's own norms suggest. Clipping by norm
// keeps the direction of a step and limits its length, so it should affect the few steps with an exploding gradient, not every step.

import { requireKinds, requireObject } from '../checks.ts';
import { OptionError } from '../errors.ts';
import { plotOptions, type ReportLanguage, requireLanguage } from './language.ts';
import { lineChart } from './line-chart.ts';

/** A line of metrics.jsonl, or a training event; lines of other types are ignored. */
export interface ClippingInput {
  readonly type: string;
  readonly step: number;
  /** Global gradient norm before clipping, in events of type 'step'. */
  readonly gradientNorm?: number;
  /** Gradient norm of each parameter, in events of type 'look'. */
  readonly findings?: unknown;
}

/** How often and how much gradients were clipped in training. */
export interface ClippingReport {
  /** Clipping threshold (maximum norm); null for none. */
  readonly threshold: number | null;
  /** Steps whose norm is known. */
  readonly steps: number;
  readonly clipped: number;
  /** Fraction of steps that were clipped. */
  readonly share: number;
  readonly median: number;
  readonly p90: number;
  readonly p99: number;
  readonly most: { readonly step: number; readonly norm: number };
  /** Median factor by which clipped gradients were scaled: 0.5 is half. NaN where none was. */
  readonly left: number;
  /** The parameters that make up the norm, with their share of its square, largest first: over the clipped inspected steps, or over all inspected ones. */
  readonly parameters: readonly { readonly name: string; readonly share: number }[];
  /** A threshold that would clip the largest tenth of the norms; null where no norm stands out and none is needed. */
  readonly suggested: number | null;
  readonly norms: readonly { readonly step: number; readonly norm: number }[];
}

/** The largest norm is an outlier when it is this many times the median. */
const outlier = 3;

/**
 *     const lines = readFileSync('runs/my/metrics.jsonl', 'utf8').trim().split('\n').map((l) => JSON.parse(l));
 *     const report = clippingReport(lines, 1);
 *
 * Throws an OptionError when no line has a gradient norm.
 */
export function clippingReport(lines: Iterable<ClippingInput>, threshold: number | null): ClippingReport {
  requireKinds('clippingReport', { lines, threshold }, { lines: 'iterable', threshold: 'number|null' });
  const norms: { step: number; norm: number }[] = [];
  const inspected: { step: number; squares: ReadonlyMap<string, number> }[] = [];
  let count = 0;
  for (const line of lines) {
    requireObject('clippingReport', `lines[${count++}]`, line);
    const { type, step, gradientNorm, findings } = line;
    if (type === 'step' && typeof step === 'number' && Number.isFinite(gradientNorm))
      norms.push({ step, norm: gradientNorm as number });
    const squares = type === 'look' && typeof step === 'number' ? squaresOf(findings) : null;
    if (squares) inspected.push({ step, squares });
  }
  if (norms.length === 0) throw new OptionError('clippingReport', 'lines', 'there is no gradient norm among them');
  const sorted = norms.map(({ norm }) => norm).sort((a, b) => a - b);
  const quantile = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  const over = threshold === null ? [] : norms.filter(({ norm }) => norm > threshold);
  const factors = over.map(({ norm }) => (threshold as number) / norm).sort((a, b) => a - b);
  const most = norms.reduce((a, b) => (b.norm > a.norm ? b : a));
  const median = quantile(0.5);
  return {
    threshold,
    steps: norms.length,
    clipped: over.length,
    share: over.length / norms.length,
    median,
    p90: quantile(0.9),
    p99: quantile(0.99),
    most,
    left: factors.length > 0 ? factors[Math.floor(factors.length / 2)] : Number.NaN,
    parameters: sharesOf(inspected, threshold),
    suggested: most.norm > outlier * median ? roundUp(quantile(0.9)) : null,
    norms,
  };
}

function squaresOf(findings: unknown): Map<string, number> | null {
  const { parameters } = Object(findings) as { parameters?: unknown };
  if (!Array.isArray(parameters)) return null;
  const known = parameters.map((one: unknown) => Object(one) as { readonly name?: unknown; readonly norm?: unknown });
  return new Map(
    known.flatMap(({ name, norm }) =>
      typeof name === 'string' && typeof norm === 'number' ? [[name, norm * norm] as const] : [],
    ),
  );
}

function sharesOf(
  inspected: readonly { readonly squares: ReadonlyMap<string, number> }[],
  threshold: number | null,
): { name: string; share: number }[] {
  const total = (squares: ReadonlyMap<string, number>) => Array.from(squares.values()).reduce((a, b) => a + b, 0);
  const over = threshold === null ? [] : inspected.filter(({ squares }) => total(squares) > threshold ** 2);
  const shares = new Map<string, number>();
  const counted = over.length > 0 ? over : inspected;
  for (const { squares } of counted) {
    const all = total(squares) || 1;
    for (const [name, square] of squares) shares.set(name, (shares.get(name) ?? 0) + square / all / counted.length);
  }
  return Array.from(shares, ([name, share]) => ({ name, share })).sort((a, b) => b.share - a.share);
}

/** Rounds up to 1, 2 or 5 times a power of ten. */
function roundUp(v: number): number {
  const power = 10 ** Math.floor(Math.log10(v));
  return Number((([1, 2, 5, 10].find((m) => m * power >= v * (1 - 1e-9)) as number) * power).toPrecision(1));
}

/** A report, as descriptions and plots require it. */
const reportKind = {
  threshold: 'number|null',
  steps: 'number',
  clipped: 'number',
  share: 'number',
  median: 'number',
  p90: 'number',
  p99: 'number',
  most: { step: 'number', norm: 'number' },
  left: 'number',
  parameters: [{ name: 'text', share: 'number' }],
  suggested: 'number|null',
  norms: [{ step: 'number', norm: 'number' }],
} as const;

/** The report in sentences. */
export function describeClipping(report: ClippingReport, language: ReportLanguage = 'en'): string[] {
  requireKinds('describeClipping', { report }, { report: reportKind });
  requireLanguage('describeClipping', language);
  const { threshold, clipped, steps, share, left, median, p99, most, parameters, suggested } = report;
  const ko = language === 'ko';
  const lines: string[] = [];
  const percent = `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
  if (threshold === null) {
    lines.push(
      ko
        ? '노름의 기준이 없어 노름으로 자른 단계는 없습니다.'
        : 'No step was clipped by norm: there is no threshold for it.',
    );
  } else if (clipped === 0) {
    lines.push(
      ko
        ? `기준 ${threshold}: ${steps}단계 가운데 한 번도 자르지 않았습니다.`
        : `Threshold ${threshold}: none of ${steps} steps was clipped.`,
    );
  } else {
    lines.push(
      ko
        ? `기준 ${threshold}: ${steps}단계 가운데 ${clipped}번(${percent}) 잘랐고, 자른 기울기는 보통 ${short(left)}배로 줄었습니다.`
        : `Threshold ${threshold}: ${clipped} of ${steps} steps (${percent}) were clipped, typically to ${short(left)} of their length.`,
    );
  }
  lines.push(
    ko
      ? `기울기의 크기: 중앙값 ${short(median)}, 100번에 한 번은 ${short(p99)} 이상, 최대 ${short(most.norm)}(${most.step}단계).`
      : `Norms: median ${short(median)}, one in a hundred above ${short(p99)}, largest ${short(most.norm)} at step ${most.step}.`,
  );
  const heads = parameters.slice(0, 3).map(({ name, share: s }) => `${name} ${(s * 100).toFixed(0)} %`);
  if (heads.length > 0)
    lines.push(`${ko ? '제곱 크기의 대부분' : 'Most of the square of the norm'}: ${heads.join(', ')}.`);
  if (share > 0.5) {
    lines.push(
      ko
        ? '절반이 넘는 단계를 자르고 있습니다. 이때의 클리핑은 학습률을 줄이는 것과 같습니다.'
        : 'More than half of the steps are clipped: the threshold now acts as a smaller learning rate.',
    );
  }
  if (suggested !== null) {
    lines.push(
      ko
        ? `이 실행에 알맞은 기준: 약 ${suggested}(가장 큰 10 %에만 걸립니다).`
        : `This run suggests a threshold of about ${suggested}: it would clip the largest tenth of the norms.`,
    );
  } else {
    lines.push(
      ko
        ? '유난히 큰 기울기가 없으므로 클리핑이 꼭 필요하지는 않습니다.'
        : 'No norm stands out, so no clipping is needed.',
    );
  }
  return lines;
}

const short = (v: number) => String(Number(v.toPrecision(2)));

/** Plots the norms over the steps, with the threshold and the suggested one. */
export function clippingPlot(given: ClippingReport, options: { readonly language?: ReportLanguage } = {}): string {
  requireKinds('clippingPlot', { given }, { given: reportKind });
  const { language } = plotOptions('clippingPlot', options);
  const { norms, threshold, suggested } = given;
  const ko = language === 'ko';
  const over = norms.filter(({ norm }) => threshold !== null && norm > threshold);
  return lineChart({
    title: ko ? '기울기의 크기와 클리핑' : 'Gradient norms and clipping',
    xLabel: ko ? '학습 단계' : 'training step',
    yLabel: ko ? '기울기의 노름' : 'gradient norm',
    yScale: 'log',
    series: [
      { name: ko ? '노름' : 'norm', points: norms.map(({ step, norm }) => [step, norm]) },
      ...(over.length > 0
        ? [
            {
              name: ko ? '잘린 단계' : 'clipped',
              kind: 'dots' as const,
              points: over.map(({ step, norm }) => [step, norm] as const),
            },
          ]
        : []),
    ],
    marks: [
      ...(threshold !== null
        ? [{ axis: 'y' as const, at: threshold, label: ko ? `기준 ${threshold}` : `threshold ${threshold}` }]
        : []),
      ...(suggested !== null && suggested !== threshold
        ? [{ axis: 'y' as const, at: suggested, label: ko ? `제안 ${suggested}` : `suggested ${suggested}` }]
        : []),
    ],
  });
}
