// What one process finds out for all: a validation, which the first of them measures while the others wait.

import { decodeUtf8, encodeUtf8 } from '../encoding.ts';
import { UnrolledError } from '../errors.ts';
import type { World } from '../world/world.ts';

/** The result of `body`, which is plain JSON but for numbers that are not finite, in every process; it runs in the first alone. Its error is the error of all. */
export async function fromFirst<R>(world: World, body: () => Promise<R>): Promise<R> {
  let own: Uint8Array = new Uint8Array(0);
  if (world.rank === 0) own = encodeUtf8(JSON.stringify(await outcomeOf(body), numbersAsText));
  const [first] = await world.gather(own);
  const outcome = JSON.parse(decodeUtf8(first), numbersFromText) as Outcome<R>;
  if ('failed' in outcome) throw new UnrolledError(outcome.code, outcome.failed);
  return outcome.result;
}

type Outcome<R> = { readonly result: R } | { readonly failed: string; readonly code: string };

async function outcomeOf<R>(body: () => Promise<R>): Promise<Outcome<R>> {
  try {
    return { result: await body() };
  } catch (error) {
    if (!(error instanceof UnrolledError)) throw error; // a mistake of the program ends the job
    return { failed: error.message, code: error.code };
  }
}

const marked = 'number:';

function numbersAsText(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? marked + value : value;
}

function numbersFromText(_: string, value: unknown): unknown {
  return typeof value === 'string' && value.startsWith(marked) ? Number(value.slice(marked.length)) : value;
}
