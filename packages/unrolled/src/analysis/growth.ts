// The growth rate of a quantity from its sizes at equal distances: a linear fit to their logarithms.

import { requireKinds } from '../checks.ts';
import { type ReportLanguage, requireLanguage } from './language.ts';

/** How a norm grows or shrinks from step to step, and over how many steps it falls to a half. */
export interface Growth {
  /** Factor for one step: below 1 it vanishes, above 1 it explodes. NaN when fewer than two sizes are above 0. */
  readonly factor: number;
  /** Steps until the size has halved (or doubled); Infinity for a factor of 1. */
  readonly halfLife: number;
  /** R² of the fit to the logarithms: 1 for an exact power law. */
  readonly fit: number;
}

/** A growth, as descriptions require it. */
export const growthKind = { factor: 'number', halfLife: 'number', fit: 'number' } as const;

/** Fits sizes[0], sizes[1], …; those that are 0 or not finite are left out. */
export function growthOf(sizes: ArrayLike<number>): Growth {
  requireKinds('growthOf', { sizes }, { sizes: 'numbers' });
  const points = Array.from(sizes).flatMap((s, k) => (s > 0 && Number.isFinite(s) ? [[k, Math.log(s)] as const] : []));
  if (points.length < 2) return { factor: Number.NaN, halfLife: Number.NaN, fit: Number.NaN };
  const mean = (f: (p: readonly [number, number]) => number) =>
    points.reduce((sum, p) => sum + f(p), 0) / points.length;
  const [mx, my] = [mean(([x]) => x), mean(([, y]) => y)];
  const [sxx, sxy, syy] = [
    mean(([x]) => (x - mx) ** 2),
    mean(([x, y]) => (x - mx) * (y - my)),
    mean(([, y]) => (y - my) ** 2),
  ];
  const slope = sxy / sxx;
  return { factor: Math.exp(slope), halfLife: Math.LN2 / Math.abs(slope), fit: syy > 0 ? (slope * sxy) / syy : 1 };
}

/** `vanishing by 0.83 a step, half-life 3.7 steps` */
export function describeGrowth(growth: Growth, language: ReportLanguage = 'en'): string {
  requireKinds('describeGrowth', { growth }, { growth: growthKind });
  requireLanguage('describeGrowth', language);
  const { factor, halfLife } = growth;
  const [f, n] = [
    factor.toPrecision(3),
    halfLife < 1000 ? String(Number(halfLife.toPrecision(2))) : halfLife.toExponential(0),
  ];
  const ko = language === 'ko';
  if (!Number.isFinite(factor)) return ko ? '잴 수 있는 기울기가 없음' : 'no gradient to measure';
  if (Math.abs(Math.log(factor)) < 0.01) return ko ? `유지됨(한 단계에 ${f}배)` : `kept (${f} a step)`;
  if (factor < 1)
    return ko ? `한 단계에 ${f}배로 소실, 반감기 ${n}단계` : `vanishing by ${f} a step, half-life ${n} steps`;
  return ko ? `한 단계에 ${f}배로 폭발, ${n}단계마다 두 배` : `exploding by ${f} a step, doubling every ${n} steps`;
}
