// Images in requests: a data URI in JSON, a file of a form, or the body itself. An address is fetched only from hosts that were allowed by name: a server
// that fetches what strangers name reaches where they cannot.

import * as v from 'valibot';
import { badRequest } from '../http/api-error.ts';
import { readBytes } from '../http/read-body.ts';
import type { ServerLimits } from '../limits.ts';
import { bytesOfBase64 } from './base64.ts';
import type { Call } from './route.ts';

/** An encoded image, as the engine takes it. */
export interface EncodedImage {
  readonly bytes: Uint8Array;
}

/** A data URI, or the bytes that came in a form. */
export const image = (limits: ServerLimits) =>
  v.union([
    v.pipe(
      v.string(),
      v.maxLength(2 * limits.imageBytes, 'the image is too long'),
      v.description('A data URI of a PNG, JPEG, WebP or GIF file.'),
    ),
    v.custom<Uint8Array>((value) => value instanceof Uint8Array, 'expected an image'),
  ]);

/**
 * The images' bytes. Throws an ApiError that names the field. One is read after the other, and what is fetched counts as what is sent: all images of a
 * request have room for `mediaBytes`.
 */
export async function imagesOf(
  call: Call,
  images: readonly (string | Uint8Array)[],
  field: string,
): Promise<EncodedImage[]> {
  const { mediaBytes } = call.server.limits;
  const found: EncodedImage[] = [];
  let total = 0;
  for (const [n, one] of images.entries()) {
    const image = await imageOf(call, one, images.length > 1 ? `${field}.${n}` : field);
    found.push(image);
    total += image.bytes.length;
    if (total > mediaBytes)
      throw badRequest(`${field}: the images have more than ${mediaBytes} bytes in all`, field, 'image_too_large');
  }
  return found;
}

async function imageOf(call: Call, given: string | Uint8Array, field: string): Promise<EncodedImage> {
  const { limits } = call.server;
  const bytes = typeof given === 'string' ? await bytesOf(call, given, field) : given;
  if (bytes.length === 0) throw badRequest(`${field}: the image is empty`, field, 'invalid_image');
  if (bytes.length > limits.imageBytes)
    throw badRequest(`${field}: the image is longer than ${limits.imageBytes} bytes`, field, 'image_too_large');
  return { bytes };
}

async function bytesOf(call: Call, given: string, field: string): Promise<Uint8Array> {
  if (/^https?:/i.test(given)) return fetched(call, given, field);
  const found = /^data:image\/[a-z0-9.+-]{1,40}(?:;[a-z0-9=-]{1,40})*;base64,/i.exec(given.slice(0, 200));
  const bytes = found && bytesOfBase64(given.slice(found[0].length));
  if (!bytes)
    throw badRequest(`${field}: expected a data URI of an image, data:image/png;base64,…`, field, 'invalid_image');
  return bytes;
}

const fetchMs = 10_000;

async function fetched(call: Call, address: string, field: string): Promise<Uint8Array> {
  const { limits, imageHosts } = call.server;
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw badRequest(`${field}: this is not an address`, field, 'invalid_image');
  }
  if (!imageHosts.includes(url.host) || url.username !== '' || url.password !== '')
    throw badRequest(
      `${field}: images are not fetched from there; send a data URI, a form or the file itself`,
      field,
      'image_url_not_allowed',
    );
  const failed = () => badRequest(`${field}: the image could not be fetched`, field, 'invalid_image');
  try {
    const signal = AbortSignal.any([call.signal, AbortSignal.timeout(fetchMs)]);
    const response = await fetch(url, { redirect: 'error', signal, headers: { accept: 'image/*' } });
    if (!response.ok || !response.body) throw failed();
    return await readBytes(response, { bytes: limits.imageBytes, ms: fetchMs, signal });
  } catch {
    throw failed();
  }
}
