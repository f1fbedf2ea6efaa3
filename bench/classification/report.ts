/** A table in plain text: columns as wide as their longest cell. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map((row) =>
    row.map((cell) => (typeof cell === 'number' ? format(cell) : cell)),
  );
  const widths = cells[0]!.map((_, column) =>
    Math.max(...cells.map((row) => (row[column] ?? '').length)),
  );
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function format(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(3);
}

export function heading(text: string): void {
  console.log(`\n== ${text}`);
}

/** A figure beside its bar. */
export function bar(what: string, value: number, sign: '>=' | '<=', want: number): void {
  const reached = sign === '>=' ? value >= want : value <= want;
  console.log(`${reached ? 'reached' : 'MISSED '}  ${what}: ${format(value)} (${sign} ${want})`);
}
