// The state of a session as a token that a client keeps: signed with HMAC-SHA-256, versioned, bound to a model and its weights, and good for a time.
//
//   1 version · 8 expiry, seconds since 1970 · the state · 32 signature over model, weights and all before it       as base64url, after `us1.`

import { EngineError } from './engine.ts';

const prefix = 'us1.';
const longest = 16 * 2 ** 20; // characters

export interface TokenOf {
  readonly model: string;
  /** SHA-256 of the weights, in hexadecimal. */
  readonly hash: string;
  readonly key: Uint8Array;
}

/** The token of a state, good for `seconds`. */
export async function sealState(
  state: Uint8Array,
  { seconds, ...of }: TokenOf & { readonly seconds: number },
): Promise<string> {
  const payload = new Uint8Array(9 + state.length);
  payload[0] = 1;
  new DataView(payload.buffer).setFloat64(1, Math.floor(Date.now() / 1000) + seconds);
  payload.set(state, 9);
  const signature = await crypto.subtle.sign('HMAC', await keyOf(of.key, 'sign'), signed(payload, of));
  const all = new Uint8Array(payload.length + 32);
  all.set(payload);
  all.set(new Uint8Array(signature), payload.length);
  return prefix + toBase64url(all);
}

/** The state of a token. Rejects with an EngineError 'state' for one that was not made here, of another model, or that has expired. */
export async function openState(token: string, of: TokenOf): Promise<Uint8Array> {
  const refuse = (why: string) => new EngineError('state', `state: ${why}`, { param: 'state' });
  if (!token.startsWith(prefix) || token.length > longest) throw refuse('this is not a token of a state');
  const all = fromBase64url(token.slice(prefix.length));
  if (all === null || all.length < 41 || all[0] !== 1) throw refuse('this is not a token of a state');
  const payload = all.slice(0, -32);
  const valid = await crypto.subtle.verify('HMAC', await keyOf(of.key, 'verify'), all.slice(-32), signed(payload, of));
  if (!valid) throw refuse('it was not made by this server for this model, or it was changed');
  if (new DataView(payload.buffer).getFloat64(1) < Date.now() / 1000) throw refuse('it has expired');
  return payload.slice(9);
}

/** What is signed: whose it is, and the payload. */
function signed(payload: Uint8Array, { model, hash }: TokenOf): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(`unrolled state\0${model}\0${hash}\0`);
  const all = new Uint8Array(head.length + payload.length);
  all.set(head);
  all.set(payload, head.length);
  return all;
}

function keyOf(key: Uint8Array, usage: 'sign' | 'verify') {
  return crypto.subtle.importKey('raw', key.slice(), { name: 'HMAC', hash: 'SHA-256' }, false, [usage]);
}

function toBase64url(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Null for what is no base64url, or not in its one form. */
function fromBase64url(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return null;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    return toBase64url(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
}
