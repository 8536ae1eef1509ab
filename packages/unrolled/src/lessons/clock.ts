// Milliseconds on the clock that pages and Node have in common.

const host = globalThis as unknown as { readonly performance: { now(): number } };

export const clock = (): number => host.performance.now();
