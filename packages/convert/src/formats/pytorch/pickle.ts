// A pickle is a program for a machine with a stack. This one runs such programs and has no instruction that could do harm: names that the program asks for
// stay names, calling one makes inert data unless it is on the short list of constructors.ts, and there is no way from a name in a file to anything that
// exists in this process. Instructions of all protocols to 5 are known (Python's Lib/pickletools.py describes them); steps, stack and memo are bounded, and
// nothing recurses.

import { ByteReader, utf8 } from '../../bytes/reader.ts';
import { limits } from '../../limits.ts';
import { construct } from './constructors.ts';
import { PyDict, PyGlobal, PyInert, PyList, PyTuple, type PyValue, shownValue } from './values.ts';

/** A stack frame begins here; kept apart from values, so that no program can use one. */
const mark = Symbol('mark');

/** What a pickle gave. */
export interface Unpickled {
  readonly value: PyValue;
  /** Every name that the program asked for. */
  readonly globals: ReadonlySet<string>;
  /** Position behind the program. */
  readonly end: number;
}

/** Runs one pickle, from the position `at`. `valueOf` makes what a persistent id stands for. Throws a ConvertError for a program that is damaged. */
export function unpickle(
  bytes: Uint8Array,
  source: string,
  valueOf: (id: PyValue, fail: (problem: string) => never) => PyValue,
  at = 0,
): Unpickled {
  const machine = new Machine(new ByteReader(bytes, source, at), valueOf);
  return { value: machine.run(), globals: machine.globals, end: machine.end };
}

class Machine {
  readonly globals = new Set<string>();
  readonly #reader: ByteReader;
  readonly #valueOf: (id: PyValue, fail: (problem: string) => never) => PyValue;
  readonly #stack: (PyValue | typeof mark)[] = [];
  readonly #memo = new Map<number, PyValue>();

  constructor(reader: ByteReader, valueOf: (id: PyValue, fail: (problem: string) => never) => PyValue) {
    this.#reader = reader;
    this.#valueOf = valueOf;
  }

  get end(): number {
    return this.#reader.at;
  }

  run(): PyValue {
    for (let step = 0; step < limits.pickleSteps; step++) {
      const code = this.#reader.u8('an instruction of the pickle');
      if (code === 0x2e) return this.#pop(); // STOP
      this.#instruction(code);
      if (this.#stack.length > limits.pickleValues || this.#memo.size > limits.pickleValues)
        this.#fail(`at most ${limits.pickleValues} values`, 'more');
    }
    return this.#fail(`at most ${limits.pickleSteps} instructions`, 'more');
  }

  #instruction(code: number): void {
    const reader = this.#reader;
    switch (String.fromCharCode(code)) {
      // Marks, the stack and the memo.
      case '(':
        this.#stack.push(mark);
        return;
      case '0': // POP: of a mark too
        if (this.#stack.pop() === undefined) this.#fail('a value on the stack', 'none');
        return;
      case '1':
        this.#toMark();
        return;
      case '2':
        return this.#push(this.#top());
      case 'p':
        return this.#put(this.#integerLine());
      case 'q':
        return this.#put(reader.u8());
      case 'r':
        return this.#put(reader.u32());
      case '\x94':
        return this.#put(this.#memo.size);
      case 'g':
        return this.#get(this.#integerLine());
      case 'h':
        return this.#get(reader.u8());
      case 'j':
        return this.#get(reader.u32());

      // Constants.
      case 'N':
        return this.#push(null);
      case '\x88':
        return this.#push(true);
      case '\x89':
        return this.#push(false);
      case 'I': {
        const text = this.#line();
        return this.#push(text === '00' || text === '01' ? text === '01' : this.#integer(text));
      }
      case 'L':
        return this.#push(this.#integer(this.#line().replace(/L$/, '')));
      case 'J':
        return this.#push(reader.i32());
      case 'K':
        return this.#push(reader.u8());
      case 'M':
        return this.#push(reader.u16());
      case '\x8a':
        return this.#push(this.#long(reader.u8()));
      case '\x8b':
        return this.#push(this.#long(reader.i32()));
      case 'F': {
        const text = this.#line();
        if (!/^[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|inf|nan)$/i.test(text))
          this.#fail('a number', shownValue(text));
        return this.#push(Number(text.replace(/inf$/i, 'Infinity')));
      }
      case 'G':
        return this.#push(reader.f64BigEndian());
      case 'S':
        return this.#push(this.#quotedLine());
      case 'V':
        return this.#push(
          this.#line().replace(/\\u([\da-fA-F]{4})/g, (_, hex: string) =>
            String.fromCharCode(Number.parseInt(hex, 16)),
          ),
        );
      case 'U':
        return this.#push(latin1(reader.window(reader.u8(), 'a text')));
      case 'T':
        return this.#push(latin1(reader.window(reader.i32(), 'a text')));
      case '\x8c':
        return this.#push(this.#text(reader.u8()));
      case 'X':
        return this.#push(this.#text(reader.u32()));
      case '\x8d':
        return this.#push(this.#text(reader.u64()));
      case 'C':
        return this.#push(reader.window(reader.u8(), 'bytes'));
      case 'B':
        return this.#push(reader.window(reader.u32(), 'bytes'));
      case '\x8e':
      case '\x96':
        return this.#push(reader.window(reader.u64(), 'bytes'));

      // Tuples, lists, sets and dicts.
      case ')':
        return this.#push(new PyTuple([]));
      case '\x85':
        return this.#push(this.#tuple(1));
      case '\x86':
        return this.#push(this.#tuple(2));
      case '\x87':
        return this.#push(this.#tuple(3));
      case 't':
        return this.#push(new PyTuple(this.#toMark()));
      case ']':
      case '\x8f':
        return this.#push(new PyList());
      case 'l':
      case '\x91': {
        const items = this.#toMark();
        return this.#push(listOf(items));
      }
      case '}':
        return this.#push(new PyDict());
      case 'd': {
        const items = this.#toMark();
        this.#push(new PyDict());
        return this.#setItems(items);
      }
      case 'a':
        return this.#append([this.#pop()]);
      case 'e':
      case '\x90':
        return this.#append(this.#toMark());
      case 's': {
        const value = this.#pop();
        return this.#setItems([this.#pop(), value]);
      }
      case 'u':
        return this.#setItems(this.#toMark());

      // Names, and what would be calls.
      case 'c':
        return this.#push(this.#global(this.#line(), this.#line()));
      case '\x93': {
        const [name, module] = [this.#pop(), this.#pop()];
        if (typeof module !== 'string' || typeof name !== 'string')
          this.#fail('the name of a module and of a class', `${shownValue(module)} and ${shownValue(name)}`);
        return this.#push(this.#global(module, name));
      }
      case '\x82':
        return this.#push(this.#extension(reader.u8()));
      case '\x83':
        return this.#push(this.#extension(reader.u16()));
      case '\x84':
        return this.#push(this.#extension(reader.i32()));
      case 'R':
      case '\x81': {
        const args = this.#pop();
        return this.#push(this.#call(this.#pop(), args));
      }
      case '\x92': {
        this.#pop(); // keyword arguments, of what is not called
        const args = this.#pop();
        return this.#push(this.#call(this.#pop(), args));
      }
      case 'o': {
        const [of = null, ...args] = this.#toMark();
        return this.#push(this.#call(of, new PyTuple(args)));
      }
      case 'i': {
        const of = this.#global(this.#line(), this.#line());
        return this.#push(this.#call(of, new PyTuple(this.#toMark())));
      }
      case 'b': {
        const state = this.#pop();
        const value = this.#top();
        if (value instanceof PyInert) value.state = state; // of a dict or tensor: attributes, which are no weights
        return;
      }

      // Storages.
      case 'P':
        return this.#push(this.#persistent(this.#line()));
      case 'Q':
        return this.#push(this.#persistent(this.#pop()));

      // Framing.
      case '\x80': {
        const protocol = reader.u8();
        if (protocol > 5) this.#fail('protocol 5 or older', String(protocol));
        return;
      }
      case '\x95': {
        const length = reader.u64('the length of a frame');
        if (length > reader.left) this.#fail(`a frame of at most ${reader.left} bytes`, String(length));
        return;
      }
      default:
        reader.at--;
        this.#fail('an instruction of a pickle', `0x${code.toString(16).padStart(2, '0')}`);
    }
  }

  #fail(expected: string, got: string): never {
    return this.#reader.fail(`${expected} in the pickle`, got);
  }

  #push(value: PyValue): void {
    this.#stack.push(value);
  }

  #pop(): PyValue {
    const value = this.#stack.pop();
    if (value === undefined || value === mark) return this.#fail('a value on the stack', 'none');
    return value as PyValue;
  }

  #top(): PyValue {
    const value = this.#stack.at(-1);
    if (value === undefined || value === mark) return this.#fail('a value on the stack', 'none');
    return value as PyValue;
  }

  /** The values above the last mark, which goes with them. */
  #toMark(): PyValue[] {
    const at = this.#stack.lastIndexOf(mark);
    if (at < 0) this.#fail('a mark on the stack', 'none');
    const values = this.#stack.splice(at + 1) as PyValue[];
    this.#stack.pop();
    return values;
  }

  #tuple(count: number): PyTuple {
    const items = Array.from({ length: count }, () => this.#pop());
    return new PyTuple(items.reverse());
  }

  #append(items: readonly PyValue[]): void {
    const list = this.#top();
    if (list instanceof PyList) for (const item of items) list.items.push(item);
    else if (!(list instanceof PyInert)) this.#fail('a list to append to', shownValue(list));
  }

  #setItems(items: readonly PyValue[]): void {
    const dict = this.#top();
    if (items.length % 2 !== 0) this.#fail('pairs of keys and values', `${items.length} values`);
    if (dict instanceof PyDict) for (let i = 0; i < items.length; i += 2) dict.entries.set(items[i], items[i + 1]);
    else if (!(dict instanceof PyInert)) this.#fail('a dict to set items of', shownValue(dict));
  }

  #put(index: number): void {
    this.#memo.set(index, this.#top());
  }

  #get(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) this.#fail(`entry ${index} of the memo`, 'none');
    else this.#push(value);
  }

  #global(module: string, name: string): PyGlobal {
    const global = new PyGlobal(module, name);
    this.globals.add(global.path);
    return global;
  }

  /** A class by its number in a registry that only the program which wrote the file has. */
  #extension(code: number): PyGlobal {
    return this.#global('copyreg extension', String(code));
  }

  #call(of: PyValue, args: PyValue): PyValue {
    if (of instanceof PyGlobal) return construct(of.path, args, this.#problem) ?? new PyInert(of.path, args);
    if (of instanceof PyInert) return new PyInert(`${of.of}()`.slice(0, limits.nameBytes), args);
    return this.#fail('a class or function', shownValue(of));
  }

  readonly #problem = (problem: string): never => this.#reader.fail('a tensor of PyTorch in the pickle', problem);

  #persistent(id: PyValue): PyValue {
    return this.#valueOf(id, (problem) => this.#fail('a persistent id', problem));
  }

  #line(): string {
    return utf8(this.#reader.line('a text', limits.nameBytes), this.#reader.source, 'a line of the pickle').replace(
      /\r$/,
      '',
    );
  }

  #text(length: number): string {
    return utf8(this.#reader.window(length, 'a text'), this.#reader.source, 'a text of the pickle');
  }

  /** 'text' or "text", with Python's escapes left as they are. */
  #quotedLine(): string {
    const line = this.#line();
    const [, , text] = /^(['"])(.*)\1$/s.exec(line) ?? [];
    return text ?? this.#fail('a text in quotes', shownValue(line));
  }

  #integerLine(): number {
    const value = this.#integer(this.#line());
    return typeof value === 'number' && value >= 0 ? value : this.#fail('a whole number from 0', String(value));
  }

  #integer(text: string): number | bigint {
    if (!/^[-+]?\d{1,300}$/.test(text)) this.#fail('a whole number', shownValue(text));
    const value = Number(text);
    return Number.isSafeInteger(value) ? value : BigInt(text);
  }

  /** Little-endian two's complement. */
  #long(length: number): number | bigint {
    if (length < 0 || length > 1024) this.#fail('a whole number of at most 1024 bytes', `${length} bytes`);
    const bytes = this.#reader.window(length, 'a whole number');
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = value * 256n + BigInt(bytes[i]);
    if (length > 0 && bytes[length - 1] >= 128) value -= 1n << BigInt(8 * length);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
}

function listOf(items: readonly PyValue[]): PyList {
  const list = new PyList();
  for (const item of items) list.items.push(item);
  return list;
}

/** Bytes as text, one character each. */
function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return text;
}
