// Fields of OpenAI's requests that would change the answer and cannot be honored here: an answer without them would be a wrong one. What does not
// change it (`user`, `metadata`, `store`) is accepted and ignored.

import { ApiError } from '../http/api-error.ts';

const isSet = (value: unknown): boolean =>
  value !== null && value !== undefined && value !== 0 && value !== false && value !== '' && !isEmpty(value);

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** Throws an ApiError 400 for the first of these fields that is set. */
export function refuseUnsupported(body: object, names: readonly string[]): void {
  const fields = body as Readonly<Record<string, unknown>>;
  for (const name of names)
    if (isSet(fields[name]))
      throw new ApiError(
        400,
        'unsupported_parameter',
        `${name} is not supported by recurrent language models here; leave it out`,
        {
          param: name,
        },
      );
}
