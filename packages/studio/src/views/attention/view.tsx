// Attention: where a translator, a captioner or a reader of questions looks, and what follows when it looks elsewhere.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { DataKind } from '../../data/dataset.ts';
import { parameters } from '../../state/address.ts';
import {
  asked,
  attended,
  attention,
  choose,
  type OpenAttention,
  openAttention,
  opening,
} from '../../state/attention.ts';
import { currentId, currentKind } from '../../state/trainer.ts';
import { NoRun } from '../no-run.tsx';
import { grouped } from '../../words/numbers.ts';
import { AnswersCard, BeamCard, MapsCard, MatrixCard, WeightsCard } from './cards.tsx';
import { words } from './words.ts';
import '../inside/inside.css';
import './attention.css';

/** Data whose networks may attend to something. */
const attentiveKinds: readonly DataKind[] = ['pairs', 'captions', 'questions'];

export function Attention() {
  const w = words.value;
  const id = parameters.value.get('run');
  const ready = currentId.value === id;
  const kind = currentKind.value;
  const attends = kind !== undefined && attentiveKinds.includes(kind);
  const open = attention.value;
  useEffect(() => {
    if (id !== undefined && ready && attends && attention.peek()?.spec.id !== id) void openAttention(id);
  }, [id, ready, attends]);
  const none = (ready && !attends) || (open?.spec.id === id && !open?.examples);
  if (id === undefined || none)
    return (
      <NoRun
        title={w.title}
        say={id === undefined ? w.noRun : w.none}
        kinds={attentiveKinds}
        examples={['dates', 'scenes', 'questions']}
      />
    );
  if (!open || open.spec.id !== id || !open.examples)
    return (
      <div class="top">
        <h1>{w.title}</h1>
        <p class="sub intro" role="status">
          {w.opening}
        </p>
      </div>
    );
  return <Opened open={open} examples={open.examples} />;
}

interface OpenedProps {
  readonly open: OpenAttention;
  readonly examples: NonNullable<OpenAttention['examples']>;
}

function Opened({ open, examples }: OpenedProps) {
  const w = words.value;
  const now = attended.value;
  const verdict = !now
    ? ''
    : now.target === null
      ? w.written(now.text)
      : now.target === now.text
        ? w.correct(now.text)
        : w.wrong(now.text, now.target);
  return (
    <>
      <div class="top">
        <h1>{open.spec.name}</h1>
        <span class="sub">{w.sub(grouped(open.step))}</span>
        <div class="transport">
          <button type="button" disabled={opening.value} onClick={() => void openAttention(open.spec.id)}>
            {w.again}
          </button>
        </div>
      </div>
      <Choice examples={examples} />
      {now && now.steps.length > 0 ? (
        <>
          <p class="attention-output" role="status">
            {verdict}
          </p>
          <div class="grid">
            {now.kind === 'translation' ? <MatrixCard now={now} /> : <MapsCard now={now} />}
            <WeightsCard now={now} />
            <AnswersCard now={now} />
            <BeamCard />
          </div>
        </>
      ) : (
        <p class="say" role="status">
          {examples.names.length === 0 ? w.empty : w.opening}
        </p>
      )}
    </>
  );
}

/** The example that is looked at, or a source of one's own. */
function Choice({ examples }: { readonly examples: OpenedProps['examples'] }) {
  const w = words.value;
  const text = useSignal('');
  return (
    <form
      class="own-text attention-choice"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.value.trim() !== '') choose(asked.value.index, text.value.trim());
      }}
    >
      <label for="attention-example">{w.example}</label>
      <select
        id="attention-example"
        value={String(asked.value.index)}
        onChange={(event) => choose(event.currentTarget.selectedIndex)}
      >
        {examples.names.map((name, k) => (
          <option key={k} value={String(k)}>
            {name}
          </option>
        ))}
      </select>
      {examples.readsOwn && (
        <>
          <label for="attention-own">{w.own[examples.kind]}</label>
          <input
            id="attention-own"
            value={text.value}
            maxLength={200}
            onInput={(event) => {
              text.value = event.currentTarget.value;
            }}
          />
          <button type="submit" disabled={text.value.trim() === ''}>
            {w.read}
          </button>
        </>
      )}
    </form>
  );
}
