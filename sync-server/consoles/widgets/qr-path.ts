import { create } from 'qrcode';

/** White around it, as the standard asks for: 4 modules. */
const quiet = 4;

/** The dark modules of a QR code as one path, and how many modules it is wide with its quiet zone. */
export function qrPath(text: string): { path: string; size: number } {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const squares = Array.from(modules.data, (isDark, index) =>
    isDark ? `M${(index % modules.size) + quiet} ${Math.floor(index / modules.size) + quiet}h1v1h-1z` : '',
  );
  return { path: squares.join(''), size: modules.size + 2 * quiet };
}
