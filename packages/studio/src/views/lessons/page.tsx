// One lesson: its question, a guess to make, the experiment, what it shows, and where to go on.

import { useEffect } from 'preact/hooks';
import type { LessonIntroduction } from 'unrolled/lessons';
import {
  cancelLesson,
  explored,
  guess,
  guesses,
  introductions,
  measureLesson,
  measuring,
  report,
  tellLesson,
} from '../../state/lessons.ts';
import { Link } from '../link.tsx';
import { Prose } from '../../ui/prose.tsx';
import { language } from '../../words/catalogue.ts';
import { percent } from '../../words/numbers.ts';
import { LessonCard, numberOf } from './figures.tsx';
import { Handles } from './handles.tsx';
import { opensOf } from './opens.ts';
import { words } from './words.ts';

/** See the top of this file. */
export function LessonPage({ lesson }: { readonly lesson: LessonIntroduction }) {
  const w = words.value;
  const all = introductions.value ?? [];
  const at = all.findIndex(({ name }) => name === lesson.name);
  const told = report.value?.name === lesson.name ? report.value : null;
  useEffect(() => {
    explored.value = null;
    void tellLesson(lesson.name);
    document.getElementById('main')?.scrollIntoView();
  }, [lesson.name, language.value]);
  return (
    <article class="lesson">
      <p class="crumb">
        <Link to={{ lesson: null }}>{w.list}</Link> · {w.number(String(at + 1), String(all.length))}
      </p>
      <h1>{lesson.title}</h1>
      <p class="question">
        <Prose text={lesson.question} />
      </p>
      <Guess lesson={lesson} answer={told?.answer ?? null} />
      <section class="card span-12">
        <h2>{w.experiment}</h2>
        <p class="prose">
          <Prose text={lesson.experiment} />
        </p>
        <Run lesson={lesson} measured={told !== null} />
      </section>
      {told && (
        <>
          <div class="lesson-figures">
            {told.figures.map((figure, k) => (
              <LessonCard key={k} figure={figure} n={numberOf(told.figures, k)} />
            ))}
          </div>
          <Sentences title={w.shows} lines={told.shows} />
          <Sentences title={w.limits} lines={told.limits} />
        </>
      )}
      <Handles key={lesson.name} name={lesson.name} />
      {told && lesson.commands.length > 0 && (
        <section class="card span-12">
          <h2>{w.commands}</h2>
          <pre class="lesson-text" tabIndex={0}>
            {lesson.commands.join('\n')}
          </pre>
        </section>
      )}
      <nav class="lesson-nav" aria-label={w.goOn}>
        {at > 0 && (
          <Link to={{ lesson: all[at - 1].name }}>
            {w.previous}: {all[at - 1].title}
          </Link>
        )}
        {at + 1 < all.length && (
          <Link to={{ lesson: all[at + 1].name }}>
            {w.next}: {all[at + 1].title}
          </Link>
        )}
        <Link to={{ ...opensOf(lesson.name).address, lesson: null }}>{opensOf(lesson.name).label()}</Link>
      </nav>
    </article>
  );
}

interface GuessProps {
  readonly lesson: LessonIntroduction;
  readonly answer: number | null;
}

/** The choices, and after the experiment which of them it shows. */
function Guess({ lesson, answer }: GuessProps) {
  const w = words.value;
  const chosen = guesses.value.get(lesson.name);
  const verdict =
    answer === null || chosen === undefined ? null : chosen === answer ? w.right : w.wrong(lesson.choices[answer]);
  return (
    <section class="card span-12 guess">
      <h2>{w.guess}</h2>
      <fieldset disabled={answer !== null}>
        <legend>
          <Prose text={lesson.prediction} />
        </legend>
        {lesson.choices.map((choice, k) => (
          <label key={choice} class={answer === k ? 'answer' : ''}>
            <input
              type="radio"
              name={`guess-${lesson.name}`}
              checked={chosen === k}
              onChange={() => guess(lesson.name, k)}
            />
            <span>
              {answer === k ? '✓ ' : ''}
              <Prose text={choice} />
            </span>
          </label>
        ))}
      </fieldset>
      <p class="say" role="status">
        {verdict ?? (chosen === undefined ? w.guessFirst : w.guessed)}
      </p>
    </section>
  );
}

function Run({ lesson, measured }: { readonly lesson: LessonIntroduction; readonly measured: boolean }) {
  const w = words.value;
  const now = measuring.value;
  if (now?.name === lesson.name)
    return (
      <div class="run-row">
        <progress max={1} value={now.part} aria-label={w.running(percent(now.part))} />
        <span>{w.running(percent(now.part))}</span>
        <button type="button" onClick={cancelLesson}>
          {w.cancel}
        </button>
      </div>
    );
  return (
    <div class="run-row">
      <button
        type="button"
        class={measured ? '' : 'go'}
        disabled={now !== null || !guesses.value.has(lesson.name)}
        onClick={() => void measureLesson(lesson.name)}
      >
        {measured ? w.again : w.run}
      </button>
    </div>
  );
}

function Sentences({ title, lines }: { readonly title: string; readonly lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <section class="card span-12 sentences">
      <h2>{title}</h2>
      {lines.map((line) => (
        <p key={line}>
          <Prose text={line} />
        </p>
      ))}
    </section>
  );
}
