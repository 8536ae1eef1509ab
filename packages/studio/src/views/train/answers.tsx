// Predictions about pictures.

import type { RawImage } from 'unrolled/data';
import { Pixels } from '../../charts/pixels.tsx';
import { grouped } from '../../words/numbers.ts';
import { words } from './words.ts';

interface AnswersProps {
  readonly lines: readonly string[];
  readonly pictures: readonly RawImage[];
  readonly step: number;
}

/** Each picture, and what the network says of it. */
export function Answers({ lines, pictures, step }: AnswersProps) {
  return (
    <>
      <p class="at-step">{words.value.atStep(grouped(step))}</p>
      <ul class="answers">
        {pictures.map((picture, k) => (
          <li key={k}>
            <Pixels picture={picture} label={lines[k] ?? ''} />
            <span>{lines[k]}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
