/** Tables as spreadsheets save them: RFC 4180, with commas, semicolons or tabs between the cells. */

export interface CsvRow {
  /** Where it begins in the file, 1 first. */
  line: number;
  cells: string[];
  /** The file ended inside a quoted cell: nothing behind the quote is to be trusted. */
  isOpen: boolean;
}

const separators = [',', '\t', ';'] as const;

/** Row by row; rows without any text are left out. */
export function* readCsv(text: string): Generator<CsvRow> {
  const separator = separatorOf(text);
  let [line, begun] = [1, 1];
  let cells: string[] = [];
  let cell = '';
  let state: 'plain' | 'quoted' | 'closed' = 'plain';
  const endRow = (isOpen: boolean): CsvRow | undefined => {
    const row = { line: begun, cells: [...cells, cell], isOpen };
    [cells, cell, state] = [[], '', 'plain'];
    return row.cells.some((one) => one.trim() !== '') ? row : undefined;
  };
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    const isEnd = char === '\n' || (char === '\r' && text.charAt(at + 1) !== '\n');
    if (isEnd) line += 1;
    if (state === 'quoted') {
      if (char !== '"') cell += char;
      else if (text.charAt(at + 1) === '"') {
        cell += char;
        at += 1;
      } else state = 'closed';
    } else if (isEnd) {
      const row = endRow(false);
      if (row) yield row;
      begun = line;
    } else if (char === separator) {
      cells.push(cell);
      [cell, state] = ['', 'plain'];
    } else if (char === '"' && state === 'plain' && cell.trim() === '') [cell, state] = ['', 'quoted'];
    else if (char !== '\r') cell += char;
  }
  const last = endRow(state === 'quoted');
  if (last) yield last;
}

/** Whichever stands most often in the first line. */
function separatorOf(text: string): string {
  const [head = ''] = text.split(/[\r\n]/u, 1);
  const count = (separator: string): number => head.split(separator).length;
  return separators.reduce((best, one) => (count(one) > count(best) ? one : best));
}

/** With the end of its line. A cell that a spreadsheet would take for a formula is shown as the text that it is. */
export const writeCsvRow = (cells: readonly string[]): string => `${cells.map(writeCell).join(',')}\r\n`;

function writeCell(text: string): string {
  const shown = /^[=+\-@\t\r]/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/u.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}
