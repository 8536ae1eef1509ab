// What is written about a request: one entry when its answer has ended. No text of a client's is in it but its request id, which is a harmless one.

/** A request and its answer. */
export interface LogEntry {
  /** ISO 8601. */
  readonly time: string;
  readonly level: 'info' | 'warn' | 'error';
  readonly id: string;
  readonly method: string;
  /** The route's pattern, or `unknown`. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  readonly model?: string;
  readonly tokens?: number;
  /** The code of the error that was answered. */
  readonly code?: string;
  /** Of an error that is the server's: its stack, for the log alone. */
  readonly cause?: string;
}

/** Takes an entry for each request, once its answer has ended. */
export type Log = (entry: LogEntry) => void;
