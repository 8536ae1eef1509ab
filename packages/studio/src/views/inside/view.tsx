// Inside: a run that reads, and everything that can be seen and changed of it.

import { useEffect } from 'preact/hooks';
import { parameters } from '../../state/address.ts';
import { busy, looked, type OpenReading, openReading, reading, refused } from '../../state/reading.ts';
import { currentId, openedOf } from '../../state/trainer.ts';
import { NoRun } from '../no-run.tsx';
import { brief, grouped, loss, percent } from '../../words/numbers.ts';
import { HoldCard } from './hold-card.tsx';
import { kinds } from './kind-words.ts';
import { OutcomeCard } from './outcome-card.tsx';
import { explainedOf } from './outcomes.ts';
import { OwnForm } from './own-form.tsx';
import { CurvesCard, ImageCard, NextCard, ScoresCard } from './side-cards.tsx';
import { TextCard } from './text-card.tsx';
import { MeasureCard, MeasuredCards } from './measure-cards.tsx';
import { BrushCard, UnitsCard } from './unit-cards.tsx';
import { WeightsCard } from './weights-card.tsx';
import { words } from './words.ts';
import './inside.css';

/** Data that are read again: all but sequences that are made while it trains. */
const readKinds = ['text', 'labeled', 'tagged', 'pairs', 'series', 'captions', 'questions', 'clips'] as const;

export function Inside() {
  const id = parameters.value.get('run');
  const other = openedOf(id);
  const ready = other !== undefined || currentId.value === id;
  useEffect(() => {
    if (id !== undefined && ready && looked.peek()?.spec.id !== id) void openReading(id);
  }, [id, ready]);
  const now = looked.value?.spec.id === id ? looked.value : null;
  const open = reading.value?.spec.id === id ? reading.value : null;
  if (open) return <Opened key={`${open.spec.id} ${open.step}`} open={open} />;
  const w = words.value;
  const say = () => {
    if (id === undefined) return w.noRun;
    if (now?.own) return w.giveOwn;
    if (now) return other?.opened?.task === 'tensors' ? w.tensors : w.notReadable;
    return refused.value === id ? w.refused : w.opening;
  };
  if (id === undefined || (now && !now.own))
    return <NoRun title={w.title} say={say()} kinds={readKinds} examples={['stories', 'sentiment', 'dates']} />;
  return (
    <>
      <div class="top">
        <h1>{now?.own ? now.spec.name : w.title}</h1>
        <p class="sub intro" role="status">
          {say()}
        </p>
      </div>
      {now?.own && <OwnForm id={now.spec.id} form={now.own} />}
    </>
  );
}

function Opened({ open }: { readonly open: OpenReading }) {
  const w = words.value;
  const states = open.tracks.filter(({ kind }) => kind === 'state').reduce((sum, { size }) => sum + size, 0);
  const kind = kinds.value[open.kind];
  const form = looked.value?.own;
  const other = openedOf(open.spec.id)?.opened;
  const count = grouped(open.symbols.length);
  const r2 = explainedOf(open);
  const facts: readonly (readonly [string, string])[] = [
    ...(open.kind === 'graph'
      ? []
      : ([
          [loss(open.loss), kind.loss],
          [Number.isFinite(open.accuracy) ? percent(open.accuracy) : '–', kind.accuracy],
        ] as const)),
    r2 === null ? [count, kind.symbols] : [brief(r2), w.facts.explained], // the line above has the count too
    [grouped(states), w.facts.units],
    ...(other && other.step === null ? [] : [[grouped(open.step), w.facts.step] as const]),
  ];
  return (
    <>
      <div class="top">
        <h1>{open.spec.name}</h1>
        <span class="sub">
          {other ? w.reads(count, kind.symbols) : kind.sub(grouped(open.step), count)}
          {open.kind === 'graph' && !open.readsOwn && `. ${w.vectors}`}
        </span>
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
      {form && <OwnForm id={open.spec.id} form={form} />}
      <div class="grid">
        <TextCard open={open} />
        <NextCard open={open} />
        <BrushCard open={open} />
        <ScoresCard open={open} />
        <HoldCard open={open} />
        <CurvesCard open={open} />
        <ImageCard open={open} />
        <OutcomeCard open={open} />
        <UnitsCard open={open} />
        <MeasureCard open={open} />
        <MeasuredCards open={open} />
        <WeightsCard />
      </div>
    </>
  );
}
