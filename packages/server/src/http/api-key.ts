// The key of a server that others can reach. It is compared by its hash, in a time that does not depend on where two keys differ.

import { OptionError } from 'unrolled';
import { ApiError } from './api-error.ts';

export interface ApiKeys {
  /** Throws an ApiError 401 unless the request has one of the keys. */
  require(headers: Headers): Promise<void>;
}

const shortest = 8;

/** Keys that may be used; null for a server without one. Throws an OptionError for keys that are easy to guess. */
export async function apiKeysOf(keys: readonly string[]): Promise<ApiKeys | null> {
  if (keys.length === 0) return null;
  for (const key of keys)
    if (typeof key !== 'string' || key.length < shortest || !/^[\x21-\x7e]+$/.test(key))
      throw new OptionError(
        'createServer',
        'apiKey',
        `expected at least ${shortest} printable ASCII characters without spaces`,
      );
  const known = await Promise.all(keys.map(hash));
  return {
    async require(headers) {
      const given = bearer(headers.get('authorization')) ?? headers.get('x-api-key');
      if (given === null || given.length > 4096) throw unauthorized('this server needs a key: Authorization: Bearer …');
      const found = await hash(given);
      let match = 0;
      for (const one of known) match |= equal(one, found);
      if (match !== 1) throw unauthorized('this key is not known here');
    },
  };
}

function unauthorized(message: string): ApiError {
  return new ApiError(401, 'invalid_api_key', message, { headers: { 'www-authenticate': 'Bearer' } });
}

function bearer(header: string | null): string | null {
  return /^bearer +(\S+)$/i.exec(header ?? '')?.[1] ?? null;
}

async function hash(key: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key)));
}

/** 1 for the same bytes, else 0. All of them are compared. */
function equal(a: Uint8Array, b: Uint8Array): 0 | 1 {
  let differ = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) differ |= a[i] ^ b[i];
  return differ === 0 ? 1 : 0;
}
