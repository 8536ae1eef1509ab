// An image as the network reads it: enlarged without smoothing.

import { useEffect, useRef } from 'preact/hooks';
import type { RawImage } from 'unrolled/data';

/** See the top of this file. */
export function Pixels({ picture, label }: { readonly picture: RawImage; readonly label?: string }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const { width, height, data } = picture;
  useEffect(() => {
    const context = ref.current?.getContext('2d');
    if (!context) return;
    const pixels = context.createImageData(width, height);
    for (let k = 0; k < width * height; k++) {
      pixels.data.set(data.subarray(3 * k, 3 * k + 3), 4 * k);
      pixels.data[4 * k + 3] = 255;
    }
    context.putImageData(pixels, 0, 0);
  }, [picture]);
  return (
    <canvas
      class="pixels"
      ref={ref}
      width={width}
      height={height}
      style={{ '--ratio': width / height }}
      role={label === undefined ? undefined : 'img'}
      aria-label={label}
    />
  );
}
