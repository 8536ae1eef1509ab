// The `state` field of requests and answers. A token is signed, bound to the model's weights, and expires: see engine/state-token.ts.

import type { EngineModel } from '../engine/engine.ts';
import { openState, sealState } from '../engine/state-token.ts';

export interface StateTokens {
  /** The state that a request goes on from, and whether it wants the next. */
  read(
    model: EngineModel,
    field: boolean | string | null | undefined,
  ): Promise<{ bytes?: Uint8Array; wanted: boolean }>;
  /** The token of a state. */
  write(model: EngineModel, state: Uint8Array): Promise<string>;
}

/** Tokens that are signed with this secret and are good for so many seconds. Copies of a server with the same secret read each other's. */
export function stateTokens(secret: string | undefined, seconds: number): StateTokens {
  const key = keyOf(secret);
  return {
    async read({ id, hash }, field) {
      if (typeof field !== 'string' || field === '') return { wanted: field === true };
      return { bytes: await openState(field, { model: id, hash, key: await key }), wanted: true };
    },
    write: async ({ id, hash }, state) => sealState(state, { model: id, hash, key: await key, seconds }),
  };
}

/** 32 bytes: the hash of the secret, or random ones. */
async function keyOf(secret: string | undefined): Promise<Uint8Array> {
  if (secret === undefined) return crypto.getRandomValues(new Uint8Array(32));
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret)));
}
