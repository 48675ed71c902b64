/** Tables as spreadsheets save them: RFC 4180, with commas, semicolons or tabs between the cells. */

export interface CsvRow {
  /** Where it begins in the file, 1 first. */
  line: number;
  cells: string[];
  /** The file ended inside a quoted cell, or text stands behind one: whose cells these are nobody can tell. */
  fault?: 'open-quote' | 'stray-quote';
}

const separators = [',', '\t', ';'] as const;

/** Row by row; rows without any text are left out. */
export function* readCsv(text: string): Generator<CsvRow> {
  const separator = separatorOf(text);
  let [line, begun] = [1, 1];
  let cells: string[] = [];
  let cell = '';
  let state: 'plain' | 'quoted' | 'closed' = 'plain';
  let fault: CsvRow['fault'];
  const endRow = (): CsvRow | undefined => {
    const row = { line: begun, cells: [...cells, cell], ...(fault === undefined ? {} : { fault }) };
    [cells, cell, state, fault] = [[], '', 'plain', undefined];
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
      const row = endRow();
      if (row) yield row;
      begun = line;
    } else if (char === separator) {
      cells.push(cell);
      [cell, state] = ['', 'plain'];
    } else if (char === '"' && state === 'plain' && cell.trim() === '') [cell, state] = ['', 'quoted'];
    else if (char !== '\r') {
      if (state === 'closed' && char.trim() !== '') fault = 'stray-quote';
      cell += char;
    }
  }
  if (state === 'quoted') fault = 'open-quote';
  const last = endRow();
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
