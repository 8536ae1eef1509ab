// What one process finds out for all: a validation, which the first of them measures while the others wait.

import { requireKinds } from '../checks.ts';
import { decodeUtf8, encodeUtf8 } from '../encoding.ts';
import { UnrolledError } from '../errors.ts';
import type { World } from './world.ts';

type Outcome<R> = { readonly result: R } | { readonly failed: string; readonly code: string };

/**
 * The result of `body`, plain JSON but for numbers that are not finite, in every process; it runs in the first alone. An UnrolledError of it is thrown
 * in all; another error ends the first, and with it the job.
 */
export async function fromFirst<R>(world: World, body: () => Promise<R>): Promise<R> {
  requireKinds(
    'fromFirst',
    { world, body },
    { world: { rank: 'number', size: 'number', gather: 'function' }, body: 'function' },
  );
  if (world.rank > 0) {
    const [first] = await world.gather(new Uint8Array(0));
    const outcome = JSON.parse(decodeUtf8(first), numbersFromText) as Outcome<R>;
    if ('failed' in outcome) throw new UnrolledError(outcome.code, outcome.failed);
    return outcome.result;
  }
  const tell = (outcome: Outcome<R>) => world.gather(encodeUtf8(JSON.stringify(outcome, numbersAsText)));
  let result: R;
  try {
    result = await body();
  } catch (error) {
    if (error instanceof UnrolledError) await tell({ failed: error.message, code: error.code });
    throw error;
  }
  await tell({ result });
  return result;
}

const marked = 'number:';

function numbersAsText(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? marked + value : value;
}

function numbersFromText(_: string, value: unknown): unknown {
  return typeof value === 'string' && value.startsWith(marked) ? Number(value.slice(marked.length)) : value;
}
