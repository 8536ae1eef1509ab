// A value of the caller’s in a message. It may be anything: a list in itself, an object that cannot become a string, a gigabyte of text.

/**
 * Any value in a few words, for messages: `"abc"`, `"10" (a string)`, `an object with units`, `[1, 2, 3, …]`. Whatever it is, the words are few and
 * never an error of their own. (JSON.stringify overflows on a list in a list in a list …, and writes out all of a gigabyte.)
 */
export function shown(value: unknown): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '0' : String(value);
  if (typeof value === 'string') {
    const text = JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
    return isOther(value) ? `${text} (a string)` : text;
  }
  if (typeof value === 'bigint') return `${value}n (a bigint)`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object') return value === null ? 'null' : shownObject(value);
  return typeof value === 'symbol' ? 'a symbol' : String(value as boolean | undefined);
}

/** Whether a string reads as a value of another type. */
function isOther(text: string): boolean {
  return /^(?:null|undefined|true|false)$/.test(text) || (text.trim() !== '' && !Number.isNaN(Number(text)));
}

function shownObject(value: object): string {
  try {
    if (Array.isArray(value)) {
      const items = value.slice(0, 4).map((v) => (typeof v === 'object' && v !== null ? '…' : shown(v)));
      return `[${items.join(', ')}${value.length > 4 ? ', …' : ''}]`;
    }
    const name = (Object.getPrototypeOf(value) as { constructor?: { name?: unknown } } | null)?.constructor?.name;
    if (typeof name === 'string' && name !== '' && name !== 'Object') return `a ${name.slice(0, 60)}`;
    const keys = Object.keys(value)
      .slice(0, 4)
      .map((key) => key.slice(0, 60));
    return keys.length > 0 ? `an object with ${keys.join(', ')}` : 'an empty object';
  } catch {
    return 'an object';
  }
}
