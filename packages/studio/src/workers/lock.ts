// What makes a run one tab's: its id, and a lock on it.

/** An id that no other run has. */
export const newId = (): string => crypto.randomUUID?.() ?? `run-${Date.now()}`;

/** The lock of a run, so that one tab trains it; what releases it, or null where another tab has it. */
export async function lockOf(id: string): Promise<(() => void) | null> {
  if (!globalThis.navigator?.locks) return () => {};
  return new Promise((resolve) => {
    void navigator.locks.request(`unrolled-run-${id}`, { ifAvailable: true }, (lock) => {
      if (!lock) {
        resolve(null);
        return undefined;
      }
      return new Promise<void>((release) => resolve(release));
    });
  });
}
