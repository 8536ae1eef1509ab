// The text colored by a unit, as the lecture shows interpretable cells, with every unit to choose from: search results first, then all by number.
// The page holds the values as bytes; coloring is two class changes a symbol, so that it follows the arrow keys.

import { annotationName, type AnnotationSearch, escapeXml, type UnitTrack } from 'unrolled/analysis';
import { embeddedJson } from '../pages/embedded-json.ts';
import type { Reading } from './source.ts';
import { spoken, t } from '../language/index.ts';

const mostSymbols = 3000;
const mostBytes = 1_500_000;

/** One unit's values as bytes from −127 to 127, as parts of its largest. A c is shown through the tanh that the network puts it through. */
export function shades(track: UnitTrack, unit: number, count: number): Int8Array {
  const value = (n: number) => {
    const v = track.values[n * track.size + unit];
    return track.what === 'c' ? Math.tanh(v) : v;
  };
  let most = 1e-9;
  for (let n = 0; n < count; n++) most = Math.max(most, Math.abs(value(n)));
  return Int8Array.from({ length: count }, (_, n) => Math.round((127 * value(n)) / most));
}

export function cellViewer({ symbols, between, trace }: Reading, found: readonly AnnotationSearch[]): string {
  const count = Math.min(mostSymbols, symbols.length);
  const states = trace.tracks.filter(({ kind }) => kind === 'state');
  const results = found.map(({ annotation, best: [b], found: yes }) => ({ ...b, annotation, yes }));
  // As many units as the page should hold: those that were found, then the layers' in their order.
  const wanted = new Map<string, { track: UnitTrack; unit: number }>();
  const add = (track: UnitTrack | undefined, unit: number) => {
    if (track && wanted.size * count < mostBytes) wanted.set(`${track.layer} ${track.what}[${unit}]`, { track, unit });
  };
  for (const { layer, what, unit } of found.flatMap(({ best }) => best))
    add(
      states.find((t) => t.layer === layer && t.what === what),
      unit,
    );
  for (const track of states) for (let unit = 0; unit < track.size; unit++) add(track, unit);
  const names = [...wanted.keys()];
  const bytes = new Uint8Array(names.length * count);
  for (const [k, { track, unit }] of [...wanted.values()].entries())
    bytes.set(new Uint8Array(shades(track, unit, count).buffer), k * count);
  // What the report's first sentence is about: the best unit that stands for something.
  const told = results.find(({ yes }) => yes) ?? results[0];
  const first = Math.max(0, told ? names.indexOf(nameOf(told)) : 0);
  const colors = new Int8Array(bytes.buffer, first * count, count);
  const spans = symbols.slice(0, count).map((symbol, n) => {
    const shown = symbol === '\n' ? '<u>⏎</u>\n' : escapeXml(symbol);
    return `<span style="${background(colors[n])}">${shown}</span>${between}`;
  });
  // Two labels may have one unit: of the options with its number only one is selected, or a browser takes the last.
  const option = (name: string, label: string, selected: boolean) => {
    const k = names.indexOf(name);
    return k < 0 ? '' : `<option value="${k}"${selected ? ' selected' : ''}>${escapeXml(label)}</option>`;
  };
  const best = results.map((result) => {
    const { annotation, correlation, yes } = result;
    const name = nameOf(result);
    const label = `${annotationName(annotation, spoken())}${yes ? '' : t(' (no better than chance)')}: ${name}, r = ${correlation.toFixed(2)}`;
    return option(name, label, result === told);
  });
  const all = names.map((name, k) => option(name, name, best.length === 0 && k === first));
  const data = { count, names, values: Buffer.from(bytes).toString('base64') };
  return `<div class="cells" data-largest="${escapeXml(t(' of its largest'))}"><p class="choose"><label>${t('unit')} <select>${best.length > 0 ? `<optgroup label="${t('found by the search')}">${best.join('')}</optgroup>` : ''}<optgroup label="${t('all units')}">${all.join('')}</optgroup></select></label> <output></output></p>
<div class="text" tabindex="0">${spans.join('')}</div>
<p class="key"><span style="${background(-127)}">−</span><span style="${background(-64)}">&nbsp;</span><span>0</span><span style="${background(64)}">&nbsp;</span><span style="${background(127)}">+</span> ${t('of the unit’s largest value')}</p>
<script type="application/json">${embeddedJson(data)}</script></div>`;
}

function nameOf({
  layer,
  what,
  unit,
}: {
  readonly layer: string;
  readonly what: string;
  readonly unit: number;
}): string {
  return `${layer} ${what}[${unit}]`;
}

/** Blue below 0, red above, and the stronger the further. */
function background(v: number): string {
  if (Math.abs(v) < 4) return '';
  const depth = (Math.abs(v) / 127) * 0.72;
  return `background:rgba(${v > 0 ? '222,60,40' : '40,105,230'},${depth.toFixed(2)})`;
}

/** Runs in the page. */
export const cellViewerScript = `
for (const viewer of document.querySelectorAll('.cells')) {
  const { count, names, values } = JSON.parse(viewer.querySelector('script').textContent);
  const bytes = Int8Array.from(atob(values), (c) => c.charCodeAt(0));
  const spans = viewer.querySelectorAll('.text > span');
  const [select, output] = [viewer.querySelector('select'), viewer.querySelector('output')];
  let unit = Number(select.value);
  const value = (n) => bytes[unit * count + n];
  const show = () => {
    for (let n = 0; n < count; n++) {
      const v = value(n);
      spans[n].style.background = Math.abs(v) < 4 ? '' : 'rgba(' + (v > 0 ? '222,60,40' : '40,105,230') + ',' + ((Math.abs(v) / 127) * 0.72).toFixed(2) + ')';
    }
  };
  select.addEventListener('change', () => { unit = Number(select.value); show(); });
  viewer.querySelector('.text').addEventListener('mouseover', ({ target }) => {
    const span = target.closest('.text > span');
    if (!span) return;
    const n = Array.prototype.indexOf.call(spans, span);
    output.textContent = names[unit] + ' = ' + (value(n) / 127).toFixed(2) + viewer.dataset.largest;
  });
  for (const button of document.querySelectorAll('button.pick')) {
    button.addEventListener('click', () => {
      const k = names.indexOf(button.dataset.layer + ' ' + button.dataset.what + '[' + button.dataset.unit + ']');
      if (k < 0) return;
      unit = k;
      select.value = String(k);
      show();
      viewer.scrollIntoView({ behavior: 'smooth', block: 'nearest' });
    });
  }
}
`;
