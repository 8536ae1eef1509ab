// The camera of a part of the page: off when the part goes, and when the tab is hidden.

import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { Camera, type CameraProblem, cameraProblemOf, mayHaveCamera } from './camera.ts';

export type CameraState =
  | { readonly kind: 'off'; readonly problem: CameraProblem | null }
  /** The browser asks the user. */
  | { readonly kind: 'asking' }
  | { readonly kind: 'on'; readonly camera: Camera };

export interface UsedCamera {
  readonly state: ReadonlySignal<CameraState>;
  readonly turnOn: () => void;
  readonly turnOff: () => void;
}

/** A camera that gives frames of `size` × `size`; off at first. */
export function useCamera(size: number): UsedCamera {
  const state = useSignal<CameraState>({ kind: 'off', problem: null });
  const used = useMemo(() => {
    let asking = new AbortController();
    const off = (problem: CameraProblem | null) => {
      asking.abort(); // what is answered after it was turned off is no more wanted
      if (state.peek().kind === 'off' && problem === null) return;
      const now = state.peek();
      if (now.kind === 'on') now.camera.stop();
      state.value = { kind: 'off', problem };
    };
    const open = async () => {
      if (state.peek().kind !== 'off') return;
      if (!mayHaveCamera()) return off('insecure');
      const { signal } = (asking = new AbortController());
      state.value = { kind: 'asking' };
      try {
        const camera = await Camera.open(size, signal, () => signal.aborted || off('ended'));
        if (signal.aborted) return camera.stop();
        state.value = { kind: 'on', camera };
        if (document.visibilityState === 'hidden') off('hidden');
      } catch (error) {
        if (!signal.aborted) off(cameraProblemOf(error));
      }
      return undefined;
    };
    return { state, turnOn: () => void open(), turnOff: () => off(null), off };
  }, []);
  useEffect(() => {
    const change = () => {
      if (document.visibilityState === 'hidden' && state.peek().kind === 'on') used.off('hidden');
    };
    document.addEventListener('visibilitychange', change);
    return () => {
      document.removeEventListener('visibilitychange', change);
      used.off(null);
    };
  }, []);
  return used;
}
