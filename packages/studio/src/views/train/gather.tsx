// Clips that are recorded with the camera, class by class, and looked through: to be named, counted, deleted and saved.

import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { CameraBox } from '../../camera/camera-box.tsx';
import type { Camera } from '../../camera/camera.ts';
import { Recorder } from '../../camera/recorder.ts';
import { useCamera } from '../../camera/use-camera.ts';
import { type GatheredClass, gatheredLimits, lackOf, recorded } from '../../own/gathered.ts';
import { imageSize } from '../../own/given.ts';
import {
  addClass,
  addClip,
  amount,
  begin,
  classes,
  full,
  recording,
  removeClass,
  renameClass,
  saveClips,
} from '../../state/gathered.ts';
import { Prose } from '../../ui/prose.tsx';
import { grouped } from '../../words/numbers.ts';
import { Clips } from './clips.tsx';
import './gather.css';
import { gatherWords } from '../../own/gather-words.ts';

const [burst, countdown] = [10, 3]; // clips, seconds

/** See the top of this file. `cameraAsked` tells whether the camera is to be turned on, which happens when it was asked for and not at every return. */
export function Gather({ cameraAsked }: { readonly cameraAsked: () => boolean }) {
  const w = gatherWords.value;
  const used = useCamera(imageSize);
  const recorder = useMemo(() => new Recorder(recorded), []);
  const saving = useSignal(false);
  useEffect(() => {
    begin();
    if (cameraAsked()) used.turnOn();
    const end = recorder.now.subscribe((now) => {
      recording.value = now !== null;
    });
    return () => {
      recorder.stop();
      end();
    };
  }, []);
  const camera = useComputed(() => (used.state.value.kind === 'on' ? used.state.value.camera : null)).value;
  useEffect(() => {
    if (!camera) recorder.stop();
  }, [camera]);
  return (
    <section class="gather" aria-labelledby="gather-title">
      <h2 id="gather-title">{w.title}</h2>
      <p class="say">{w.say(grouped(recorded.frames))}</p>
      <div class="gather-columns">
        <CameraBox used={used}>
          <Overlay recorder={recorder} />
        </CameraBox>
        <div class="gather-classes">
          <p class="say">{w.holdSay}</p>
          {classes.value.map((one, n) => (
            <Class key={one.id} one={one} n={n + 1} camera={camera} recorder={recorder} />
          ))}
          <div class="gather-foot">
            <button type="button" disabled={recording.value} onClick={addClass}>
              {w.addClass}
            </button>
            <button
              type="button"
              disabled={amount.value === 0 || recording.value || saving.value}
              onClick={() => {
                saving.value = true;
                void saveClips().finally(() => (saving.value = false));
              }}
            >
              {w.save}
            </button>
            <p class="say" role="status">
              {lackText()}
            </p>
          </div>
          {amount.value > 0 && (
            <p class="say">
              <Prose text={w.saveSay} />
            </p>
          )}
        </div>
      </div>
    </section>
  );
}

/** What is too few, or that it is enough. */
function lackText(): string {
  const w = gatherWords.value;
  if (full.value) return w.full(grouped(gatheredLimits.all));
  const lack = lackOf(classes.value);
  if (lack?.what === 'clips') return w.lackClips(lack.label, grouped(lack.count), grouped(lack.least));
  if (lack) return w.lackClasses(grouped(lack.least));
  const begun = classes.value.filter(({ clips }) => clips.length > 0);
  const fewest = begun.reduce((a, b) => (b.clips.length < a.clips.length ? b : a));
  return fewest.clips.length < gatheredLimits.good ? w.few(fewest.label, grouped(gatheredLimits.good)) : w.enough;
}

/** The countdown, or how far a clip is, over the image; and the same in words for a screen reader, clip by clip. */
function Overlay({ recorder }: { readonly recorder: Recorder }) {
  const w = gatherWords.value;
  const now = recorder.now.value;
  const label = classes.value.find(({ id }) => id === now?.id)?.label ?? '';
  const counted = now && now.count !== null ? w.progress(grouped(now.done), grouped(now.count)) : null;
  return (
    <>
      {now && now.countdown > 0 && (
        <p class="gather-count" aria-hidden="true">
          {now.countdown}
        </p>
      )}
      {now && now.countdown === 0 && (
        <p class="gather-recording" aria-hidden="true">
          <span>
            <i /> {w.recordingNow(label)}
            {counted && ` · ${counted}`}
          </span>
          <span class="gather-part" style={{ '--part': `${100 * now.part}%` }} />
        </p>
      )}
      <p class="visually-hidden" role="alert">
        {now && (now.countdown > 0 ? w.startsIn(grouped(now.countdown)) : w.recordingNow(label))}
      </p>
    </>
  );
}

interface ClassProps {
  readonly one: GatheredClass;
  readonly n: number;
  readonly camera: Camera | null;
  readonly recorder: Recorder;
}

function Class({ one, n, camera, recorder }: ClassProps) {
  const w = gatherWords.value;
  const { id, label, clips } = one;
  const refused = useSignal(false);
  const mine = useComputed(() => recorder.now.value?.id === id).value;
  const bursting = useComputed(() => recorder.now.value?.id === id && recorder.now.value.count !== null).value;
  const busy = recording.value && !mine;
  const unready = camera === null || full.value || busy;
  const start = (count: number | null) => {
    if (!camera || full.peek()) return;
    const take = (clip: Uint8Array) => {
      addClip(id, clip);
      return !full.peek();
    };
    recorder.start(camera, { id, count, countdown: count === null ? 0 : countdown, take });
  };
  return (
    <fieldset class="gather-class">
      <legend class="visually-hidden">{label}</legend>
      <div class="gather-head">
        <input
          aria-label={w.name(grouped(n))}
          aria-invalid={refused.value}
          aria-describedby={refused.value ? `gather-taken-${id}` : undefined}
          value={label}
          maxLength={40}
          disabled={recording.value}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.isComposing) return;
            event.preventDefault(); // it takes the name, and does not train
            event.currentTarget.blur();
          }}
          onChange={(event) => {
            refused.value = !renameClass(id, event.currentTarget.value);
          }}
        />
        <span role="status">{w.clips(grouped(clips.length))}</span>
        <button
          type="button"
          class="quiet"
          disabled={recording.value}
          aria-label={w.of(w.removeClass, label)}
          onClick={() => {
            if (clips.length === 0 || confirm(w.removeSure(label, grouped(clips.length)))) removeClass(id);
          }}
        >
          {w.removeClass}
        </button>
      </div>
      {refused.value && (
        <p class="problem" role="alert" id={`gather-taken-${id}`}>
          {w.taken}
        </p>
      )}
      <div class="gather-record">
        <Hold
          text={w.hold}
          label={w.of(w.hold, label)}
          held={mine && !bursting}
          disabled={unready || bursting}
          start={() => start(null)}
          release={() => recorder.release()}
        />
        <button
          type="button"
          aria-label={w.of(bursting ? w.stop : w.burst(grouped(burst)), label)}
          disabled={unready || (mine && !bursting)}
          onClick={() => (bursting ? recorder.stop() : start(burst))}
          onKeyDown={(event) => {
            if (event.key === 'Escape') recorder.stop();
          }}
        >
          {bursting ? w.stop : w.burst(grouped(burst))}
        </button>
      </div>
      {clips.length > 0 && <Clips of={one} />}
    </fieldset>
  );
}

interface HoldProps {
  readonly text: string;
  readonly label: string;
  readonly held: boolean;
  readonly disabled: boolean;
  readonly start: () => void;
  readonly release: () => void;
}

/** A button that is held: with the pointer, with Space or Enter. A click that came from neither, as of a screen reader, is a short press. */
function Hold({ text, label, held, disabled, start, release }: HoldProps) {
  const down = useRef(false);
  const press = () => {
    if (down.current) return;
    down.current = true;
    start();
  };
  const letGo = () => {
    if (!down.current) return;
    down.current = false;
    release();
  };
  const isKey = ({ key }: KeyboardEvent) => key === ' ' || key === 'Enter';
  return (
    <button
      type="button"
      class="gather-hold"
      aria-label={label}
      aria-pressed={held}
      disabled={disabled}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        press();
      }}
      onLostPointerCapture={letGo}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (!isKey(event)) return;
        event.preventDefault(); // no click comes of it
        if (!event.repeat) press();
      }}
      onKeyUp={(event) => isKey(event) && letGo()}
      onBlur={letGo}
      onClick={(event) => {
        if (event.detail !== 0) return; // the pointer has been heard of
        press();
        letGo();
      }}
    >
      {text}
    </button>
  );
}
