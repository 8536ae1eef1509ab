// Units that stand for something: the search, what breaks without them, and the text colored by any of them.

import { OptionError } from 'unrolled';
import {
  type Ablation,
  annotate,
  annotateMatches,
  type Annotation,
  annotationName,
  type AnnotationSearch,
  describeAblation,
  describeSearch,
  ablateUnits,
  escapeXml,
  searchUnits,
  type UnitMatch,
} from 'unrolled/analysis';
import { cellViewer, shades } from '../cell-viewer.ts';
import type { MakeSection, Reading } from '../source.ts';
import { coloredText, type ColoredTextOptions, table } from '../../terminal/index.ts';
import { spoken, t } from '../../language/index.ts';

export const cells: MakeSection = ({ source: { reading }, label, say }) => {
  if (!reading?.isText || reading.trace.steps < 64) return null;
  const annotations = [...annotate(reading.symbols), ...(label === null ? [] : [ownLabel(label, reading.symbols)])];
  if (annotations.length === 0) return null;
  say(t('searching the units'));
  const found = searchUnits(reading.trace, annotations);
  const ablations = heldUnits(reading, found, annotations);
  const rows = found.map((search, k) => ({ search, ablation: ablations[k] }));
  const best = rows.find(({ search }) => search.found);
  const sentences = [
    ...rows
      .slice(0, 3)
      .flatMap(({ search, ablation }) => [
        describeSearch(search, spoken()),
        ...(ablation && search.found ? [describeAblation(ablation, spoken())] : []),
      ]),
    t(
      'The control shifts the labels circularly along the text: their autocorrelation stays, their relation to the units is removed. A unit above the best control is significant among all units.',
    ),
  ];
  return {
    id: 'cells',
    title: t('Interpretable units'),
    headline: best
      ? `${describeSearch(best.search, spoken())}${best.ablation ? ` ${describeAblation(best.ablation, spoken())}` : ''}`
      : t('No unit tracks any of the labels.'),
    sentences,
    figures: () => [
      {
        html: cellViewer(reading, found),
        caption: t`The text colored by the activation of one unit after each symbol: red above 0, blue below. From ${t(reading.source)}.`,
        wide: true,
      },
      {
        html: searchTable(rows),
        caption: t(
          'The unit with the strongest correlation for each label, its control, and the loss when it is fixed at its mean.',
        ),
        wide: true,
      },
    ],
    lines: ({ width, colors }) => [
      ...(best ? [...colored(reading, best.search.best[0], { width, colors, lines: 8 })] : []),
      ...table(
        rows.map(
          ({
            search: {
              annotation,
              best: [unit],
              control,
              p,
              found: yes,
            },
            ablation,
          }) => [
            yes ? '✓' : '–',
            annotationName(annotation, spoken()),
            `${unit.layer} ${unit.what}[${unit.unit}]`,
            unit.correlation.toFixed(2),
            control.limit.toFixed(2),
            p.toFixed(2),
            ablation?.focus
              ? `${ablation.focus.whole.toFixed(2)} → ${ablation.focus.held.toFixed(2)} ${annotationName(ablation.focus.name, spoken())}`
              : '',
          ],
        ),
        { header: ['', t('label'), t('unit'), 'r', t('control'), 'p', t('loss when held')], width },
      ),
    ],
    data: { found, ablations },
  };
};

function heldUnits(
  { language, trace }: Reading,
  found: readonly AnnotationSearch[],
  annotations: readonly Annotation[],
): (Ablation | null)[] {
  if (!language) return found.map(() => null);
  return ablateUnits(
    language.model,
    language.ids,
    trace,
    found.map(({ annotation: name, best: [{ layer, unit }] }) => ({
      layer,
      unit,
      annotation: annotations.find((a) => a.name === name),
    })),
  );
}

function colored({ symbols, trace }: Reading, match: UnitMatch, options: ColoredTextOptions): string[] {
  const track = trace.tracks.find(
    ({ layer, what, kind }) => layer === match.layer && what === match.what && kind === 'state',
  );
  if (!track) return [];
  const values = Float32Array.from(shades(track, match.unit, trace.steps), (v) => v / 127);
  const lines = coloredText(symbols, values, options);
  return lines.length > 0 ? [...lines, ''] : [];
}

/** `speaker=^[A-Z ]+:` → what the pattern matches. */
function ownLabel(label: string, symbols: readonly string[]): Annotation {
  const at = label.indexOf('=');
  if (at < 1) throw new OptionError('inspect', '--label', `expected name=pattern, got ${label}`);
  try {
    return annotateMatches(label.slice(0, at), new RegExp(label.slice(at + 1), 'gmu'), symbols);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new OptionError('inspect', '--label', error.message);
  }
}

function searchTable(rows: readonly { search: AnnotationSearch; ablation: Ablation | null }[]): string {
  const body = rows.map(({ search, ablation }) => {
    const { annotation, best, control, mostTelling, informationControl, p, found } = search;
    const [unit] = best;
    const r = Math.abs(unit.correlation);
    const focus = ablation?.focus;
    return `<tr class="${found ? 'good' : 'unknown'}"><td class="sign">${found ? '✓' : '–'}</td><td>${escapeXml(annotationName(annotation, spoken()))}</td><td><button type="button" class="pick" data-layer="${unit.layer}" data-what="${unit.what}" data-unit="${unit.unit}">${unit.layer} ${unit.what}[${unit.unit}]</button></td>
<td><span class="bar" style="--part:${r.toFixed(3)};--limit:${control.limit.toFixed(3)}"><i></i><b></b></span><span class="number">${unit.correlation.toFixed(2)}</span></td><td class="number">${control.limit.toFixed(2)}</td><td class="number">${p.toFixed(2)}</td><td class="number">${mostTelling.information.toFixed(2)} <small>(${informationControl.limit.toFixed(2)})</small></td>
<td>${focus && focus.count > 0 ? `${focus.whole.toFixed(2)} → <strong>${focus.held.toFixed(2)}</strong> ${escapeXml(annotationName(focus.name, spoken()))}` : ''}</td></tr>`;
  });
  const header = [
    t('found'),
    t('label'),
    t('unit'),
    t('correlation'),
    t('control'),
    'p',
    t('bits (control)'),
    t('loss when held'),
  ].map((name) => `<th>${name}</th>`);
  return `<div class="scroll" role="group" tabindex="0" aria-label="${t('Units by label')}"><table class="search"><thead><tr>${header.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}
