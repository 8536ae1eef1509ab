// Inside: a run that reads, and everything that can be seen and changed of it.

import { useEffect } from 'preact/hooks';
import { parameters } from '../../state/address.ts';
import { isText } from '../../state/presets.ts';
import { busy, type OpenReading, openReading, reading } from '../../state/reading.ts';
import { current } from '../../state/trainer.ts';
import { grouped, loss, percent } from '../../words/numbers.ts';
import { CurvesCard, NextCard } from './side-cards.tsx';
import { TextCard } from './text-card.tsx';
import { BrushCard, HoldCard, MeasureCard, UnitsCard } from './unit-cards.tsx';
import { words } from './words.ts';
import './inside.css';

export function Inside() {
  const id = parameters.value.get('run');
  const open = reading.value;
  const ready = current.value?.spec.id === id;
  const readable = ready && isText(current.value?.spec.data.preset ?? 'own');
  useEffect(() => {
    if (id !== undefined && readable && reading.peek()?.spec.id !== id) void openReading(id);
  }, [id, readable]);
  const w = words.value;
  if (id === undefined || !open || open.spec.id !== id)
    return (
      <div class="top">
        <h1>{w.title}</h1>
        <p class="sub intro" role="status">
          {id === undefined ? w.noRun : ready && !readable ? w.onlyText : w.opening}
        </p>
      </div>
    );
  return <Opened key={`${open.spec.id} ${open.step}`} open={open} />;
}

function Opened({ open }: { readonly open: OpenReading }) {
  const w = words.value;
  const states = open.tracks.filter(({ kind }) => kind === 'state').reduce((sum, { size }) => sum + size, 0);
  const facts: readonly (readonly [string, string])[] = [
    [loss(open.loss), w.facts.loss],
    [percent(open.accuracy), w.facts.accuracy],
    [grouped(open.symbols.length), w.facts.characters],
    [grouped(states), w.facts.units],
    [grouped(open.step), w.facts.step],
  ];
  return (
    <>
      <div class="top">
        <h1>{open.spec.name}</h1>
        <span class="sub">{w.sub(grouped(open.step), grouped(open.symbols.length))}</span>
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
      <div class="grid">
        <TextCard open={open} />
        <NextCard open={open} />
        <BrushCard open={open} />
        <CurvesCard open={open} />
        <MeasureCard />
        <UnitsCard />
        <HoldCard open={open} />
      </div>
    </>
  );
}
