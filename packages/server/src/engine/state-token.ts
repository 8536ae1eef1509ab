// A session's state as a token that clients keep: signed, versioned, bound to a model and its weights, and expiring. Any copy of a server that has
// the key goes on from it; nothing is stored.
//
//   token      base64url, without padding, of:
//   bytes      version (1) | expiry, seconds since 1970 (8) | SHA-256 of the weights (32) | length of the model's name (2) | name, UTF-8 | state | signature (32)
//   signature  HMAC-SHA-256 of "unrolled state token\0" and all bytes before it; verified before anything else is believed, in constant time
//
// Every token has one spelling: unused bits of the last character must be zero, so that no changed character goes unnoticed.

import { EngineError } from './engine.ts';

const version = 1;
const hashBytes = 32;
const signatureBytes = 32;
const headerBytes = 1 + 8 + hashBytes + 2;
const leastKeyBytes = 32;
const mostName = 1024;
const context = new TextEncoder().encode('unrolled state token\0');

/** Secret of at least 32 bytes, or an HMAC key with SHA-256 that may sign and verify. */
export type StateTokenKey = HmacKey | Uint8Array;

type HmacKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** What a token is bound to. */
export interface StateTokenBinding {
  readonly model: string;
  /** SHA-256 of the weights, in hexadecimal. */
  readonly hash: string;
  readonly key: StateTokenKey;
}

/** Options of `sealState`. */
export interface SealStateOptions extends StateTokenBinding {
  /** How long the token is valid. */
  readonly seconds: number;
  /** Seconds since 1970; the clock's by default. */
  readonly now?: number;
}

/** Options of `openState`. */
export interface OpenStateOptions extends StateTokenBinding {
  /** Maximum length of a token in bytes; a longer one is refused unread. Default 16 MiB. */
  readonly maxBytes?: number;
  /** Seconds since 1970; the clock's by default. */
  readonly now?: number;
}

/** Makes a token of a state. */
export async function sealState(state: Uint8Array, options: SealStateOptions): Promise<string> {
  const { model, hash, key, seconds, now = Date.now() / 1000 } = options;
  if (!(Number.isFinite(seconds) && seconds > 0 && seconds <= 1e10))
    throw new EngineError('request', `sealState: seconds: expected a number above 0, got ${seconds}`);
  const name = nameOf(model);
  const bytes = new Uint8Array(headerBytes + name.length + state.length + signatureBytes);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, version);
  view.setBigUint64(1, BigInt(Math.ceil(now + seconds)));
  bytes.set(hashOf(hash), 9);
  view.setUint16(9 + hashBytes, name.length);
  bytes.set(name, headerBytes);
  bytes.set(state, headerBytes + name.length);
  const signed = bytes.subarray(0, bytes.length - signatureBytes);
  const signature = await crypto.subtle.sign('HMAC', await keyOf(key), withContext(signed));
  bytes.set(new Uint8Array(signature), signed.length);
  return toBase64Url(bytes);
}

/** The state in a token. Rejects with an EngineError 'state' for one that was altered, has expired, or is of other weights. */
export async function openState(token: string, options: OpenStateOptions): Promise<Uint8Array> {
  const { model, hash, key, maxBytes = 16 << 20, now = Date.now() / 1000 } = options;
  const secret = await keyOf(key);
  const [name, weights] = [nameOf(model), hashOf(hash)];
  if (typeof token !== 'string') throw refusal('is no text');
  if (token.length > Math.ceil((maxBytes * 4) / 3)) throw refusal(`has more than ${maxBytes} bytes`);
  const bytes = fromBase64Url(token);
  if (!bytes || bytes.length < headerBytes + signatureBytes) throw refusal('is not a token of this server');
  const signed = bytes.subarray(0, bytes.length - signatureBytes);
  const isOurs = await crypto.subtle.verify('HMAC', secret, bytes.slice(signed.length), withContext(signed));
  if (!isOurs) throw refusal('is not a token of this server, or was altered');
  // From here on every byte is what this server, or a copy of it, wrote.
  const view = new DataView(bytes.buffer);
  if (view.getUint8(0) !== version) throw refusal(`has version ${view.getUint8(0)}, known here is ${version}`);
  if (Number(view.getBigUint64(1)) <= now) throw refusal('has expired');
  const length = view.getUint16(9 + hashBytes);
  if (!equal(signed.subarray(headerBytes, headerBytes + length), name)) throw refusal('is of another model');
  if (!equal(signed.subarray(9, 9 + hashBytes), weights))
    throw refusal('is of other weights: the model was trained on or exchanged since');
  return bytes.slice(headerBytes + length, signed.length);
}

const refusal = (problem: string): EngineError =>
  new EngineError('state', `the state ${problem}; send the text from its beginning`, { param: 'state' });

async function keyOf(key: StateTokenKey): Promise<HmacKey> {
  if (!(key instanceof Uint8Array)) return key;
  if (key.length < leastKeyBytes)
    throw new EngineError(
      'request',
      `the key of state tokens has ${key.length} bytes, expected at least ${leastKeyBytes}`,
    );
  return crypto.subtle.importKey('raw', key.slice(), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
}

function nameOf(model: string): Uint8Array {
  const name = new TextEncoder().encode(model);
  if (name.length <= mostName) return name;
  throw new EngineError('model', `the model's name has ${name.length} bytes, at most ${mostName} are allowed`);
}

function hashOf(hash: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/.test(hash))
    throw new EngineError('state', 'the model has no SHA-256 of its weights: only saved runs have states', {
      param: 'state',
    });
  return Uint8Array.from({ length: hashBytes }, (_, i) => Number.parseInt(hash.slice(2 * i, 2 * i + 2), 16));
}

function withContext(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(context.length + bytes.length);
  all.set(context);
  all.set(bytes, context.length);
  return all;
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const valueOf = new Int8Array(128).fill(-1);
for (let i = 0; i < 64; i++) valueOf[digits.charCodeAt(i)] = i;

function toBase64Url(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let from = 0; from < bytes.length; from += 24573) {
    const some = bytes.subarray(from, from + 24573); // whole groups of three
    let text = '';
    for (let i = 0; i < some.length; i += 3) {
      const word = (some[i] << 16) | ((some[i + 1] ?? 0) << 8) | (some[i + 2] ?? 0);
      const left = Math.min(some.length - i, 3);
      for (let k = 0; k <= left; k++) text += digits[(word >> (18 - 6 * k)) & 63];
    }
    parts.push(text);
  }
  return parts.join('');
}

/** Null for any character, length or unused bit that `toBase64Url` does not write. */
function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  const rest = text.length % 4;
  if (rest === 1) return null;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let at = 0;
  let word = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const value = code < 128 ? valueOf[code] : -1;
    if (value < 0) return null;
    word = ((word << 6) | value) & 0xffffff;
    if (i % 4 > 0) bytes[at++] = (word >> (6 - 2 * (i % 4))) & 255;
  }
  if (rest > 0 && word & (rest === 2 ? 15 : 3)) return null;
  return bytes;
}
