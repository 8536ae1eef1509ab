// A regular expression such as /\p{L}+/u uses memory for every character it has read, and overflows on a run of some millions. Text is
// therefore matched in slabs, cut before a space where there is one: no pre-token begins before a space and continues after it.

const slabLength = 0x40000;

/** Calls `each` with every match of `pattern` (global) in `text`, in time linear in the text. */
export function eachMatch(pattern: RegExp, text: string, each: (match: string) => void): void {
  for (const slab of slabs(text)) for (const [match] of slab.matchAll(pattern)) each(match);
}

/** `text` in slabs. */
export function* slabs(text: string): Generator<string> {
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = slabEnd(text, start);
    yield start === 0 && end === text.length ? text : text.slice(start, end);
  }
}

function slabEnd(text: string, start: number): number {
  const end = start + slabLength;
  if (end >= text.length) return text.length;
  for (let k = end; k > start + slabLength / 2; k--) if (text[k] === ' ' && !/\s/.test(text[k - 1])) return k;
  return isLow(text.charCodeAt(end)) ? end - 1 : end;
}

/** Whether a code unit is the second half of a surrogate pair. */
export function isLow(unit: number): boolean {
  return (unit & 0xfc00) === 0xdc00;
}
