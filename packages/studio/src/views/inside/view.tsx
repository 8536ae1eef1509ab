// Inside: a run that reads, and everything that can be seen and changed of it.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { DataKind } from '../../data/dataset.ts';
import { parameters } from '../../state/address.ts';
import { busy, type OpenReading, openReading, reading } from '../../state/reading.ts';
import { current } from '../../state/trainer.ts';
import { NoRun } from '../../ui/no-run.tsx';
import { grouped, loss, percent } from '../../words/numbers.ts';
import { HoldCard } from './hold-card.tsx';
import { CurvesCard, NextCard, ScoresCard } from './side-cards.tsx';
import { TextCard } from './text-card.tsx';
import { BrushCard, MeasureCard, UnitsCard } from './unit-cards.tsx';
import { words } from './words.ts';
import './inside.css';

/** Data of which a token is read at every step. */
const readableKinds: readonly DataKind[] = ['text', 'labeled', 'tagged', 'pairs'];

export function Inside() {
  const id = parameters.value.get('run');
  const open = reading.value;
  const ready = current.value?.spec.id === id;
  const kind = current.value?.spec.data.kind;
  const readable = ready && kind !== undefined && readableKinds.includes(kind);
  useEffect(() => {
    if (id !== undefined && readable && reading.peek()?.spec.id !== id) void openReading(id);
  }, [id, readable]);
  const w = words.value;
  if (id === undefined || (ready && !readable))
    return (
      <NoRun
        title={w.title}
        say={id === undefined ? w.noRun : w.notReadable}
        kinds={readableKinds}
        examples={['stories', 'sentiment', 'dates']}
      />
    );
  if (!open || open.spec.id !== id)
    return (
      <div class="top">
        <h1>{w.title}</h1>
        <p class="sub intro" role="status">
          {w.opening}
        </p>
      </div>
    );
  return <Opened key={`${open.spec.id} ${open.step}`} open={open} />;
}

function Opened({ open }: { readonly open: OpenReading }) {
  const w = words.value;
  const states = open.tracks.filter(({ kind }) => kind === 'state').reduce((sum, { size }) => sum + size, 0);
  const kind = w.kinds[open.kind];
  const facts: readonly (readonly [string, string])[] = [
    [loss(open.loss), kind.loss],
    [Number.isFinite(open.accuracy) ? percent(open.accuracy) : '–', kind.accuracy],
    [grouped(open.symbols.length), kind.symbols],
    [grouped(states), w.facts.units],
    [grouped(open.step), w.facts.step],
  ];
  return (
    <>
      <div class="top">
        <h1>{open.spec.name}</h1>
        <span class="sub">{kind.sub(grouped(open.step), grouped(open.symbols.length))}</span>
        <div class="transport">
          <button type="button" disabled={busy.value !== null} onClick={() => void openReading(open.spec.id)}>
            {w.again}
          </button>
        </div>
      </div>
      <dl class="figures">
        {facts.map(([value, label]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {open.readsOwn && <OwnText open={open} />}
      <div class="grid">
        <TextCard open={open} />
        <NextCard open={open} />
        <BrushCard open={open} />
        <ScoresCard open={open} />
        <HoldCard open={open} />
        <CurvesCard open={open} />
        <UnitsCard />
        <MeasureCard open={open} />
      </div>
    </>
  );
}

/** A text of one's own, which is read before the examples. */
function OwnText({ open }: { readonly open: OpenReading }) {
  const w = words.value;
  const text = useSignal('');
  return (
    <form
      class="own-text"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.value.trim() !== '') void openReading(open.spec.id, text.value);
      }}
    >
      <label for="own-text">{w.ownText}</label>
      <input
        id="own-text"
        value={text.value}
        maxLength={400}
        onInput={(event) => {
          text.value = event.currentTarget.value;
        }}
      />
      <button type="submit" disabled={busy.value !== null || text.value.trim() === ''}>
        {w.read}
      </button>
    </form>
  );
}
