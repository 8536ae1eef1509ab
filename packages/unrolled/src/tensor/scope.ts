// Who frees what. Nobody calls dispose: a training step is a scope, and what it made and did not keep is freed when it ends, so a training
// loop in its steady state reuses the same blocks. Outside of every scope the garbage collector decides, a little later.

import { requireFunction } from '../checks.ts';
import type { Backend, DType, Storage } from '../backend/backend.ts';
import type { Block } from '../backend/storage.ts';
import { TensorError } from '../errors.ts';

const scopes: Set<Block>[] = [];

/** New memory, owned by the innermost scope. */
export function allocate(backend: Backend, dtype: DType, length: number): Storage {
  const storage = backend.allocate(dtype, length);
  own(storage.block, scopes.length);
  return storage;
}

function own(block: Block, depth: number): void {
  if (depth > 0) scopes[depth - 1].add(block);
  else block.backend.watch(block);
}

/** Takes a block out of every scope: it lives as long as something refers to it. */
export function keepBlock(block: Block): void {
  let owned = false;
  for (const scope of scopes) owned = scope.delete(block) || owned;
  if (owned) block.backend.watch(block);
}

/**
 * Runs `body` and frees every tensor it made, but for those it returns (a tensor, or an array or plain object that holds some), those given
 * to `keep`, and gradients. Scopes nest: what an inner scope returns belongs to the outer one.
 *
 *   const loss = scope(() => {
 *     const loss = crossEntropy(model.forward(x), y);
 *     loss.backward();
 *     optimizer.step();
 *     return loss.detach();
 *   });
 */
export function scope<R>(body: () => R): R {
  requireFunction('scope', 'body', body);
  const blocks = new Set<Block>();
  scopes.push(blocks);
  const depth = scopes.length;
  let result: R;
  try {
    result = body();
    if (result instanceof Promise) {
      throw new TensorError(
        'scope',
        'the body must not be async: memory is freed when it returns; await outside of it',
      );
    }
    for (const block of blocksOf(result)) {
      if (!blocks.delete(block)) continue;
      own(block, depth - 1);
    }
  } finally {
    scopes.length = depth - 1;
    for (const block of blocks) block.release();
  }
  return result;
}

interface HasStorage {
  readonly storage: Storage;
}

/** The blocks of every tensor in a value made of tensors, arrays, maps and plain objects. */
function* blocksOf(value: unknown): Generator<Block> {
  if (typeof value !== 'object' || value === null) return;
  if ('storage' in value) {
    yield (value as HasStorage).storage.block;
  } else if (Array.isArray(value) || value instanceof Map || value instanceof Set) {
    for (const item of value instanceof Map ? value.values() : value) yield* blocksOf(item);
  } else if (Object.getPrototypeOf(value) === Object.prototype) {
    for (const item of Object.values(value)) yield* blocksOf(item);
  }
}
