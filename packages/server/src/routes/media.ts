// Bodies with images, as the object that the schema checks: a form of fields and files, or one image with its fields in the query.

import { badRequest } from '../http/api-error.ts';
import type { MediaFields } from './route.ts';

/** The kind of body that a Content-Type announces. JSON is what anything else is read as. */
export function mediaOf(contentType: string | null): 'form' | 'image' | 'json' {
  const type = (contentType ?? '').split(';')[0].trim().toLowerCase();
  if (type === 'multipart/form-data') return 'form';
  return type.startsWith('image/') || type === 'application/octet-stream' ? 'image' : 'json';
}

const mostFields = 1024;

/** A form: files are images, in their order; other fields are as `fieldOf` reads them. */
export async function formOf(bytes: Uint8Array, contentType: string, fields: MediaFields): Promise<object> {
  requireFewParts(bytes, contentType);
  let form: FormData;
  try {
    form = await new Response(bytes.slice(), { headers: { 'content-type': contentType } }).formData();
  } catch {
    throw badRequest('the body is not the form that its Content-Type announces', null, 'invalid_form');
  }
  const images: Uint8Array[] = [];
  const entries: [string, unknown][] = [];
  for (const [name, value] of form.entries()) {
    if (typeof value === 'string') entries.push([name, fieldOf(name, value, fields)]);
    else if (name === fields.images || name === `${fields.images}[]`)
      images.push(new Uint8Array(await value.arrayBuffer()));
    else
      throw badRequest(
        `${name.slice(0, 60)}: files belong in the field ${fields.images}`,
        fields.images,
        'invalid_form',
      );
  }
  return bodyOf(entries, images, fields);
}

/** Throws an ApiError for a form of more parts than are read. They are counted before any becomes an object: a body has room for a million of them. */
function requireFewParts(bytes: Uint8Array, contentType: string): void {
  const [, quoted, plain = ''] = /boundary=(?:"([^"]*)"|([^;\s]*))/i.exec(contentType) ?? [];
  const mark = `--${quoted ?? plain}`;
  const text = new TextDecoder('latin1').decode(bytes);
  let parts = -1; // the last mark ends the form
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length))
    if (++parts > mostFields) throw badRequest(`a form can have ${mostFields} fields`, null, 'invalid_form');
}

/** One image as the body, its fields in the query. */
export function rawImageOf(bytes: Uint8Array, query: URLSearchParams, fields: MediaFields): object {
  const entries = [...query].slice(0, mostFields).map(([name, value]) => [name, fieldOf(name, value, fields)] as const);
  return bodyOf(entries, [bytes], fields);
}

function bodyOf(
  entries: readonly (readonly [string, unknown])[],
  images: readonly Uint8Array[],
  fields: MediaFields,
): object {
  const body = Object.fromEntries(entries);
  if (images.length === 0) return body;
  if (!fields.many && images.length > 1) throw badRequest('expected one image', fields.images, 'invalid_form');
  return { ...body, [fields.images]: fields.many ? images : images[0] };
}

/** A text, or the JSON value that it is. */
function fieldOf(name: string, value: string, { texts }: MediaFields): unknown {
  if (texts.includes(name)) return value === 'true' && name === 'state' ? true : value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
