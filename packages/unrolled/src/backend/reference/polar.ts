// Complex numbers from modulus and angle, for layers that have one for each of their units.

import type { Storage } from '../storage.ts';

export function polar(y: Storage, r: Storage, phase: Storage): void {
  const H = r.length;
  for (let j = 0; j < H; j++) {
    y.array[j] = r.array[j] * Math.cos(phase.array[j]);
    y.array[H + j] = r.array[j] * Math.sin(phase.array[j]);
  }
}

export function polarBackward(dr: Storage, dPhase: Storage, dy: Storage, y: Storage, phase: Storage): void {
  const H = phase.length;
  for (let j = 0; j < H; j++) {
    const [re, im] = [dy.array[j], dy.array[H + j]];
    dr.array[j] = re * Math.cos(phase.array[j]) + im * Math.sin(phase.array[j]);
    dPhase.array[j] = im * y.array[j] - re * y.array[H + j]; // d(r cos φ)/dφ = −r sin φ
  }
}
