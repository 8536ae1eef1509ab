// Where a lesson is about exact numbers, it computes in float64 on the reference backend.

import { currentBackend, setDefaultDtype, useBackend } from '../index.ts';

export async function exactly<R>(body: () => R): Promise<R> {
  const before = currentBackend();
  await useBackend('reference');
  setDefaultDtype('float64');
  try {
    return body();
  } finally {
    setDefaultDtype('float32');
    await useBackend(before);
  }
}
