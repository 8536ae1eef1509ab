// A color over an image, as strong as a smoothed map says.

import { useEffect, useRef } from 'preact/hooks';
import { color, isDark } from '../ui/scheme.ts';
import { smoothed } from './smoothed.ts';

interface SurfaceProps {
  readonly map: readonly (readonly number[])[];
  /** How much of the color there is for a weight, 0 to 1. */
  readonly opacityOf: (weight: number) => number;
  /** The name of the color's variable. */
  readonly ink: string;
  readonly size: number;
}

/** See the top of this file. */
export function Surface({ map, opacityOf, ink, size }: SurfaceProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = ref.current?.getContext('2d');
    if (!context) return;
    const weights = smoothed(map, size, size);
    context.fillStyle = color(ink);
    context.fillRect(0, 0, size, size);
    const pixels = context.getImageData(0, 0, size, size);
    for (let k = 0; k < weights.length; k++) pixels.data[4 * k + 3] = Math.round(255 * opacityOf(weights[k]));
    context.putImageData(pixels, 0, 0);
  }, [map, ink, size, isDark.value]);
  return <canvas class="surface" ref={ref} width={size} height={size} />;
}
