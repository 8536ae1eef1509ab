// A table as CSV, as every spreadsheet reads it: numbers with all their digits.

export interface TableData {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** Cells with commas, quotation marks or line breaks are quoted. */
export function csvOf({ head, rows }: TableData): string {
  const field = (value: string | number) => {
    const text = Number.isNaN(value) ? '' : String(value);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${[head, ...rows].map((row) => row.map(field).join(',')).join('\r\n')}\r\n`;
}
