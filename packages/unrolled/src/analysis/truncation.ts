// How much of the gradient truncation loses. Truncated back-propagation reads a long sequence window by window, carries the state and cuts its
// gradient; here the same sequence, with the same loss, is read with windows of several lengths, and their gradients are compared with that of the
// longest: one window over everything, which is back-propagation without truncation.

import { requireKinds, requireSizes, requireWhole, shown } from '../checks.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { type LanguageModel, type LanguageState, requireLanguageModel } from '../models/language-model.ts';
import type { Module } from '../nn/module.ts';
import { CarriedState } from '../nn/recurrent/state.ts';
import { indices } from '../tensor/create.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { plotOptions, type ReportLanguage, requireLanguage } from './language.ts';
import { lineChart } from './line-chart.ts';
import { preservingState } from './preserving-state.ts';

/** Returns the summed loss of steps from … to − 1 and the state after them, given the state before (null at the start of the sequence). */
export type ReadWindow = (
  from: number,
  to: number,
  state: unknown,
) => { readonly loss: Tensor; readonly state: unknown };

/** Options of `truncationReport`. */
export interface TruncationOptions {
  /** Steps of the whole sequence: the longest window. */
  readonly steps: number;
  /** Window in question; twice and four times as long are measured too. Default: an eighth of the steps. */
  readonly window?: number;
  /** Cosine similarity with the full gradient from which on a window is good enough. Default 0.95. */
  readonly cosine?: number;
}

/** How well a truncated gradient agrees with the full one: cosine and ratio of norms. */
export interface Agreement {
  /** Cosine similarity of the gradients: 1 for the same direction. */
  readonly cosine: number;
  /** Ratio of the norms, ‖truncated‖ / ‖full‖. */
  readonly normRatio: number;
}

/** The agreement at one window length. */
export interface WindowReport extends Agreement {
  readonly window: number;
  readonly parameters: readonly (Agreement & { readonly name: string })[];
}

/** The agreement of truncated gradients with the full one, for several windows. */
export interface TruncationReport {
  readonly steps: number;
  /** Windows from short to long; the last is the whole sequence. */
  readonly windows: readonly WindowReport[];
  /** The shortest window that is good enough. */
  readonly recommended: number;
  readonly cosine: number;
}

/**
 *     const report = truncationReport(model, languageWindows(model, ids, { streams: 8, steps: 256 }), { steps: 256, window: 32 });
 */
export function truncationReport(model: Module, read: ReadWindow, options: TruncationOptions): TruncationReport {
  requireKinds(
    'truncationReport',
    { model, read, options },
    { model: 'module', read: 'function', options: { steps: 'number', window: 'number?', cosine: 'number?' } },
  );
  const who = 'truncationReport';
  checkOptions(who, options, ['steps', 'window', 'cosine']);
  const { steps, cosine: enough = 0.95 } = options;
  const { window = Math.max(1, Math.floor(steps / 8)) } = options;
  for (const [name, n] of Object.entries({ steps, window }))
    if (!(Number.isInteger(n) && n > 0))
      throw new OptionError(who, name, `expected a whole number from 1, got ${shown(n)}`);
  const lengths = [...new Set([window, 2 * window, 4 * window, steps].filter((n) => n <= steps))];
  const gradients = lengths.map((length) => preservingState(model, () => gradientOf(model, read, steps, length)));
  const whole = gradients[gradients.length - 1];
  const windows = lengths.map((length, k): WindowReport => {
    const parameters = [...whole].map(([name, g]) => ({
      name,
      ...agreement(gradients[k].get(name) as Float64Array, g),
    }));
    return { window: length, ...agreement(joined(gradients[k]), joined(whole)), parameters };
  });
  const recommended = (windows.find(({ cosine }) => cosine >= enough) as WindowReport).window;
  return { steps, windows, recommended, cosine: enough };
}

/** Windows of a language model over the start of a text, cut into `streams` rows. */
export function languageWindows(
  model: LanguageModel,
  ids: ArrayLike<number>,
  options: { readonly streams: number; readonly steps: number },
): ReadWindow {
  requireLanguageModel('languageWindows', model);
  requireKinds(
    'languageWindows',
    { ids, options },
    { ids: 'numbers', options: { streams: 'number', steps: 'number' } },
  );
  const { streams, steps } = options;
  requireSizes('languageWindows', { streams, steps });
  const row = Math.floor((ids.length - 1) / streams);
  if (row < steps)
    throw new OptionError(
      'languageWindows',
      'steps',
      `${streams} rows of ${steps} need ${streams * steps + 1} symbols, got ${ids.length}`,
    );
  const at = (from: number, to: number, shift: number) =>
    indices(
      Array.from(
        { length: (to - from) * streams },
        (_, i) => ids[(i % streams) * row + from + Math.floor(i / streams) + shift],
      ),
      [to - from, streams],
    );
  return (from, to, state) => {
    requireWhole('languageWindows', 'from', from, 0, row);
    requireWhole('languageWindows', 'to', to, from, row);
    return model.loss(at(from, to, 0), at(from, to, 1), state as LanguageState, 'sum');
  };
}

/** The full sequence's gradient of the summed loss, with the state's gradient cut every `window` steps. */
export function gradientOf(model: Module, read: ReadWindow, steps: number, window: number): Map<string, Float64Array> {
  const carried = new CarriedState<unknown>();
  for (let from = 0; from < steps; from += window) {
    scope(() => {
      const { loss, state } = read(from, Math.min(steps, from + window), carried.value);
      loss.backward();
      carried.replace(state);
    });
  }
  carried.replace(null);
  return new Map(
    Array.from(model.namedParameters(), ([name, p]) => [
      name,
      p.grad ? Float64Array.from(p.grad.storage.array) : new Float64Array(p.size),
    ]),
  );
}

function joined(gradient: ReadonlyMap<string, Float64Array>): Float64Array {
  const parts = [...gradient.values()];
  const all = new Float64Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Compares a gradient with the full one. Two that are both 0 agree. */
export function agreement(a: ArrayLike<number>, b: ArrayLike<number>): Agreement {
  let [aa, bb, ab] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    aa += a[i] * a[i];
    bb += b[i] * b[i];
    ab += a[i] * b[i];
  }
  if (aa === 0 && bb === 0) return { cosine: 1, normRatio: 1 };
  return { cosine: aa * bb > 0 ? ab / Math.sqrt(aa * bb) : 0, normRatio: Math.sqrt(aa / bb) };
}

/** A report, as descriptions and plots require it. */
const reportKind = {
  steps: 'number',
  windows: [
    {
      window: 'number',
      cosine: 'number',
      normRatio: 'number',
      parameters: [{ name: 'text', cosine: 'number', normRatio: 'number' }],
    },
  ],
  recommended: 'number',
  cosine: 'number',
} as const;

/** The report in sentences. */
export function describeTruncation(report: TruncationReport, language: ReportLanguage = 'en'): string[] {
  requireKinds('describeTruncation', { report }, { report: reportKind });
  requireLanguage('describeTruncation', language);
  const ko = language === 'ko';
  const { windows, steps, recommended, cosine: enough } = report;
  const lines = windows.slice(0, -1).map(({ window, cosine, normRatio, parameters }) => {
    const worst = parameters.reduce((a, b) => (b.cosine < a.cosine ? b : a), parameters[0] ?? { name: '', cosine });
    return ko
      ? `창 ${window}: 전체(${steps}단계) 기울기와의 코사인 ${cosine.toFixed(3)}, 크기 ${normRatio.toFixed(2)}배; 가장 다른 매개변수 ${worst.name} ${worst.cosine.toFixed(3)}`
      : `window ${window}: cosine ${cosine.toFixed(3)} with the full gradient (${steps} steps), ${normRatio.toFixed(2)} of its length; furthest off is ${worst.name}, ${worst.cosine.toFixed(3)}`;
  });
  lines.push(
    ko
      ? `권하는 창: ${recommended}단계${recommended === steps ? '(더 짧은 창은 모두 방향이 달라집니다)' : `(코사인 ${enough} 이상인 가장 짧은 창)`}.`
      : `Recommended window: ${recommended} steps${recommended === steps ? ', as every shorter one is less similar' : `, the shortest whose cosine is at least ${enough}`}.`,
  );
  return lines;
}

/** Plots the cosine similarity with the full gradient, for each parameter and for all, over the window's length. */
export function truncationPlot(given: TruncationReport, options: { readonly language?: ReportLanguage } = {}): string {
  requireKinds('truncationPlot', { given }, { given: reportKind });
  const { language } = plotOptions('truncationPlot', options);
  const { windows } = given;
  const ko = language === 'ko';
  const names = (windows[0]?.parameters ?? []).map(({ name }) => name);
  const spread = (name: string) =>
    1 - Math.min(...windows.map((w) => w.parameters.find((p) => p.name === name)?.cosine ?? 1));
  const shown = names.toSorted((a, b) => spread(b) - spread(a)).slice(0, 4);
  return lineChart({
    title: ko ? '잘린 기울기는 어디를 가리키나' : 'Truncated and full gradient',
    xLabel: ko ? '창의 길이(단계)' : 'window length (steps)',
    yLabel: ko ? '전체 기울기와의 코사인' : 'cosine with the full gradient',
    xScale: 'log',
    series: [
      { name: ko ? '모든 매개변수' : 'all parameters', points: windows.map(({ window, cosine }) => [window, cosine]) },
      ...shown.map((name) => ({
        name,
        kind: 'dashes' as const,
        points: windows.map(
          (w) => [w.window, w.parameters.find((p) => p.name === name)?.cosine ?? Number.NaN] as const,
        ),
      })),
    ],
    height: 320,
  });
}
