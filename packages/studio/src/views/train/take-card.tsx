// The run as something to take away: files, the command that measures it, and a program that loads it. And the network itself, to be asked.

import { useSignal } from '@preact/signals';
import '../../asking/ask.css';
import { currentId, currentStep } from '../../state/trainer.ts';
import { ask, asked, openToAsk, take, taking } from '../../state/take.ts';
import { evalCommand } from '../../take/eval-command.ts';
import { snippetOf } from '../../take/snippet.ts';
import { fileNameOf, takeKinds } from '../../take/taken.ts';
import { taskOfKind } from '../../take/tasks.ts';
import type { OpenedAbout } from '../../opening/opened.ts';
import type { RunSpec } from '../../training/spec.ts';
import { lazy } from '../../ui/lazy.tsx';
import { grouped } from '../../words/numbers.ts';
import { takeWords } from './take-words.ts';

/** Loaded when a network is asked for the first time. */
const AskCard = lazy(async () => (await import('../../asking/ask-card.tsx')).AskCard);

interface TakeProps {
  readonly spec: RunSpec;
  /** Whether it has taken a step, or was opened as it is. */
  readonly started: boolean;
}

/** See the top of this file. `opened`: it was not trained here, and there is nothing to measure it on. */
export function TakeCard({ spec, started, opened }: TakeProps & { readonly opened?: OpenedAbout }) {
  const w = takeWords.value;
  const where = useSignal<'node' | 'page'>('node');
  const root = fileNameOf(spec.name);
  const { kind } = spec.data;
  const task = opened ? opened.task : taskOfKind(kind);
  const file = kind === 'memory' ? null : kind === 'text' ? 'validation.txt' : 'validation.csv';
  const measured = !opened && (kind !== 'text' || spec.settings.validation > 0);
  return (
    <section class="card span-12 take">
      <h2>{w.title}</h2>
      <p class="say">{w.say}</p>
      <ul class="take-list">
        {takeKinds.map((one) => (
          <li key={one}>
            <button type="button" disabled={taking.value !== null || !started} onClick={() => void take(spec.id, one)}>
              {taking.value === one ? w.making : w.kinds[one]}
            </button>
            <span>{w.kindSay[one]}</span>
          </li>
        ))}
      </ul>
      {measured && (
        <>
          <p class="say">{w.measure}</p>
          <Code text={evalCommand(root, file)} />
        </>
      )}
      {task && (
        <>
          <div class="code-head">
            <p class="say">{w.load}</p>
            {(['node', 'page'] as const).map((one) => (
              <button
                key={one}
                class="quiet"
                type="button"
                aria-pressed={where.value === one}
                onClick={() => {
                  where.value = one;
                }}
              >
                {w.where[one]}
              </button>
            ))}
          </div>
          <Code text={snippetOf(root, task, where.value, '…')} />
        </>
      )}
    </section>
  );
}

/** Lines of a program or a command, to be copied. */
function Code({ text }: { readonly text: string }) {
  const w = takeWords.value;
  const copied = useSignal(false);
  return (
    <div class="code">
      <pre tabIndex={0}>{text.trimEnd()}</pre>
      <button
        class="quiet"
        type="button"
        onClick={() =>
          void navigator.clipboard.writeText(text).then(() => {
            copied.value = true;
          })
        }
      >
        {copied.value ? w.copied : w.copy}
      </button>
    </div>
  );
}

/** A button that opens the network as it is, and then the card to ask it. */
export function AskRun({ spec, started }: TakeProps) {
  const w = takeWords.value;
  const opening = useSignal(false);
  const now = asked.value?.id === spec.id ? asked.value : null;
  if (spec.data.kind === 'memory' || !started) return null;
  const open = async () => {
    opening.value = true;
    await openToAsk(spec.id);
    opening.value = false;
  };
  if (!now)
    return (
      <section class="card span-12">
        <h2>{w.ask}</h2>
        <p class="say">{w.askSay}</p>
        <button type="button" disabled={opening.value} onClick={() => void open()}>
          {opening.value ? w.making : w.askOpen}
        </button>
      </section>
    );
  return (
    <>
      <AskCard key={now.id} about={now.about} ask={ask} examples={now.examples} />
      <AskNewer id={spec.id} step={now.step} open={open} />
    </>
  );
}

interface AskNewerProps {
  readonly id: string;
  readonly step: number;
  readonly open: () => Promise<void>;
}

/** Says that the run has gone on since the network was opened, where it has. */
function AskNewer({ id, step, open }: AskNewerProps) {
  const w = takeWords.value;
  if (currentId.value !== id || currentStep.value === step) return null;
  return (
    <p class="say span-12">
      {w.askedAt(grouped(step))}{' '}
      <button class="link" type="button" onClick={() => void open()}>
        {w.askNewer}
      </button>
    </p>
  );
}
