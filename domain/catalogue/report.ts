/** What the checks of a catalogue share. */
export type Report = (path: string, message: string) => void;

export function reportRepeats(items: readonly { id: string }[], path: string, report: Report): void {
  items.forEach((item, index) => {
    if (items.findIndex((other) => other.id === item.id) !== index)
      report(`${path}.${index}.id`, `given twice: ${item.id}`);
  });
}

export function compiles(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}
