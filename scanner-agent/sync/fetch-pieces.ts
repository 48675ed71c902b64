/** A file that comes piece by piece, each asked for by where it begins; the server says how long the whole is. */
export async function fetchPieces(
  ask: (off: number) => Promise<{ size: number; buf: Uint8Array }>,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let off = 0, size = 1; off < size;) {
    const piece = await ask(off);
    if (piece.buf.length === 0) break;
    pieces.push(piece.buf);
    off += piece.buf.length;
    size = piece.size;
  }
  return new Uint8Array(Buffer.concat(pieces));
}
