// What a camera sees, in the square that is read of it, and the button that turns it on and off.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import './camera.css';
import { cameraWords } from './camera-words.ts';
import type { UsedCamera } from './use-camera.ts';

interface CameraBoxProps {
  readonly used: UsedCamera;
  /** What stands over the image. */
  readonly children?: ComponentChildren;
}

/** See the top of this file. */
export function CameraBox({ used, children }: CameraBoxProps) {
  const w = cameraWords.value;
  const box = useRef<HTMLDivElement>(null);
  const state = used.state.value;
  const camera = state.kind === 'on' ? state.camera : null;
  useEffect(() => {
    if (camera) box.current?.append(camera.video);
  }, [camera]);
  const problem = state.kind === 'off' ? state.problem : null;
  const alarming = problem !== null && problem !== 'hidden';
  return (
    <div class="camera">
      <div class="camera-view">
        <div ref={box} role={camera ? 'img' : undefined} aria-label={camera ? w.preview : undefined} />
        {!camera && <p class="camera-off">{state.kind === 'asking' ? w.asking : w.isOff}</p>}
        {children}
      </div>
      <button
        type="button"
        disabled={state.kind === 'asking'}
        onClick={() => (state.kind === 'on' ? used.turnOff() : used.turnOn())}
      >
        {state.kind === 'on' ? w.turnOff : w.turnOn}
      </button>
      <div role="status">{problem && <p class={alarming ? 'problem' : 'say'}>{w.problems[problem]}</p>}</div>
    </div>
  );
}
