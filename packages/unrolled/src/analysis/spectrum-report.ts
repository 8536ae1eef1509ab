// Describes and plots a spectrum.

import { type Kind, requireKinds } from '../checks.ts';
import type { AlternativeName } from './alternatives.ts';
import { describeGrowth, growthKind } from './growth.ts';
import { plotOptions, type ReportLanguage, requireLanguage } from './language.ts';
import { type ChartSeries, lineChart } from './line-chart.ts';
import type { LayerSpectrum, Spectrum } from './spectrum.ts';

const names: Record<ReportLanguage, Record<AlternativeName, string>> = {
  en: {
    tanh: 'a fresh tanh network',
    orthogonal: 'tanh with an orthogonal W_hh',
    lstm: 'an LSTM with forget bias 1',
    chrono: 'an LSTM with chrono initialization',
    gru: 'a GRU',
  },
  ko: {
    tanh: '새로 시작한 tanh 신경망',
    orthogonal: '직교 W_hh로 시작한 tanh 신경망',
    lstm: '망각 편향이 1인 LSTM',
    chrono: 'chrono 초기화 LSTM',
    gru: 'GRU',
  },
};

const complexKind = { re: 'number', im: 'number' } as const;
const matrixKind = { gate: 'text', size: 'number', norm: 'number', singular: 'numbers', eigen: [complexKind] } as const;

/** A layer's spectrum, as descriptions and plots require it. */
const layerKind: Kind = {
  layer: 'text',
  cell: 'text',
  stateSize: 'number',
  weights: [matrixKind],
  jacobian: matrixKind,
  jacobianNorms: 'numbers',
  product: 'numbers',
  productSingular: 'numbers',
  bound: 'numbers|null',
  growth: growthKind,
  alternatives: [{ name: 'text', growth: growthKind, product: 'numbers' }],
};

/** The growth rate (`vanishing by 0.83 a step, half-life 3.7 steps`), its cause, and what would change it. */
export function describeSpectrum(given: Spectrum, language: ReportLanguage = 'en'): string[] {
  requireKinds('describeSpectrum', { given }, { given: { layers: [layerKind] } });
  requireLanguage('describeSpectrum', language);
  const { layers } = given;
  return layers.flatMap((layer) => [
    growthSentence(layer, language),
    ...matrixSentences(layer, language),
    ...remedies(layer, language),
  ]);
}

function growthSentence({ layer, growth, product }: LayerSpectrum, language: ReportLanguage): string {
  const [K, left] = [product.length, product[product.length - 1]];
  const measured =
    language === 'ko'
      ? `실제 데이터에서 ${K}단계 전의 상태가 지금에 미치는 영향 ‖∂s_T/∂s_{T−${K}}‖ = ${short(left)}`
      : `along the data ‖∂s_T/∂s_{T−${K}}‖ = ${short(left)} after ${K} steps`;
  return `${layer}: ${describeGrowth(growth, language)}; ${measured}`;
}

function matrixSentences(
  { layer, weights, bound, product, jacobian }: LayerSpectrum,
  language: ReportLanguage,
): string[] {
  const ko = language === 'ko';
  const lines = weights.map(({ gate, norm, eigen }) => {
    const radius = eigen.length > 0 ? Math.hypot(eigen[0].re, eigen[0].im) : null;
    const name = gate ? `W_hh(${gate})` : 'W_hh';
    const second =
      radius === null
        ? ''
        : ko
          ? `, 가장 큰 고윳값의 크기 ${short(radius)}`
          : `, largest |eigenvalue| ${short(radius)}`;
    return `${layer}: ${name}${ko ? '의 σ_max' : ' σ_max'} ${short(norm)}${second}`;
  });
  if (bound) {
    const K = product.length;
    lines.push(
      ko
        ? `${layer}: 상한 (γ·σ_max)^${K} = ${short(bound[K - 1])}, 측정값 ${short(product[K - 1])}; ${weights[0].norm < 1 ? '상한이 1보다 작으므로 반드시 소실됩니다' : '상한이 1보다 크다고 해서 반드시 폭발하지는 않습니다'}`
        : `${layer}: bound (γ·σ_max)^${K} = ${short(bound[K - 1])}, measured ${short(product[K - 1])}; ${weights[0].norm < 1 ? 'below 1, so it must vanish' : 'a bound above 1 allows explosion and does not enforce it'}`,
    );
  } else {
    const gated = weights.length !== 1 || weights[0].gate !== '';
    const why = ko
      ? gated
        ? '게이트가 있는 셀에는 W_hh만으로 정해지는 상한이 없습니다'
        : '상태가 바로 앞의 h만은 아닌 셀에는 W_hh만으로 정해지는 상한이 없습니다'
      : gated
        ? 'a cell with gates has no bound from W_hh alone'
        : 'a cell whose state is more than the last h has no bound from W_hh alone';
    lines.push(
      ko
        ? `${layer}: 한 단계의 야코비 행렬 σ_max ${short(jacobian.norm)}; ${why}`
        : `${layer}: σ_max of a step's Jacobian ${short(jacobian.norm)}; ${why}`,
    );
  }
  return lines;
}

function remedies({ layer, growth, alternatives }: LayerSpectrum, language: ReportLanguage): string[] {
  const ko = language === 'ko';
  const lines: string[] = [];
  if (growth.factor > 1.002) {
    lines.push(
      ko
        ? `${layer}: 클리핑은 폭발한 걸음의 길이를 제한합니다. 방향은 그대로이며, 소실에는 도움이 되지 않습니다`
        : `${layer}: clipping limits the length of an exploded step and keeps its direction; it does nothing against vanishing`,
    );
  } else if (growth.factor < 0.998) {
    lines.push(
      ko
        ? `${layer}: 클리핑은 소실을 막지 못합니다. 필요한 것은 곱이 1에 가까운 경로입니다`
        : `${layer}: clipping cannot bring back what vanished; what helps is a path whose factors are near 1`,
    );
  }
  for (const { name, growth: other } of alternatives)
    lines.push(
      `${layer}: ${ko ? '같은 입력에서' : 'on the same inputs'} ${names[language][name]}: ${describeGrowth(other, language)}`,
    );
  return lines;
}

/** Plots the norm of the product after k steps, with the bound and the alternatives. */
export function spectrumPlot(
  layer: LayerSpectrum,
  options: { readonly language?: ReportLanguage; readonly title?: string } = {},
): string {
  requireKinds('spectrumPlot', { layer }, { layer: layerKind });
  const { language, title } = plotOptions('spectrumPlot', options, ['language', 'title']);
  const ko = language === 'ko';
  const curve = (values: readonly number[]) => [1, ...values].map((v, k) => [k, v] as const);
  const series: ChartSeries[] = [
    { name: ko ? `${layer.layer}, 측정값` : `${layer.layer}, measured`, points: curve(layer.product), color: 0 },
    ...(layer.bound
      ? [
          {
            name: ko ? '상한 (γσ_max)ᵏ' : 'bound (γσ_max)ᵏ',
            points: curve(layer.bound),
            kind: 'dashes',
            color: 0,
          } as const,
        ]
      : []),
    ...layer.alternatives.map(({ name, product }, k) => ({
      name: names[language][name],
      points: curve(product),
      color: 1 + k,
    })),
  ];
  return lineChart({
    series,
    title:
      title ?? (ko ? `${layer.layer}: k단계를 거슬러 온 기울기` : `${layer.layer}: a gradient that went back k steps`),
    xLabel: ko ? 'k단계' : 'k steps',
    yLabel: '‖∂s_T / ∂s_T₋ₖ‖',
    yScale: 'log',
    height: 270 + 18 * Math.ceil(series.length / 2),
  });
}

/** Plots the eigenvalues in the complex plane, with the unit circle. */
export function eigenvaluePlot(
  layer: LayerSpectrum,
  options: { readonly language?: ReportLanguage; readonly title?: string } = {},
): string {
  requireKinds('eigenvaluePlot', { layer }, { layer: layerKind });
  const { language, title } = plotOptions('eigenvaluePlot', options, ['language', 'title']);
  const ko = language === 'ko';
  const own = layer.weights.filter(({ eigen }) => eigen.length > 0);
  const series: ChartSeries[] = [
    ...own.map(({ gate, eigen }, k) => ({
      name: gate ? `W_hh(${gate})` : 'W_hh',
      points: eigen.map(({ re, im }) => [re, im] as const),
      kind: 'dots' as const,
      color: k + 1,
    })),
    {
      name: ko ? '한 단계의 야코비 행렬' : "a step's Jacobian",
      points: layer.jacobian.eigen.map(({ re, im }) => [re, im] as const),
      kind: 'dots',
      color: 0,
    },
  ];
  const drawn = series.filter(({ points }) => points.length > 0);
  return lineChart({
    series: drawn.length > 0 ? drawn : [{ name: '', points: [[0, 0]], kind: 'dots' }],
    title: title ?? (ko ? `${layer.layer}: 고윳값과 단위원` : `${layer.layer}: eigenvalues and the unit circle`),
    // So that the circle is always in the image.
    include: [
      [-1, -1],
      [1, 1],
    ],
    square: true,
    beneath: (x, y) => `<circle class="grid" style="stroke-opacity:.6" cx="${x(0)}" cy="${y(0)}" r="${x(1) - x(0)}"/>`,
    height: 440,
  });
}

const short = (v: number) =>
  v === 0 ? '0' : v >= 0.01 && v < 1000 ? String(Number(v.toPrecision(3))) : v.toExponential(1);
