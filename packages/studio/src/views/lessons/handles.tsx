// The handles of a lesson's experiment: sliders, a sentence that follows them, and the figure.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { LessonParameter } from 'unrolled/lessons';
import { explore, explored, handles } from '../../state/lessons.ts';
import { Prose } from '../../ui/prose.tsx';
import { brief } from '../../words/numbers.ts';
import { LessonCard, numberOf } from './figures.tsx';
import { words } from './words.ts';

/** See the top of this file. */
export function Handles({ name }: { readonly name: string }) {
  const w = words.value;
  const list = handles.value;
  const moved = useSignal<Readonly<Record<string, number>>>({});
  const values = Object.fromEntries(list.map((one) => [one.name, moved.value[one.name] ?? one.value]));
  useEffect(() => {
    if (list.length > 0) explore(name, moved.peek());
  }, [name, list]);
  if (list.length === 0) return null;
  const move = ({ name: parameter }: LessonParameter, value: number) => {
    moved.value = { ...values, [parameter]: value };
    explore(name, moved.value);
  };
  const now = explored.value;
  return (
    <section class="card span-12 handles">
      <h2>{w.move}</h2>
      <p class="say">{w.moveSay}</p>
      <div class="handle-rows">
        {list.map((one) => (
          <label key={one.name}>
            <span>
              <span>
                <Prose text={one.label} />
              </span>{' '}
              <b>{brief(values[one.name])}</b>
            </span>
            <input
              type="range"
              min={one.min}
              max={one.max}
              step={one.step}
              value={values[one.name]}
              aria-valuetext={brief(values[one.name])}
              onInput={(event) => move(one, event.currentTarget.valueAsNumber)}
            />
          </label>
        ))}
      </div>
      {now && (
        <>
          <p role="status">
            <Prose text={now.says} />
          </p>
          <div class="lesson-figures">
            {now.figures.map((figure, k) => (
              <LessonCard key={k} figure={figure} n={numberOf(now.figures, k)} part={w.move} />
            ))}
          </div>
        </>
      )}
    </section>
  );
}
