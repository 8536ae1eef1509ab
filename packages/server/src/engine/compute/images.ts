// Image files of requests: sharp where it is installed, a few at a time, and none with more pixels than the limit, which is looked up in its header.

import { FormatError } from 'unrolled';
import { type ImageDecoder, sharpDecoder, type SharpLike } from 'unrolled/pipelines';

const atOnce = 2;

/** Null where sharp is not installed: then pixels alone are images. */
export async function boundedDecoder(pixels: number): Promise<ImageDecoder | null> {
  const name = 'sharp'; // not written in the import: it need not be there
  const sharp = await import(name).then(
    (module: { default: SharpLike }) => module.default,
    () => null,
  );
  if (!sharp) return null;
  const decode = sharpDecoder(sharp);
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (image, contract, source) => {
    while (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    running++;
    try {
      if (image instanceof Uint8Array) {
        const { width = 0, height = 0 } = await sharp(image, { limitInputPixels: false })
          .metadata()
          .catch(() => ({ width: 0, height: 0 }));
        if (width * height > pixels)
          throw new FormatError(source, `is too large: ${width} × ${height} pixels, at most ${pixels} are read`);
      }
      return await decode(image, contract, source);
    } finally {
      running--;
      waiting.shift()?.();
    }
  };
}
