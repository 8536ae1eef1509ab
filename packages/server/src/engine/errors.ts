// Errors between threads: as data on the way, as an error of the same name and code behind it.

import { UnrolledError } from 'unrolled';
import { EngineError, type EngineProblem } from './engine.ts';

/** An error as data. */
export interface ErrorData {
  readonly problem: EngineProblem | null;
  readonly code: string;
  readonly name: string;
  readonly message: string;
  readonly param?: string;
  readonly stack?: string;
}

export function dataOf(error: unknown): ErrorData {
  const { name, message, option, param, stack } = Object(error) as Partial<Record<string, unknown>>;
  const at = typeof param === 'string' ? param : typeof option === 'string' ? option : undefined;
  const shared = { name: textOf(name, 'Error'), message: textOf(message, String(error)), param: at };
  if (error instanceof EngineError) return { ...shared, problem: error.problem, code: error.code };
  if (error instanceof UnrolledError) return { ...shared, problem: null, code: error.code };
  return { ...shared, problem: 'worker', code: 'engine-worker', stack: typeof stack === 'string' ? stack : undefined };
}

const textOf = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

/** The error that the caller gets. */
export function errorOf({ problem, code, name, message, param, stack }: ErrorData): UnrolledError {
  if (problem) return new EngineError(problem, message, { param, cause: stack });
  const error = new UnrolledError(code, message);
  error.name = name;
  return Object.assign(error, param === undefined ? {} : { param });
}
