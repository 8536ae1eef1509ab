// A card to ask a trained network: a form for what its task needs, and its answer with what explains it.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { parseDecimal, type RawImage } from 'unrolled/data';
import { Pixels } from '../charts/pixels.tsx';
import { lazy } from '../ui/lazy.tsx';
import { grouped } from '../words/numbers.ts';
import { askWords } from './ask-words.ts';
import { firstFrame, pictureOf } from '../data/picture.ts';
import type { Askable, Question, Answer } from './protocol.ts';
import { AnswerView } from './answers.tsx';

/** Loaded when the camera is asked for. */
const Live = lazy(async () => (await import('./live.tsx')).Live);

interface AskProps {
  readonly about: Askable;
  readonly ask: (question: Question) => Promise<Answer>;
  /** Questions to begin with: the first is asked at once. */
  readonly examples: readonly Question[];
}

/** See the top of this file. */
export function AskCard({ about, ask, examples }: AskProps) {
  const w = askWords.value;
  const question = useSignal<Question>(examples[0] ?? {});
  const rows = useSignal(rowsText(examples[0]));
  const answered = useSignal<{ readonly question: Question; readonly answer: Answer } | null>(null);
  const problem = useSignal<{ readonly row: number } | { readonly message: string } | null>(null);
  const busy = useSignal(false);
  const live = useSignal(false);
  const put = async (asked: Question) => {
    busy.value = true;
    problem.value = null;
    try {
      answered.value = { question: asked, answer: await ask(asked) };
    } catch (error) {
      problem.value = { message: (error as Error).message };
    } finally {
      busy.value = false;
    }
  };
  useEffect(() => {
    if (examples.length > 0) void put(question.peek()); // of a newer network, what was asked of the last one
  }, [about]);
  const choose = (example: Question) => {
    question.value = example;
    rows.value = rowsText(example);
    void put(example);
  };
  const isText = about.task === 'text-generation';
  const unasked = about.task === 'tensors' || about.task === 'time-series-classification';
  const submit = () => {
    if (!about.series) return put({ ...question.value, seed: (question.value.seed ?? 0) + 1 });
    const read = readRows(rows.value, about.series.columns.length);
    if (typeof read === 'number') {
      problem.value = { row: read };
      return undefined;
    }
    const same = rows.value === rowsText(question.value);
    return put({ rows: read, after: same ? question.value.after : [] });
  };
  const change = (more: Question) => {
    question.value = { ...question.value, ...more };
  };
  return (
    <section class="card span-12 ask">
      <h2>{w.title}</h2>
      <p class="say">{w.says[about.task]}</p>
      {!unasked && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
            if (isText) change({ seed: (question.value.seed ?? 0) + 1 });
          }}
        >
          {examples.length > 1 && <Examples about={about} examples={examples} choose={choose} />}
          <div class="ask-row">
            {about.picture && (
              <PictureField
                size={about.picture}
                picture={question.value.picture}
                take={(picture) => change({ picture })}
              />
            )}
            {about.series ? (
              <label class="ask-text">
                <span>{w.numbers}</span>
                <textarea value={rows.value} onInput={(event) => (rows.value = event.currentTarget.value)} />
              </label>
            ) : (
              needsText(about) && (
                <label class="ask-text">
                  <span>{isText ? w.prompt : about.picture ? w.question : w.text}</span>
                  <input
                    value={question.value.text ?? ''}
                    maxLength={2000}
                    onInput={(event) => change({ text: event.currentTarget.value })}
                  />
                </label>
              )
            )}
            {isText && (
              <label class="ask-number">
                <span>{w.temperature}</span>
                <input
                  type="number"
                  min={0.1}
                  max={3}
                  step={0.1}
                  value={question.value.temperature ?? 0.8}
                  onChange={(event) => change({ temperature: event.currentTarget.valueAsNumber || 0.8 })}
                />
              </label>
            )}
            <button class="go" type="submit" disabled={busy.value}>
              {isText && answered.value ? w.again : w.ask}
            </button>
            {about.clip && (
              <button type="button" aria-pressed={live.value} onClick={() => (live.value = !live.value)}>
                {w.live}
              </button>
            )}
          </div>
        </form>
      )}
      {about.clip && about.picture && live.value && <Live size={about.picture.width} clip={about.clip} ask={ask} />}
      {problem.value && (
        <div class="problem" role="alert">
          {'row' in problem.value ? (
            <p>{w.badRow(grouped(problem.value.row), grouped(about.series?.columns.length ?? 0))}</p>
          ) : (
            <>
              <p>{w.refused}</p>
              <p class="detail" lang="en">
                {problem.value.message}
              </p>
            </>
          )}
        </div>
      )}
      <div aria-live="polite" aria-busy={busy.value}>
        {busy.value && !answered.value && <p class="say">{w.asking}</p>}
        {answered.value && <AnswerView {...answered.value} />}
      </div>
    </section>
  );
}

const needsText = ({ task }: Askable) => task !== 'image-to-text' && task !== 'video-classification';

function Examples({
  about,
  examples,
  choose,
}: {
  readonly about: Askable;
  readonly examples: readonly Question[];
  readonly choose: (example: Question) => void;
}) {
  const w = askWords.value;
  return (
    <ul class="examples" aria-label={w.examples}>
      {examples.map((example, k) => (
        <li key={k}>
          <button type="button" onClick={() => choose(example)}>
            {about.picture && example.picture && (
              <Pixels picture={firstFrame(example.picture)} label={w.example(grouped(k + 1))} />
            )}
            {about.series ? w.example(grouped(k + 1)) : shortened(example.text ?? '')}
          </button>
        </li>
      ))}
    </ul>
  );
}

function PictureField({
  size,
  picture,
  take,
}: {
  readonly size: { readonly height: number; readonly width: number };
  readonly picture: RawImage | undefined;
  readonly take: (picture: RawImage) => void;
}) {
  const w = askWords.value;
  return (
    <div class="ask-picture">
      {picture && <Pixels picture={firstFrame(picture)} label={w.picture} />}
      <label class="button file">
        {w.choosePicture}
        <input
          type="file"
          accept="image/*"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file) void pictureOf(file, size.width).then((found) => found && take(found));
          }}
        />
      </label>
    </div>
  );
}

const shortened = (text: string) => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

const rowsText = (question: Question | undefined): string =>
  (question?.rows ?? []).map((row) => row.map((value) => String(Number(value.toPrecision(3)))).join(' ')).join('\n');

/** Rows of `count` numbers, or the number of the first row that has others. */
function readRows(text: string, count: number): number[][] | number {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const rows = lines.map((line) =>
    line
      .trim()
      .split(/[\s,;]+/)
      .map(parseDecimal),
  );
  const wrong = rows.findIndex((row) => row.length !== count || row.some((value) => !Number.isFinite(value)));
  return wrong < 0 ? rows : wrong + 1;
}
