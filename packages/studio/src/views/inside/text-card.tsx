// What was read, each step in the color of a unit, of the gradient, or of its loss: a running text, or examples with what the network made of them. Two
// thousand steps are colored by hand, not by the view: a change of the unit repaints them in a few milliseconds.

import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { navigate, parameters } from '../../state/address.ts';
import {
  askAround,
  askGradient,
  askNext,
  askScores,
  askUnit,
  at,
  chooseUnit,
  gradient,
  lookAt,
  next,
  type OpenReading,
  stretch,
  unit,
  values,
} from '../../state/reading.ts';
import { Figure } from '../../ui/figure.tsx';
import { brief } from '../../words/numbers.ts';
import { layerText } from '../train/layer-text.ts';
import { kinds } from './kind-words.ts';
import { shownSymbol, unitName } from './names.ts';
import { fill, layoutOf } from './passages.ts';
import { words } from './words.ts';

export const modes = ['unit', 'gradient', 'loss'] as const;
export type Mode = (typeof modes)[number];
/** The modes that there are: without targets there is no loss. */
const modesOf = ({ kind }: OpenReading): readonly Mode[] => (kind === 'graph' ? ['unit', 'gradient'] : modes);
const modeOf = (open: OpenReading): Mode =>
  modesOf(open).find((one) => one === parameters.value.get('color')) ?? 'unit';

/** Values from −1 to 1 of every character, and the exact ones behind them. */
export function paint(mode: Mode, open: OpenReading, column: ArrayLike<number> | null, back: typeof gradient.value) {
  const N = open.symbols.length;
  const exact = new Float64Array(N);
  if (mode === 'unit' && column) for (let n = 0; n < N; n++) exact[n] = column[n];
  if (mode === 'loss') for (let n = 0; n < N; n++) exact[n] = open.losses[n] || 0;
  if (mode === 'gradient' && back) for (const [k, norm] of back.norms.entries()) exact[back.from + k] = norm;
  const most = exact.reduce((a, b) => Math.max(a, Math.abs(b)), mode === 'unit' ? 1 : 1e-12);
  return { exact, shown: exact.map((v) => v / most) };
}

/** See the top of this file. */
export function TextCard({ open }: { readonly open: OpenReading }) {
  const w = words.value;
  const ref = useRef<HTMLDivElement>(null);
  const spans = useRef<readonly HTMLElement[]>([]);
  const mode = modeOf(open);
  const colors = useComputed(() => paint(modeOf(open), open, values.value, gradient.value));
  const hovered = useSignal<number | null>(null);

  useSignalEffect(() => {
    if (unit.value) askUnit(unit.value);
  });
  useSignalEffect(() => {
    const n = hovered.value ?? at.value;
    if (open.kind !== 'forecast') askNext({ n });
    if (open.scored) askScores({ n });
    if (modeOf(open) === 'gradient' || hasImages(open)) askGradient({ n });
  });
  useSignalEffect(() => {
    if (unit.value) askAround({ key: unit.value, n: at.value, reach: 40 });
  });
  useSignalEffect(() => repaint(spans.current, colors.value.shown));
  useSignalEffect(() => mark(spans.current, at.value));
  useEffect(() => {
    spans.current = fill(ref.current, open);
    repaint(spans.current, colors.peek().shown);
    mark(spans.current, at.peek());
  }, [open]);

  const key = unit.value;
  const n = hovered.value ?? at.value;
  const kind = kinds.value[open.kind];
  const layout = layoutOf(open);
  const down = useRef<number | null>(null);
  return (
    <Figure
      title={kind.text}
      say={sentence(mode, open, n, colors.value.exact)}
      span={open.kind === 'forecast' ? 12 : 8}
      image={open.frames ? 'canvas' : 'svg'}
      explain={open.kind === 'text' ? `${w.textExplain} ${w.windows}` : w.textExplain}
      table={() => ({
        head: [
          w.position,
          kind.symbol,
          w.valueHead,
          ...(open.series?.names ?? []),
          ...(open.series?.forecast ? [w.forecast.values] : []),
        ],
        rows: open.symbols.map((symbol, k) => [
          k,
          shownSymbol(symbol),
          exactText(mode, open, colors.value.exact, k),
          ...(open.series?.columns ?? []).map((column) => brief(column[k])),
          ...(open.series?.forecast ? [brief(open.series.forecast.values[k])] : []),
        ]),
      })}
    >
      <div class="inside-controls">
        <label>
          {w.mode}
          <select class="small" value={mode} onChange={(event) => navigate({ color: event.currentTarget.value })}>
            {modesOf(open).map((one) => (
              <option key={one} value={one}>
                {w.modes[one]}
              </option>
            ))}
          </select>
        </label>
        {key && mode === 'unit' && <UnitChoice open={open} />}
      </div>
      <div
        ref={ref}
        class={`read-text by-${mode} as-${layout}${layout === 'text' ? '' : ' in-passages'}`}
        role="group"
        aria-label={kind.text}
        tabIndex={0}
        onPointerMove={(event) => {
          hovered.value = indexOf(event.target);
        }}
        onPointerLeave={() => {
          hovered.value = null;
        }}
        onPointerDown={(event) => {
          down.current = layout === 'frames' || layout === 'series' ? indexOf(event.target) : null;
        }}
        onPointerUp={(event) => release(event, ref.current, down.current)}
        onKeyDown={(event) => move(event, open, spans.current)}
      />
      <div class="scale">
        {mode === 'unit' ? (
          <>
            <span>−</span>
            <span class="scale-bar signed" />
            <span>+</span>
          </>
        ) : (
          <>
            <span>{w.less}</span>
            <span class="scale-bar" />
            <span>{w.more}</span>
          </>
        )}
        <span class="exact" role="status">
          {`${shownSymbol(open.symbols[n] ?? '')} ${exactText(mode, open, colors.value.exact, n)}`}
        </span>
        {mode === 'unit' && <span class="note">{w.belowZero}</span>}
      </div>
      {open.lacks.map(({ what, names }) => (
        <p class="say" key={what}>
          {what === 'gradient' ? w.lacks.gradient : w.lacks[what](names.join(', '))}
        </p>
      ))}
    </Figure>
  );
}

/** The exact number of a step; what is forecast without a step of its own has no state. */
function exactText(mode: Mode, { series }: OpenReading, exact: Float64Array, n: number): string {
  const none = mode === 'unit' && exact[n] === 0 && Number.isFinite(series?.forecast?.values[n]);
  return none ? '–' : brief(exact[n]);
}

/** Whether there are images, which a gradient is shown on. */
export const hasImages = (open: OpenReading): boolean =>
  open.frames !== null || open.passages.some(({ image }) => image !== undefined);

function sentence(mode: Mode, open: OpenReading, n: number, exact: Float64Array): string {
  const w = words.value;
  const kind = kinds.value[open.kind];
  const key = unit.value;
  if (mode === 'gradient') {
    const [first] = next.value;
    if (open.kind === 'text') return kind.gradientSay(shownSymbol(open.symbols[n + 1] ?? ''));
    if (open.kind !== 'forecast') return kind.gradientSay(shownSymbol(first?.symbol ?? ''));
    return kind.gradientSay(Number.isFinite(open.series?.forecast?.values[n]) ? open.symbols[n] : '+1');
  }
  if (mode === 'loss') {
    const most = exact.reduce((best, v, k) => (v > exact[best] ? k : best), 0);
    return kind.lossSay(shownSymbol(open.symbols[most]), brief(exact[most]));
  }
  return w.unitSay(key ? unitName(key) : '', brief(Math.min(...exact)), brief(Math.max(...exact)));
}

function UnitChoice({ open }: { readonly open: OpenReading }) {
  const w = words.value;
  const key = unit.value;
  const track = open.tracks.find((one) => one.layer === key?.layer && one.what === key.what);
  if (!key || !track) return null;
  return (
    <>
      <label>
        {w.state}
        <select
          class="small"
          value={`${key.layer}.${key.what}`}
          onChange={(event) => {
            const to = open.tracks[event.currentTarget.selectedIndex];
            chooseUnit({ layer: to.layer, what: to.what, unit: Math.min(key.unit, to.size - 1) });
          }}
        >
          {open.tracks.map(({ layer, what }) => (
            <option key={`${layer}.${what}`} value={`${layer}.${what}`}>
              {w.trackName(layerText(layer), what)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {w.unit}
        <input
          class="small"
          type="number"
          min={0}
          max={track.size - 1}
          value={key.unit}
          onInput={(event) => {
            const to = event.currentTarget.valueAsNumber;
            if (to >= 0 && to < track.size) chooseUnit({ ...key, unit: Math.round(to) });
          }}
        />
      </label>
    </>
  );
}

function repaint(spans: readonly HTMLElement[], shown: Float64Array): void {
  for (const [n, span] of spans.entries()) {
    const v = shown[n] ?? 0;
    span.style.setProperty('--v', `${Math.round(Math.abs(v) * 62)}%`);
    span.classList.toggle('below', v < -0.02);
  }
}

let marked: HTMLElement | undefined;

/** Where a selection began that has its moving end at `n`: its other end, or `n` itself where none has. */
function anchorOf(n: number): number {
  const [from, to] = (stretch.value ?? '').split(' ').map(Number);
  return n === from ? to - 1 : n === to - 1 ? from : n;
}

function mark(spans: readonly HTMLElement[], n: number): void {
  marked?.classList.remove('here');
  marked = spans[n];
  marked?.classList.add('here');
}

function indexOf(target: EventTarget | null): number | null {
  const n = (target as HTMLElement | null)?.closest?.<HTMLElement>('[data-n]')?.dataset.n;
  return n === undefined ? null : Number(n);
}

/** A click looks at a step, a selection is a stretch: of a text, or from the frame or cell where the pointer went down. */
function release(event: PointerEvent, box: HTMLElement | null, down: number | null): void {
  const n = indexOf(event.target);
  if (down !== null && n !== null && n !== down) {
    select(Math.min(down, n), Math.max(down, n) + 1);
    return;
  }
  const selection = getSelection();
  const ends = [selection?.anchorNode, selection?.focusNode].map((node) => indexOf(node?.parentElement ?? null));
  if (
    down === null &&
    selection &&
    !selection.isCollapsed &&
    ends[0] !== null &&
    ends[1] !== null &&
    box?.contains(selection.anchorNode)
  ) {
    const [from, to] = [Math.min(ends[0], ends[1]), Math.max(ends[0], ends[1])];
    if (to > from) select(from, to + 1);
  } else if (n !== null) lookAt(n);
}

const select = (from: number, to: number) => navigate({ from: String(from), to: String(to) });

const keys: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -40, ArrowDown: 40 };

/** Left and right by a step; up and down in a text by a stretch, in examples to the one before or behind. */
function move(event: KeyboardEvent, { symbols, passages }: OpenReading, spans: readonly HTMLElement[]): void {
  const by = keys[event.key];
  if (by === undefined) return;
  event.preventDefault();
  const k = passages.findIndex(({ to }) => at.value < to);
  const other = passages[k + Math.sign(by)];
  const there =
    Math.abs(by) > 1 && passages.length > 1
      ? other
        ? Math.min(other.to - 1, other.from + at.value - passages[k].from)
        : at.value
      : at.value + by;
  const to = Math.min(symbols.length - 1, Math.max(0, there));
  if (event.shiftKey) {
    const start = anchorOf(at.value);
    navigate({ from: String(Math.min(start, to)), to: String(Math.max(start, to) + 1) }, 'replace');
  }
  lookAt(to);
  spans[to]?.scrollIntoView({ block: 'nearest' });
}
