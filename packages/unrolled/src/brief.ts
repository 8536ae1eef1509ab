/**
 * A value as it can stand in a message: whatever it is, short, and never an error of its own. (JSON.stringify overflows on a list in a list in a
 * list …, and writes out all of a gigabyte.)
 */
export function brief(value: unknown, most = 60): string {
  if (typeof value === 'string') return JSON.stringify(value.length > most ? `${value.slice(0, most)}…` : value);
  if (Array.isArray(value)) {
    const simple = value.length <= 4 && value.every((item) => item === null || typeof item !== 'object');
    return simple ? `[${value.map((item) => brief(item, 20)).join(',')}]` : `a list of ${value.length}`;
  }
  if (value === null || typeof value !== 'object') return typeof value === 'function' ? 'a function' : String(value);
  return 'an object';
}
