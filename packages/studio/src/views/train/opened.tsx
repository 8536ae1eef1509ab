// A run that was not trained here: what it is and where it came from, the network to be asked, and what can be taken away.

import type { RunSummary } from '../../store/runs.ts';
import type { OpenedAbout } from '../../opening/opened.ts';
import { grouped } from '../../words/numbers.ts';
import { askWords } from '../../asking/ask-words.ts';
import { openedWords } from './opened-words.ts';
import { NameForm } from './record.tsx';
import { AskRun, TakeCard } from './take-card.tsx';
import { words } from './words.ts';

/** See the top of this file. */
export function Opened({ run, about }: { readonly run: RunSummary; readonly about: OpenedAbout }) {
  const w = openedWords.value;
  const { spec } = run;
  const { cell, hiddenSize, numLayers } = spec.settings;
  const size = grouped(spec.parameters);
  const what = hiddenSize > 0 ? words.value.sub(cell.toUpperCase(), numLayers, hiddenSize, size) : w.parameters(size);
  return (
    <>
      <div class="top">
        <h1>{spec.name}</h1>
        <span class="sub">{what}</span>
      </div>
      <div class="grid">
        <section class="card span-12 record">
          <h2>{w.title}</h2>
          <p class="say">
            {about.format ? w.fromModel(about.source, about.format) : w.fromRun(about.source)}{' '}
            {about.step !== null && w.atStep(grouped(about.step))} {askWords.value.says[about.task]}
          </p>
          {about.notice && <p class="problem">{about.notice}</p>}
          <NameForm id={spec.id} name={spec.name} />
        </section>
        <AskRun spec={spec} started />
        <TakeCard spec={spec} started opened={about} />
      </div>
    </>
  );
}
