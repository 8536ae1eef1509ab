import { brief } from '../brief.ts';
import { OptionError } from '../errors.ts';

/** What every reader of a file in memory checks first. */
export function checkBytes(who: string, bytes: unknown): asserts bytes is Uint8Array {
  if (!(bytes instanceof Uint8Array))
    throw new OptionError(who, 'bytes', `expected the bytes of a file, a Uint8Array, got ${brief(bytes)}`);
}
