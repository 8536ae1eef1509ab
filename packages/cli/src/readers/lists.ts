// Lists in a cell, as programs write them: JSON (["a", "b"]), Python (['a', "b's"]), numpy (['a' 'b'], [0 3 0]), and those within array(…) or a tuple's parentheses.

/** The elements as strings; null where the cell is no list. A text that begins with a bracket, or a bracket among other tokens, is none. */
export function listIn(cell: string): string[] | null {
  const text = cell.trim();
  const json = /^\[.*\]$/s.test(text) ? fromJson(text) : null;
  if (json) return json;
  const array = /^(?:np\.|numpy\.)?array\((.*?)(?:,\s*dtype=[^()]*)?\)$/s.exec(text)?.[1].trim() ?? text;
  if (/^\[\s*\]$/.test(array)) return [];
  if (/^\[-?\d+(?:\s+-?\d+)*\]$/.test(array)) return array.slice(1, -1).split(/\s+/);
  return quotedList(array);
}

/** Whether a cell looks like a list that `listIn` cannot read: numpy leaves out the middle of long ones (…). */
export function isBrokenList(cell: string): boolean {
  return /^\s*(?:(?:np\.|numpy\.)?array\()?\[['"]\S/.test(cell) && listIn(cell) === null;
}

function fromJson(text: string): string[] | null {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))) : null;
  } catch {
    return null;
  }
}

const element = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(-?\d+(?:\.\d+)?|None|True|False))\s*(,?)/sy;

/** Quoted strings, separated by commas or spaces; at least one, so that "[ 1 ]" stays three tokens. */
function quotedList(text: string): string[] | null {
  if (!/^\[.*\]$|^\(.*\)$/s.test(text)) return null;
  const elements: string[] = [];
  const end = text.length - 1;
  let quoted = false;
  for (element.lastIndex = 1; element.lastIndex < end; ) {
    const start = element.lastIndex;
    const found = element.exec(text);
    if (!found || element.lastIndex > end) return null;
    const [, single, double, plain, comma] = found;
    quoted ||= plain === undefined;
    elements.push(plain ?? unescaped(single ?? double));
    // Between elements stands a comma or a space.
    if (element.lastIndex < end && comma === '' && !/\s$/.test(text.slice(start, element.lastIndex))) return null;
  }
  return quoted ? elements : null;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', "'": "'", '"': '"', '\\': '\\' };

/** Python's escapes: \n, \', \xe9, \u00e9, \U0001f600. */
function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|(.))/gis,
    (whole, x?: string, u?: string, long?: string, other?: string) => {
      if (other !== undefined) return Object.hasOwn(escapes, other) ? escapes[other] : whole;
      const code = Number.parseInt((x ?? u ?? long) as string, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
