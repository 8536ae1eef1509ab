// A classifier of clips in front of the camera: the last frames are a clip, which it is asked about again and again. What it answers stands in the order of
// the labels, so that bars grow and shrink in their places.

import { useComputed, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { CameraBox } from '../camera/camera-box.tsx';
import { useCamera } from '../camera/use-camera.ts';
import { clipImage, clipOf } from '../data/frames.ts';
import { grouped, percent } from '../words/numbers.ts';
import { Scores } from './answers.tsx';
import { askWords } from './ask-words.ts';
import type { Answer, Askable, Question, Scored } from './protocol.ts';

interface LiveProps {
  readonly size: number;
  readonly clip: NonNullable<Askable['clip']>;
  readonly ask: (question: Question) => Promise<Answer>;
}

const leastPause = 120; // ms between two questions; as long as an answer took, where that is longer
const spokenEvery = 2000; // ms

/** See the top of this file. */
export function Live({ size, clip: { frames: count, rate }, ask }: LiveProps) {
  const w = askWords.value;
  const used = useCamera(size);
  const scores = useSignal<readonly Scored[]>([]);
  const perSecond = useSignal(0);
  const problem = useSignal<string | null>(null);
  const camera = useComputed(() => (used.state.value.kind === 'on' ? used.state.value.camera : null)).value;
  useEffect(() => used.turnOn(), []);
  useEffect(() => {
    if (!camera) {
      scores.value = [];
      return undefined;
    }
    let frames: Uint8Array[] = [];
    let [ended, fresh] = [false, 0];
    const end = camera.follow(rate, (frame) => {
      frames = [...frames, frame].slice(-count);
      fresh++;
    });
    const loop = async () => {
      let smooth = 0;
      while (!ended) {
        const begun = performance.now();
        if (frames.length === count && fresh > 0) {
          fresh = 0;
          const answer = await ask({ picture: clipImage(clipOf(frames), size), all: true });
          if (ended || answer.kind !== 'labels') return;
          scores.value = answer.scores.toSorted((a, b) => (a.label < b.label ? -1 : 1));
        }
        await new Promise((done) => setTimeout(done, Math.max(leastPause, performance.now() - begun)));
        smooth = 0.8 * smooth + 0.2 * (performance.now() - begun);
        perSecond.value = scores.peek().length > 0 ? Math.round(10_000 / (5 * smooth)) / 2 : 0;
      }
    };
    problem.value = null;
    loop().catch((error: Error) => {
      if (!ended) problem.value = error.message;
    });
    return () => {
      ended = true;
      end();
    };
  }, [camera, ask]);
  const best = scores.value.reduce<Scored | null>((a, b) => (a && a.score >= b.score ? a : b), null);
  return (
    <div class="live">
      <CameraBox used={used} />
      <div>
        <p class="say">{w.liveSay(grouped(count), grouped(Math.round((10 * count) / rate) / 10))}</p>
        {problem.value !== null && (
          <div class="problem" role="alert">
            <p>{w.refused}</p>
            <p lang="en">{problem.value}</p>
          </div>
        )}
        {best ? (
          <>
            <p class="live-best">
              <b>{best.label}</b> {percent(best.score)}
            </p>
            <Scores scores={scores.value} best={best.label} />
            <p class="say">{w.liveRate(grouped(perSecond.value))}</p>
          </>
        ) : (
          camera && problem.value === null && <p class="say">{w.liveBegins}</p>
        )}
        <Spoken label={best?.label ?? ''} />
      </div>
    </div>
  );
}

/** The label for a screen reader, when it has changed, and not more often than can be listened to. */
function Spoken({ label }: { readonly label: string }) {
  const spoken = useSignal('');
  const latest = useSignal(label);
  latest.value = label;
  useEffect(() => {
    const timer = setInterval(() => (spoken.value = latest.peek()), spokenEvery);
    return () => clearInterval(timer);
  }, []);
  return (
    <p class="visually-hidden" aria-live="polite">
      {spoken.value}
    </p>
  );
}
