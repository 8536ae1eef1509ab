import { describe, expect, test } from 'vitest';
import { Random } from 'unrolled';
import { EngineError } from './engine.ts';
import { openState, sealState } from './state-token.ts';

const key = Uint8Array.from({ length: 32 }, (_, i) => 7 * i + 1);
const hash = '0123456789abcdef'.repeat(4);
const bound = { model: 'writer', hash, key };
const state = (n: number) => Uint8Array.from({ length: n }, (_, i) => (31 * i + 5) & 255);
const seal = (n: number, more = {}) => sealState(state(n), { ...bound, seconds: 60, now: 1000, ...more });

async function refused(token: string, more = {}): Promise<string> {
  const error = await openState(token, { ...bound, now: 1000, ...more }).then(
    () => null,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(EngineError);
  expect(error).toMatchObject({ problem: 'state' });
  return (error as Error).message;
}

describe('a state token', () => {
  test('gives back the state it was made of, of any length', async () => {
    for (const n of [0, 1, 2, 3, 100, 24573, 60_001]) {
      const token = await seal(n);
      expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(await openState(token, { ...bound, now: 1059 })).toEqual(state(n));
    }
  });

  test('is base64url of its parts, and signed by HMAC-SHA-256, as another implementation computes it', async () => {
    const { createHmac } = await import('node:crypto');
    const bytes = Buffer.from(await seal(20), 'base64url');
    expect(bytes[0]).toBe(1);
    expect(bytes.readBigUInt64BE(1)).toBe(1060n);
    expect(bytes.subarray(9, 41).toString('hex')).toBe(hash);
    expect(bytes.subarray(43, 43 + bytes.readUInt16BE(41)).toString()).toBe('writer');
    const mac = createHmac('sha256', key).update('unrolled state token\0').update(bytes.subarray(0, -32)).digest();
    expect(bytes.subarray(-32).equals(mac)).toBe(true);
  });

  test('opens with a CryptoKey, on another copy of the server', async () => {
    const usage = ['sign', 'verify'] as const;
    const made = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, [...usage]);
    expect(await openState(await seal(9), { ...bound, key: made, now: 1001 })).toEqual(state(9));
  });

  test('expires, and is of one model, one set of weights and one key', async () => {
    const token = await seal(40);
    expect(await refused(token, { now: 1060 })).toContain('has expired');
    expect(await refused(token, { now: 9e9 })).toContain('has expired');
    expect(await refused(token, { model: 'writer2' })).toContain('another model');
    expect(await refused(token, { hash: hash.replace('0', '1') })).toContain('other weights');
    expect(await refused(token, { key: key.map((byte) => byte ^ 1) })).toContain('altered');
    const later = Buffer.from(token, 'base64url');
    later[0] = 2;
    expect(await refused(later.toString('base64url'))).toContain('altered');
  });

  test('that was tampered with in any way is refused', async () => {
    const random = new Random(4);
    const token = await seal(37); // 43 + 6 + 37 + 32 bytes: the last character has unused bits
    expect(token.length % 4).toBe(2);
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const changed = new Set<string>();
    for (let i = 0; i < token.length; i++) changed.add(swapped(token, i, digits[random.integer(64)]));
    for (const digit of digits) changed.add(swapped(token, token.length - 1, digit));
    for (let n = 0; n < 300; n++) {
      let some = token;
      for (let k = random.integer(4); k >= 0; k--)
        some = swapped(some, random.integer(token.length), digits[random.integer(64)]);
      changed.add(some);
      changed.add(token.slice(0, random.integer(token.length)));
      changed.add(token + digits[random.integer(64)].repeat(1 + random.integer(5)));
      changed.add(token.slice(random.integer(40)) + token.slice(0, random.integer(40)));
    }
    for (const odd of [
      '',
      '=',
      `${token}=`,
      `${token}==`,
      ` ${token}`,
      `${token}\n`,
      token.replace(/./, 'é'),
      '\0'.repeat(200),
    ])
      changed.add(odd);
    changed.delete(token);
    expect(changed.size).toBeGreaterThan(1000);
    for (const one of changed) await refused(one);
    expect(await openState(token, { ...bound, now: 1000 })).toEqual(state(37));
  });

  test('of two states is not a third one', async () => {
    const [a, b] = [Buffer.from(await seal(40), 'base64url'), Buffer.from(await seal(41), 'base64url')];
    const mixed = Buffer.concat([a.subarray(0, -32), b.subarray(-32)]);
    expect(await refused(mixed.toString('base64url'))).toContain('altered');
  });

  test('that is too long is refused unread, and what is no token, and keys that are too short', async () => {
    expect(await refused('A'.repeat(20_000), { maxBytes: 1000 })).toContain('more than 1000 bytes');
    expect(await refused(17 as never)).toContain('is no text');
    await expect(seal(3, { key: key.subarray(0, 31) })).rejects.toThrow('has 31 bytes, expected at least 32');
    await expect(seal(3, { seconds: 0 })).rejects.toThrow('expected a number above 0');
    await expect(seal(3, { hash: '' })).rejects.toThrow('only saved runs have states');
    await expect(seal(3, { model: 'x'.repeat(2000) })).rejects.toThrow('at most 1024');
  });
});

const swapped = (text: string, at: number, by: string): string => text.slice(0, at) + by + text.slice(at + 1);
