// What was read, each symbol in the color of a unit, of the gradient, or of its loss: a running text, or examples with what the network made of them. Two
// thousand symbols are colored by hand, not by the view: a change of the unit repaints them in a few milliseconds.

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
  brush,
  chooseUnit,
  gradient,
  lookAt,
  next,
  type OpenReading,
  unit,
  values,
} from '../../state/reading.ts';
import { Figure } from '../../ui/figure.tsx';
import { brief } from '../../words/numbers.ts';
import { layerName } from '../train/layer-name.ts';
import { shownSymbol, unitName } from './names.ts';
import { words } from './words.ts';

export const modes = ['unit', 'gradient', 'loss'] as const;
export type Mode = (typeof modes)[number];
const modeOf = (): Mode => modes.find((one) => one === parameters.value.get('color')) ?? 'unit';

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
  const mode = modeOf();
  const colors = useComputed(() => paint(modeOf(), open, values.value, gradient.value));
  const hovered = useSignal<number | null>(null);

  useSignalEffect(() => {
    if (unit.value) askUnit(unit.value);
  });
  useSignalEffect(() => {
    const n = hovered.value ?? at.value;
    askNext({ n });
    if (open.kind === 'labels' || open.kind === 'tags') askScores({ n });
    if (modeOf() === 'gradient') askGradient({ n });
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
  return (
    <Figure
      title={w.kinds[open.kind].text}
      say={sentence(mode, open, n, colors.value.exact)}
      span={8}
      explain={w.textExplain}
      table={() => ({
        head: [w.position, w.kinds[open.kind].symbol, w.valueHead],
        rows: open.symbols.map((symbol, k) => [k, shownSymbol(symbol), colors.value.exact[k]]),
      })}
    >
      <div class="inside-controls">
        <label>
          {w.mode}
          <select class="small" value={mode} onChange={(event) => navigate({ color: event.currentTarget.value })}>
            {modes.map((one) => (
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
        class={`read-text by-${mode}${open.kind === 'text' ? '' : ' in-passages'}`}
        role="group"
        aria-label={w.kinds[open.kind].text}
        tabIndex={0}
        onPointerMove={(event) => {
          hovered.value = indexOf(event.target);
        }}
        onPointerLeave={() => {
          hovered.value = null;
        }}
        onPointerUp={(event) => release(event, ref.current)}
        onKeyDown={(event) => move(event, open.symbols.length)}
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
          {`${shownSymbol(open.symbols[n])} ${brief(colors.value.exact[n])}`}
        </span>
        {mode === 'unit' && <span class="note">{w.belowZero}</span>}
      </div>
    </Figure>
  );
}

function sentence(mode: Mode, open: OpenReading, n: number, exact: Float64Array): string {
  const w = words.value;
  const key = unit.value;
  if (mode === 'gradient') {
    const [first] = next.value;
    const came = open.kind === 'text' ? shownSymbol(open.symbols[n + 1] ?? '') : shownSymbol(first?.symbol ?? '');
    return w.kinds[open.kind].gradientSay(came);
  }
  if (mode === 'loss') {
    const most = exact.reduce((best, v, k) => (v > exact[best] ? k : best), 0);
    return w.kinds[open.kind].lossSay(shownSymbol(open.symbols[most]), brief(exact[most]));
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
              {w.trackName(layerName(layer), what)}
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

/** Writes what was read, passage by passage, and returns the symbols' elements. */
function fill(box: HTMLElement | null, { kind, symbols, passages }: OpenReading): readonly HTMLElement[] {
  const spans = symbols.map((symbol, n) => {
    const span = document.createElement('i');
    span.textContent = kind === 'text' && symbol === '\n' ? '↵\n' : symbol;
    span.dataset.n = String(n);
    return span;
  });
  if (kind === 'text') box?.replaceChildren(...spans);
  else
    box?.replaceChildren(
      ...passages.map((passage) => {
        const line = document.createElement('div');
        const verdict = document.createElement('small');
        verdict.textContent = verdictOf(kind, passage);
        line.append(...spans.slice(passage.from, passage.to), verdict);
        return line;
      }),
    );
  return spans;
}

/** What the network made of a passage: `✓ yes`, or `✗ yes (no)` where it should be no. A translation stands in the passage itself. */
function verdictOf(kind: OpenReading['kind'], { target, output }: OpenReading['passages'][number]): string {
  const shown = kind === 'translation' ? '' : (output ?? '');
  if (target === null) return shown;
  return target === output ? `✓ ${shown}` : `✗ ${shown} (${target})`;
}

function repaint(spans: readonly HTMLElement[], shown: Float64Array): void {
  for (const [n, span] of spans.entries()) {
    const v = shown[n] ?? 0;
    span.style.setProperty('--v', `${Math.round(Math.abs(v) * 62)}%`);
    span.classList.toggle('below', v < -0.02);
  }
}

let marked: HTMLElement | undefined;

function mark(spans: readonly HTMLElement[], n: number): void {
  marked?.classList.remove('here');
  marked = spans[n];
  marked?.classList.add('here');
}

function indexOf(target: EventTarget | null): number | null {
  const n = (target as HTMLElement | null)?.dataset?.n;
  return n === undefined ? null : Number(n);
}

/** A click looks at a character, a selection is a stretch. */
function release(event: PointerEvent, box: HTMLElement | null): void {
  const selection = getSelection();
  const ends = [selection?.anchorNode, selection?.focusNode].map((node) => indexOf(node?.parentElement ?? null));
  const n = indexOf(event.target);
  if (
    selection &&
    !selection.isCollapsed &&
    ends[0] !== null &&
    ends[1] !== null &&
    box?.contains(selection.anchorNode)
  ) {
    const [from, to] = [Math.min(ends[0], ends[1]), Math.max(ends[0], ends[1])];
    if (to > from) void select(from, to + 1);
  } else if (n !== null) lookAt(n);
}

function select(from: number, to: number): Promise<void> {
  navigate({ from: String(from), to: String(to) });
  return brush(from, to);
}

const keys: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -40, ArrowDown: 40 };

function move(event: KeyboardEvent, length: number): void {
  const by = keys[event.key];
  if (by === undefined) return;
  event.preventDefault();
  const to = Math.min(length - 1, Math.max(0, at.value + by));
  if (event.shiftKey) {
    const start = Number(parameters.value.get('from') ?? at.value);
    const [from, end] = [Math.min(start, to), Math.max(start, to) + 1];
    navigate({ from: String(from), to: String(end) }, 'replace');
    void brush(from, end);
  }
  lookAt(to);
}
