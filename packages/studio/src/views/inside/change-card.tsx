// A weight, or a whole row or column, that is changed to see what depends on it: which one, its value, all changes with what they made of it, and what comes out
// as it is and with them.

import { useEffect, useMemo } from 'preact/hooks';
import { matrixOf } from '../../reading/matrix-of.ts';
import type { Held, WeightStatistics } from '../../reading/protocol.ts';
import { at, busy, type OpenReading, unit, weights, whole } from '../../state/reading.ts';
import {
  askTensors,
  block,
  changed,
  changeTo,
  current,
  isSame,
  key,
  nextCompared,
  part,
  parts,
  place,
  tensorOf,
  undo,
  undoAll,
  wanted,
} from '../../state/weights.ts';
import { Figure } from '../../ui/figure.tsx';
import { brief, grouped, loss, percent } from '../../words/numbers.ts';
import { words } from './change-words.ts';
import { Compared } from './compared.tsx';
import { kinds } from './kind-words.ts';
import { shownSymbol } from './names.ts';
import { WeightGrid } from './weight-grid.tsx';
import { rowName, weightName } from './weight-names.ts';

/** See the top of this file. */
export function ChangeCard({ open }: { readonly open: OpenReading }) {
  const w = words.value;
  const all = weights.value;
  const now = place.value;
  const tensor = now && tensorOf(now.tensor);
  // As it was when the tensor was chosen: a slider and its colors do not move with what is changed.
  const most = useMemo(
    () => (tensor ? Math.max(1e-3, Math.abs(tensor.low), Math.abs(tensor.high)) : 1),
    [tensor?.name],
  );
  useEffect(() => {
    if (all && !now) place.value = firstPlace(all);
  }, [all, now]);
  if (!all || !now || !tensor)
    return (
      <Figure title={w.title} say={all?.length === 0 ? w.none : w.begin} span={12}>
        {!all && (
          <button type="button" disabled={busy.value !== null} onClick={() => askTensors()}>
            {w.choose}
          </button>
        )}
      </Figure>
    );
  const result = comparedOf(open);
  const shown = block.value?.tensor === tensor.name ? block.value : null;
  const value = shown?.values[now.row - shown.row]?.[now.column - shown.column] ?? Number.NaN;
  return (
    <Figure
      title={w.title}
      say={w.say(weightName(tensor, now), brief(value))}
      span={12}
      explain={w.explain}
      table={changed.value.length > 0 ? changesTable : null}
    >
      <div class="change-weights">
        <div>
          <Place all={all} tensor={tensor} />
          {shown && <WeightGrid tensor={tensor} block={shown} most={most} />}
        </div>
        <div>
          <Value tensor={tensor} value={value} most={2 * most} />
          {wanted.value.length > 0 && (
            <p class="explain" role="status">
              {changeSentence(open)}
            </p>
          )}
          <Changes />
          {result && (
            <>
              <h3>{w.compared}</h3>
              <Compared of={result} held={w.changed} say={w.compared} />
            </>
          )}
        </div>
      </div>
    </Figure>
  );
}

/** A recurrent weight of the unit that is looked at, in the row of its gate; or the first weight that there is. */
function firstPlace(all: readonly WeightStatistics[]) {
  const looked = unit.value;
  const recurrent = all.find(
    ({ name, gates }) => gates.length > 0 && looked && name.endsWith(`weight_hh_${looked.layer.split('.').at(-1)}`),
  );
  const first = recurrent ?? all.find(({ shape }) => shape.length > 1) ?? all.at(0);
  if (!first) return null;
  const [rows] = matrixOf(first.shape);
  const gate = looked && recurrent ? Math.max(0, recurrent.gates.indexOf(looked.what)) : 0;
  const row = looked && recurrent ? (gate * rows) / recurrent.gates.length + looked.unit : 0;
  return { tensor: first.name, row: Math.min(rows - 1, row), column: 0 };
}

/** Which weight: by its tensor, row and column, where pointing is not exact enough. */
function Place({ all, tensor }: { readonly all: readonly WeightStatistics[]; readonly tensor: WeightStatistics }) {
  const w = words.value;
  const now = place.value;
  if (!now) return null;
  const [rows, columns] = matrixOf(tensor.shape);
  const number = (label: string, what: 'row' | 'column', count: number) => (
    <label>
      {label}
      <input
        class="small"
        type="number"
        min={0}
        max={count - 1}
        value={now[what]}
        onInput={(event) => {
          const to = event.currentTarget.valueAsNumber;
          if (Number.isInteger(to) && to >= 0 && to < count) place.value = { ...now, [what]: to };
        }}
      />
    </label>
  );
  return (
    <div class="inside-controls">
      <label>
        {w.tensor}
        <select
          class="small"
          value={tensor.name}
          onChange={(event) => {
            const to = all[event.currentTarget.selectedIndex];
            const [R, C] = matrixOf(to.shape);
            place.value = { tensor: to.name, row: Math.min(now.row, R - 1), column: Math.min(now.column, C - 1) };
          }}
        >
          {all.map(({ name, shape }) => (
            <option key={name} value={name} disabled={shape.includes(0)}>
              {`${name} ${shape.join(' × ')}`}
            </option>
          ))}
        </select>
      </label>
      {number(tensor.gates.length > 1 ? `${w.row} ${rowName(tensor, now.row)}` : w.row, 'row', rows)}
      {columns > 1 && number(w.column, 'column', columns)}
    </div>
  );
}

/** The value of the weight, or the factor of its row or column. */
function Value({
  tensor,
  value,
  most,
}: {
  readonly tensor: WeightStatistics;
  readonly value: number;
  readonly most: number;
}) {
  const w = words.value;
  const isOne = part.value === 'weight';
  const now = current.value?.value ?? (isOne ? value : 1);
  const end = isOne ? most : 4;
  const label = isOne ? w.value : w.factor;
  const name = key.value ? weightName(tensor, key.value) : '';
  return (
    <div class="inside-controls">
      <label>
        {w.part}
        <select
          class="small"
          value={part.value}
          onChange={(event) => {
            part.value = parts[event.currentTarget.selectedIndex];
          }}
        >
          {parts.map((one) => (
            <option key={one} value={one}>
              {w.parts[one]}
            </option>
          ))}
        </select>
      </label>
      <label>
        {label}
        <input
          class="small"
          type="number"
          step="any"
          value={Number.isFinite(now) ? Number(now.toPrecision(5)) : ''}
          aria-label={`${label}: ${name}`}
          onChange={(event) => changeTo(event.currentTarget.valueAsNumber)}
        />
      </label>
      <label class="wide">
        <input
          type="range"
          min={-end}
          max={end}
          step={end / 200}
          value={now}
          aria-label={`${label}: ${name}`}
          aria-valuetext={brief(now)}
          onInput={(event) => changeTo(event.currentTarget.valueAsNumber)}
        />
      </label>
      <button type="button" onClick={() => changeTo(0)}>
        {w.zero}
      </button>
    </div>
  );
}

/** Every change with what it made of a weight, or of the norm of a row or column. */
function Changes() {
  const w = words.value;
  if (wanted.value.length === 0) return null;
  return (
    <>
      <ul class="changes" aria-label={w.list}>
        {wanted.value.map((change) => {
          const made = changed.value.find((one) => isSame(one, change));
          const tensor = tensorOf(change.tensor);
          const name = tensor ? weightName(tensor, change) : change.tensor;
          return (
            <li key={name}>
              <code>{name}</code>
              <span>{made && madeText(made)}</span>
              <button type="button" class="link" aria-label={`${w.undo}: ${name}`} onClick={() => undo(change)}>
                {w.undo}
              </button>
            </li>
          );
        })}
      </ul>
      <p class="run-row">
        <button type="button" onClick={undoAll}>
          {w.undoAll}
        </button>
      </p>
    </>
  );
}

function madeText({ row, column, how, value, before, after }: (typeof changed.value)[number]): string {
  const w = words.value;
  const isLine = row === null || column === null;
  const numbers = [before, after].map((v) => (isLine ? w.norm(brief(v)) : brief(v))).join(' → ');
  return how === 'scale' ? `${w.times(brief(value))}: ${numbers}` : numbers;
}

function changesTable() {
  const w = words.value;
  return {
    head: [w.change, w.before, w.after],
    rows: changed.value.map((one) => {
      const tensor = tensorOf(one.tensor);
      return [tensor ? weightName(tensor, one) : one.tensor, one.before, one.after];
    }),
  };
}

/** That weights are changed, where all that follows from it begins. */
export function ChangedLine({ open }: { readonly open: OpenReading }) {
  if (changed.value.length === 0) return null;
  return (
    <p class="changed-line">
      <span>{changeSentence(open)}</span>
      <button type="button" onClick={undoAll}>
        {words.value.undoAll}
      </button>
    </p>
  );
}

/** What all changes together make of what was read. */
function changeSentence(open: OpenReading): string {
  const w = words.value;
  const before = whole.value;
  const kind = kinds.value[open.kind];
  if (!before) return '';
  const counted = w.made(grouped(wanted.value.length));
  if (open.kind === 'graph') return `${counted} ${w.outputs}`;
  const outputs = open.passages.filter(({ output }) => output !== null).length;
  const others = open.passages.filter(({ output }, k) => output !== before.passages[k]?.output).length;
  return [
    counted,
    ...(Number.isFinite(before.loss) ? [w.loss(loss(before.loss), loss(open.loss))] : []),
    ...(Number.isFinite(open.accuracy)
      ? [w.accuracy(kind.accuracy, percent(before.accuracy), percent(open.accuracy))]
      : []),
    ...(outputs > 0 ? [w.others(grouped(others), grouped(outputs))] : []),
  ].join(' ');
}

/** What comes out at the place that is looked at, as it is and with the changes; null where nothing is changed. */
function comparedOf(open: OpenReading): Held | null {
  const before = whole.value;
  if (!before || changed.value.length === 0) return null;
  const passageOf = ({ passages }: OpenReading) => passages.findIndex(({ to }) => at.value < to);
  const k = Math.max(0, passageOf(open));
  if (open.kind === 'translation' || open.kind === 'caption') {
    const [free, held] = [before, open].map(({ passages }) => passages[k]?.output ?? '');
    return { texts: { free, held }, rows: [] };
  }
  if (open.series?.forecast && before.series?.forecast) {
    const { from, to } = open.passages[k];
    const part = (values: readonly number[]) => values.slice(from, to);
    const [free, held] = [before, open].map(({ series }) => part(series?.forecast?.values ?? []));
    const start = free.findIndex((v) => Number.isFinite(v));
    const read = part(open.series.columns[0]);
    return {
      texts: null,
      rows: free.slice(start).map((v, t) => ({ label: `+${t + 1}`, free: v, held: held[start + t] })),
      series: {
        history: read.slice(0, start).slice(-3 * (free.length - start)),
        actual: read.slice(start),
        free: free.slice(start),
        held: held.slice(start),
      },
    };
  }
  const { free: unchanged, held } = nextCompared.value;
  const other = new Map(held.map(({ symbol, probability }) => [symbol, probability]));
  const rows = unchanged.map(({ symbol, probability }) => ({
    label: shownSymbol(symbol),
    free: probability,
    held: other.get(symbol) ?? Number.NaN,
  }));
  return { texts: null, rows: rows.slice(0, 8) };
}
