// A unit takes text apart, and puts it together again.

export interface Unit {
  split(text: string, each: (token: string) => void): void;
  join(tokens: readonly string[]): string;
}
