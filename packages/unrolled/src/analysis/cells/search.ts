// Which unit encodes what? Every state of every unit is compared with every annotation: by correlation, which finds linear dependence, and by
// mutual information, which finds any dependence.
//
// Among hundreds of units some agree with anything at random, and a text's neighbors resemble each other, so that a few hundred steps are far
// fewer independent samples. A permutation test answers both: the annotation is rotated along the text by a random distance, which keeps its rhythm
// and breaks its tie to the states, and the *best* of all units against it is recorded, again and again. A unit is found when it beats those bests.

import { requireKinds, requireOneEach, requireWhole, shown } from '../../checks.ts';
import { checkOptions, OptionError } from '../../errors.ts';
import { Random } from '../../random.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { tensor } from '../../tensor/create.ts';
import { matmul } from '../../tensor/ops/product.ts';
import { scope } from '../../tensor/scope.ts';
import { type ReportLanguage, requireLanguage } from '../language.ts';
import { type Annotation, annotationKind, annotationName } from './annotations.ts';
import { correlation, mutualInformation, ranks, standardized } from './dependence.ts';
import { type Trace, traceKind, type UnitTrack } from './trace.ts';

/** A unit and how well it follows an annotation. */
export interface UnitMatch {
  readonly layer: string;
  readonly what: string;
  readonly unit: number;
  /** Pearson's correlation; for an annotation of zeros and ones, the point-biserial one. */
  readonly correlation: number;
  /** Mutual information in bits, with both quantized into eight classes. */
  readonly information: number;
}

/** The units that follow an annotation best, with a control: the same search on shifted annotations. */
export interface AnnotationSearch {
  readonly annotation: string;
  /** The best units, sorted by |correlation|. */
  readonly best: readonly UnitMatch[];
  /** The unit with the highest mutual information, linear or not. */
  readonly mostTelling: UnitMatch;
  /** Controls: the best |correlation| of any unit with the rotated annotation, as median and 95th percentile. */
  readonly control: { readonly median: number; readonly limit: number };
  /** p-value of the correlation, (1 + controls as good) / (1 + shifts); corrected for the number of units. */
  readonly p: number;
  /** p-value of the mutual information, likewise. */
  readonly informationControl: { readonly median: number; readonly limit: number };
  readonly informationP: number;
  /** p ≤ 0.05. */
  readonly found: boolean;
}

/** Options of `searchUnits`. */
export interface SearchOptions {
  /** Number of random rotations of each annotation. Default 99. */
  readonly shifts?: number;
  /** Seed of the rotations. Default 1. */
  readonly seed?: number;
  /** Units to list for each annotation. Default 5. */
  readonly top?: number;
}

const informationShifts = 19;

/**
 *     const symbols = [...text];
 *     const found = searchUnits(traceText(model, vocabulary.encode(text)), annotate(symbols));
 *     found[0];      // { annotation: 'position in the line', best: [{ layer: 'l0', what: 'c', unit: 17, correlation: 0.83, … }], p: 0.01, … }
 *
 * Findings come first, sorted by correlation.
 */
export function searchUnits(
  trace: Trace,
  annotations: readonly Annotation[],
  options: SearchOptions = {},
): AnnotationSearch[] {
  requireKinds(
    'searchUnits',
    { trace, annotations, options },
    { trace: traceKind, annotations: [annotationKind], options: 'object' },
  );
  checkOptions('searchUnits', options, ['shifts', 'seed', 'top']);
  const { shifts = 99, seed = 1, top = 5 } = options;
  requireWhole('searchUnits', 'shifts', shifts, 0, 2 ** 20);
  requireWhole('searchUnits', 'top', top, 1);
  const N = trace.steps;
  if (N < 32) throw new OptionError('searchUnits', 'trace', `expected at least 32 steps, got ${shown(N)}`);
  for (const { name, values } of annotations) requireOneEach('searchUnits', name, values, `${N} steps`, N);
  const units = unitsOf(trace.tracks.filter(({ kind }) => kind === 'state'));
  if (units.length === 0) throw new OptionError('searchUnits', 'trace', 'there is no state in it');
  const random = new Random(seed);
  const turns = Array.from({ length: shifts }, () => turn(N, random));
  const columns = units.map(({ track, unit }) => column(track, unit, N));
  const standard = columns.map(standardized);
  const classes = columns.map(ranks);
  return annotations
    .map(({ name, values }): AnnotationSearch => {
      const wanted = standardized(values);
      const own = ranks(values);
      const matches = units.map(
        ({ track, unit }, u): UnitMatch => ({
          layer: track.layer,
          what: track.what,
          unit,
          correlation: correlation(standard[u], wanted),
          information: mutualInformation(classes[u], own, 0),
        }),
      );
      const controls = bestOfControls(standard, wanted, turns);
      const informationControls = turns
        .slice(0, informationShifts)
        .map((k) => classes.reduce((most, unit) => Math.max(most, mutualInformation(unit, own, k)), 0));
      const byCorrelation = [...matches].sort((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation));
      const mostTelling = matches.reduce((a, b) => (b.information > a.information ? b : a));
      const p = pValue(Math.abs(byCorrelation[0].correlation), controls);
      return {
        annotation: name,
        best: byCorrelation.slice(0, top),
        mostTelling,
        control: spread(controls),
        p,
        informationControl: spread(informationControls),
        informationP: pValue(mostTelling.information, informationControls),
        found: p <= 0.05,
      };
    })
    .sort(
      (a, b) => Number(b.found) - Number(a.found) || Math.abs(b.best[0].correlation) - Math.abs(a.best[0].correlation),
    );
}

/** Describes the findings in sentences. */
export function describeSearch(annotationSearch: AnnotationSearch, language: ReportLanguage = 'en'): string {
  requireKinds(
    'describeSearch',
    { annotationSearch },
    {
      annotationSearch: {
        annotation: 'text',
        best: [{ layer: 'text', what: 'text', unit: 'number', correlation: 'number', information: 'number' }],
        mostTelling: 'object',
        control: { median: 'number', limit: 'number' },
        p: 'number',
        informationControl: 'object',
        informationP: 'number',
        found: 'flag',
      },
    },
  );
  requireLanguage('describeSearch', language);
  const {
    annotation,
    best: [best],
    control,
    p,
    found,
  } = annotationSearch;
  if (!best) throw new OptionError('describeSearch', 'annotationSearch.best', 'expected at least one unit');
  const unit = `${best.layer} ${best.what}[${best.unit}]`;
  const r = `r = ${best.correlation.toFixed(2)}`;
  const reached = control.median.toFixed(2);
  if (language === 'ko') {
    const name = annotationName(annotation, language);
    const most = `같은 레이블을 글을 따라 빙 돌려 옮기면 모든 유닛을 통틀어 가장 큰 값이 ${reached}입니다(p = ${p.toFixed(2)}).`;
    return found
      ? `${unit}: “${name}”에 따라 움직이는 유닛입니다(${r}). ${most}`
      : `“${name}”에 해당하는 유닛이 없습니다. 가장 가까운 것은 ${unit}(${r})인데, ${most}`;
  }
  return found
    ? `${unit} follows “${annotation}”: ${r}, where the best of all units against the same labels turned round the text reaches ${reached} (p = ${p.toFixed(2)}).`
    : `No unit stands for “${annotation}”: the nearest is ${unit} with ${r}, and the best of all units against the same labels turned round the text reaches ${reached} (p = ${p.toFixed(2)}).`;
}

/** The best unit's |correlation| with each rotation of the annotation: one matrix product. */
function bestOfControls(
  standard: readonly Float64Array[],
  wanted: Float64Array,
  turns: readonly number[],
): Float64Array {
  const [N, U, S] = [wanted.length, standard.length, turns.length];
  const best = new Float64Array(S);
  if (S === 0) return best;
  const turned = new Float32Array(N * S);
  for (const [s, k] of turns.entries()) for (let n = 0; n < N; n++) turned[n * S + s] = wanted[(n + k) % N];
  const rows = new Float32Array(U * N);
  for (const [u, values] of standard.entries()) rows.set(values, u * N);
  const products = scope(() =>
    noGrad(() =>
      matmul(tensor(rows, [U, N], { dtype: 'float32' }), tensor(turned, [N, S], { dtype: 'float32' })).dataSync(),
    ),
  );
  for (let u = 0; u < U; u++)
    for (let s = 0; s < S; s++) best[s] = Math.max(best[s], Math.abs(products[u * S + s]) / N);
  return best;
}

/** A rotation by at least a tenth of the text in either direction. */
function turn(N: number, random: Random): number {
  const least = Math.ceil(N / 10);
  return least + random.integer(N - 2 * least);
}

function pValue(value: number, controls: Float64Array | readonly number[]): number {
  let asGood = 1;
  for (const control of controls) if (control >= value) asGood++;
  return asGood / (1 + controls.length);
}

function spread(controls: Float64Array | readonly number[]): { median: number; limit: number } {
  const sorted = Float64Array.from(controls).sort();
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
  return { median: at(0.5), limit: at(0.95) };
}

function unitsOf(tracks: readonly UnitTrack[]): { readonly track: UnitTrack; readonly unit: number }[] {
  return tracks.flatMap((track) => Array.from({ length: track.size }, (_, unit) => ({ track, unit })));
}

function column({ values, size }: UnitTrack, unit: number, N: number): Float64Array {
  return Float64Array.from({ length: N }, (_, n) => values[n * size + unit]);
}
