// What the network writes, from its first steps to now.

import type { Current } from '../../state/trainer.ts';
import { Figure } from '../../ui/figure.tsx';
import { grouped } from '../../words/numbers.ts';
import { words } from './words.ts';

/** See the top of this file. */
export function Samples({ now: { history } }: { readonly now: Current }) {
  const w = words.value;
  const { samples } = history;
  const shown = samples.slice(-4);
  return (
    <Figure
      title={w.samples}
      say={samples.length > 0 ? w.samplesSay : w.samplesNone}
      span={5}
      table={() => ({ head: [w.step1, w.samples], rows: samples.map(({ step, text }) => [step, text]) })}
    >
      <ol class="samples">
        {shown.map(({ step, text }, k) => (
          <li key={step} class={k === shown.length - 1 ? 'sample newest' : 'sample'}>
            <small>{w.atStep(grouped(step))}</small>
            <span>{k === shown.length - 1 ? text : text.slice(0, 80).replaceAll('\n', '↵')}</span>
          </li>
        ))}
      </ol>
    </Figure>
  );
}
