// A run while it trains, or after: its state in five numbers, and a card for each thing that can be seen of it.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { isText } from '../../settings/presets.ts';
import { type Current, machine, pause, play, reset, step } from '../../state/trainer.ts';
import { bestOf, flowOf, pointsOf, recentLoss } from '../../training/history.ts';
import { brief, duration, grouped, loss, steps as stepCount, thousands } from '../../words/numbers.ts';
import { Control } from './control.tsx';
import { GateCard } from './gate-card.tsx';
import { LossCard } from './loss-card.tsx';
import { Record } from './record.tsx';
import { RidgeCard } from './ridge-card.tsx';
import { Samples } from './samples.tsx';
import { SlopeCard } from './slope-card.tsx';
import { AskRun, TakeCard } from './take-card.tsx';
import { metricName, metricValue } from '../../words/metric-words.ts';
import { words } from './words.ts';

/** See the top of this file. A card is given what it shows and no more: it is rendered again when that changes, and not with every step. */
export function Live({ now }: { readonly now: Current }) {
  const { spec, status, history, pictures } = now;
  const looked = isLooked(history);
  const started = status.step > 0;
  return (
    <>
      <Head now={now} />
      <Numbers now={now} />
      <div class="grid">
        <LossCard id={spec.id} history={history} points={pointsOf(history)} validations={history.validations} />
        <Samples spec={spec} samples={history.samples} validations={history.validations} pictures={pictures} />
        {looked && (
          <>
            <RidgeCard looks={history.looks} />
            <GateCard look={history.looks.at(-1)} />
            <SlopeCard slopes={history.slopes} />
          </>
        )}
        <Control now={now} span={looked ? 5 : 12} />
        <AskRun spec={spec} started={started} />
        <TakeCard spec={spec} started={started} />
        <Record spec={spec} sha={status.sha} saved={status.saved} skipped={history.skipped} />
      </div>
    </>
  );
}

/** Some tasks have no example that a gradient could be followed through. */
function isLooked({ looks }: Current['history']): boolean {
  const last = looks.at(-1);
  return !last || last.flow.length > 0;
}

function Head({ now: { spec, status } }: { readonly now: Current }) {
  const w = words.value;
  const { cell, numLayers, hiddenSize, steps } = spec.settings;
  const left = status.stepsPerSecond ? (steps - status.step) / status.stepsPerSecond : null;
  const early = status.step < steps ? w.stoppedEarly(spec.settings.patience) : w.finished;
  const ends = status.phase === 'finished' ? early : left === null ? null : w.left(duration(left));
  const sub = w.sub(cell.toUpperCase(), numLayers, hiddenSize, grouped(spec.parameters));
  return (
    <div class="top">
      <h1>{spec.name}</h1>
      <span class="sub">{status.phase === 'watching' ? w.watching : ends ? `${sub} · ${ends}` : sub}</span>
      <Transport phase={status.phase} started={status.step > 0} />
    </div>
  );
}

function Transport({ phase, started }: { readonly phase: Current['status']['phase']; readonly started: boolean }) {
  const w = words.value;
  const idle = phase === 'paused';
  return (
    <div class="transport">
      <button type="button" disabled={!idle && phase !== 'training'} onClick={() => void step()}>
        {w.step}
      </button>
      <button
        type="button"
        disabled={!started || phase === 'watching'}
        onClick={() => confirm(w.resetSure) && void reset()}
      >
        {w.reset}
      </button>
      {phase === 'training' ? (
        <button type="button" class="go" onClick={() => void pause()}>
          {w.pause}
        </button>
      ) : (
        <button type="button" class="go" disabled={!idle} onClick={() => void play()}>
          {phase === 'finished' ? w.finished : started ? w.play : w.go}
        </button>
      )}
    </div>
  );
}

function Numbers({ now: { history, status, spec } }: { readonly now: Current }) {
  const w = words.value;
  const validation = history.validations.at(-1)?.loss;
  const training = recentLoss(history);
  const flow = flowOf(history.looks);
  const text = isText(spec.data.preset);
  const rows: readonly (readonly [value: string, label: string])[] = [
    validation === undefined
      ? [loss(training), text ? w.trainingNow : w.trainingLoss]
      : [loss(validation), text ? w.validationNow : w.validationLoss],
    [grouped(status.step), w.ofSteps(grouped(spec.settings.steps))],
    [
      status.speed === null ? '–' : thousands(status.speed),
      w.speed(text ? 'characters' : 'targets', machine.value?.threads ?? 1),
    ],
    ...(isLooked(history)
      ? ([
          [flow ? `${brief(flow.factor)}×` : '–', w.factor],
          [flow ? (flow.halfLife === null ? w.noHalf : w.steps(stepCount(flow.halfLife))) : '–', w.halfLife],
        ] as const)
      : measuredLast(history)),
  ];
  return (
    <>
      <dl class="figures" aria-label={w.now}>
        {rows.map(([value, label]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Spoken step={status.step} loss={bestOf(history)?.loss ?? training} />
    </>
  );
}

/** Two of the metrics of the last validation, where no gradient is followed. */
function measuredLast({ validations }: Current['history']): (readonly [value: string, label: string])[] {
  const found = Object.entries(validations.at(-1)?.metrics ?? {}).slice(-2);
  return found.map(([name, value]) => [metricValue(name, value), metricName(name)]);
}

/** The loss for a screen reader, at most every five seconds. */
function Spoken({ step: at, loss: value }: { readonly step: number; readonly loss: number | null }) {
  const text = useSignal('');
  const latest = useSignal({ at, value });
  latest.value = { at, value };
  useEffect(() => {
    const timer = setInterval(() => {
      const { at, value } = latest.peek();
      text.value = words.peek().live(grouped(at), loss(value));
    }, 5000);
    return () => clearInterval(timer);
  }, []);
  return (
    <p class="visually-hidden" aria-live="polite">
      {text.value}
    </p>
  );
}
