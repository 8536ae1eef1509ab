// The page of a sweep: the best trial and its command, how the value depends on each parameter, the validations of the best trials, and all trials.

import { type ChartSeries, escapeXml, lineChart } from 'unrolled/analysis';
import { flagOf } from '../command-line/options.ts';
import { pageStyle } from '../inspect/page-style.ts';
import { htmlPage } from '../pages/page.ts';
import { formatMetric } from '../runs/metrics.ts';
import { describeValues } from './parameters.ts';
import type { SweepPlan } from './plan.ts';
import type { Curve } from './records.ts';
import { sorted, type SweepResults, type TrialResult } from './results.ts';
import { countsOf, stateOf } from './shown.ts';
import type { Parameter, ParameterValue } from './spec.ts';
import { t } from '../language/index.ts';

export interface PageContent {
  /** The sweep's folder. */
  readonly path: string;
  readonly results: SweepResults;
  /** Validation losses of each trial by step. */
  readonly curves: readonly Curve[];
}

const style = `${pageStyle}
pre { margin: .5rem 0; padding: .75rem; overflow-x: auto; border: 1px solid var(--rule); border-radius: 6px; font: 14px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace }
tr.best td { font-weight: 600 } tr.diverged td, tr.failed td { color: var(--bad) } tr.waiting td, tr.left-out td { color: var(--quiet) } td.number, th.number { text-align: right }
`;

/** A page that needs no other file. */
export function sweepPage(plan: SweepPlan, content: PageContent): string {
  const { path, results } = content;
  const best = results.best === null ? null : results.trials[results.best];
  const title = t`Sweep ${path}`;
  const about = [
    [t('command'), ['unrolled', ...plan.sweep.command].join(' ')],
    [t('method'), methodOf(plan)],
    [t('trials'), countsOf(results)],
    [t('metric'), `${results.metric}, ${results.direction === 'minimize' ? t('the lower the better') : t('the higher the better')}`], // biome-ignore format: a line
  ] as const;
  const body = `<header><h1>${escapeXml(title)}</h1>
<dl>${about.map(([what, text]) => `<div><dt>${what}</dt><dd>${escapeXml(text)}</dd></div>`).join('')}</dl></header>
<main>
${best ? bestSection(plan, path, best) : ''}
${chartsSection(plan, content)}
<section><h2>${t('All trials')}</h2><div class="scroll">${tableOf(plan, results)}</div></section>
</main>`;
  return htmlPage({ title, style, body });
}

function methodOf({ sweep, rungs }: SweepPlan): string {
  if (!sweep.halving) return sweep.method;
  const steps = rungs.map((rung) => t`${rung.trials} for ${rung.steps} steps`).join(', ');
  return t`successive halving, eta ${sweep.halving.eta}: ${steps}`;
}

function bestSection({ sweep }: SweepPlan, path: string, best: TrialResult): string {
  return `<section><h2>${t`Best: trial ${best.trial}`}</h2>
<p>${escapeXml(t`${sweep.metric} ${formatMetric(best.value as number)} with ${describeValues(best.values, ', ')}`)}</p>
<pre>${escapeXml(`npx ${best.command}`)}</pre>
<p>${t`Its run is ${escapeXml(`${path}/${best.run}`)}.`}</p></section>`;
}

function chartsSection(plan: SweepPlan, content: PageContent): string {
  const { metric, parameters } = plan.sweep;
  const figures = Object.entries(parameters).flatMap(([key, parameter]) => {
    const points = content.results.trials.flatMap(({ values, value, steps }) =>
      value === null ? [] : [{ x: values[key], y: value, steps }],
    );
    if (points.length === 0) return [];
    return [figure(t`${metric} by ${flagOf(key)}`, parameterFigure(key, parameter, points, plan))];
  });
  const curves = curvesFigure(content);
  if (figures.length === 0 && curves === null) return '';
  return `<section><h2>${t('By parameter')}</h2><div class="figures">${figures.join('\n')}${curves ?? ''}</div></section>`;
}

const figure = (caption: string, html: string) =>
  `<figure>${html}<figcaption>${escapeXml(caption)}</figcaption></figure>`;

/** A trial's value of a parameter, its result, and after how many steps. */
interface Point {
  readonly x: ParameterValue;
  readonly y: number;
  readonly steps: number;
}

/** Numbers as dots; names as a table with the best and the middle of each. */
function parameterFigure(key: string, parameter: Parameter, points: readonly Point[], plan: SweepPlan): string {
  const xs = new Set(points.map(({ x }) => x));
  const numbers = [...xs].filter((x) => typeof x === 'number');
  if (numbers.length < xs.size || numbers.length < 2) return groupsOf(flagOf(key), points);
  const wide = Math.min(...numbers) > 0 && Math.max(...numbers) / Math.min(...numbers) > 30;
  const xScale = 'log-uniform' in parameter || wide ? 'log' : 'linear';
  return lineChart({ series: dotsOf(points, plan), xLabel: flagOf(key), xScale });
}

/** Trials that were trained for longer are not compared with those that halving left out: each rung has its color. */
function dotsOf(points: readonly Point[], { sweep, rungs }: SweepPlan): ChartSeries[] {
  const dots = (of: readonly Point[]) => of.map(({ x, y }) => [x as number, y] as const);
  if (!sweep.halving) return [{ name: sweep.metric, points: dots(points), kind: 'dots' }];
  return rungs.toReversed().flatMap(({ steps }) => {
    const own = points.filter((point) => point.steps === steps);
    return own.length === 0 ? [] : [{ name: t`${steps} steps`, points: dots(own), kind: 'dots' as const }];
  });
}

function groupsOf(name: string, points: readonly Point[]): string {
  const groups = new Map<string, number[]>();
  for (const { x, y } of points) groups.set(String(x), [...(groups.get(String(x)) ?? []), y]);
  const rows = Array.from(groups, ([value, results]) => {
    const ordered = results.toSorted((a, b) => a - b);
    const [low, middle, high] = [0, Math.floor((ordered.length - 1) / 2), ordered.length - 1].map((k) => ordered[k]);
    const numbers = [results.length, formatMetric(low), formatMetric(middle), formatMetric(high)];
    return `<tr><td>${escapeXml(value)}</td>${numbers.map((n) => `<td class="number">${n}</td>`).join('')}</tr>`;
  });
  const header = [t('trials'), t('lowest'), t('median'), t('highest')]
    .map((text) => `<th class="number">${text}</th>`)
    .join('');
  return `<div class="scroll"><table><tr><th>${escapeXml(name)}</th>${header}</tr>${rows.join('')}</table></div>`;
}

const mostCurves = 6; // as many as there are colors

function curvesFigure({ results, curves }: PageContent): string | null {
  const series: ChartSeries[] = sorted(results.direction, results.trials)
    .map(({ trial }) => ({ name: t`trial ${trial}`, points: curves[trial] }))
    .filter(({ points }) => points.length > 1)
    .slice(0, mostCurves);
  if (series.length === 0) return null;
  const chart = lineChart({ series, xLabel: t('step'), yLabel: t('validation loss') });
  return figure(t`Validation loss of the best trials`, chart);
}

function tableOf(plan: SweepPlan, results: SweepResults): string {
  const keys = Object.keys(plan.sweep.parameters);
  const header = [t('trial'), plan.sweep.metric, ...keys.map(flagOf), t('steps'), t('state')];
  const isNumber = header.map((_, k) => k < 2 || k === header.length - 2 || results.trials.every(({ values }) => typeof values[keys[k - 2]] === 'number')); // biome-ignore format: a line
  const cell = (text: string, k: number, tag = 'td') =>
    `<${tag}${isNumber[k] ? ' class="number"' : ''}>${escapeXml(text)}</${tag}>`;
  const rows = sorted(results.direction, results.trials).map((one) => {
    const cells = [
      String(one.trial),
      one.value === null ? '–' : formatMetric(one.value),
      ...keys.map((key) => (one.values[key] === null ? '–' : String(one.values[key]))),
      String(one.steps),
      stateOf(one),
    ];
    const name = one.trial === results.best ? 'best' : one.state;
    return `<tr class="${name.replaceAll(' ', '-')}">${cells.map((text, k) => cell(text, k)).join('')}</tr>`;
  });
  return `<table><tr>${header.map((text, k) => cell(text, k, 'th')).join('')}</tr>\n${rows.join('\n')}</table>`;
}
