/** A GIF without what it says beside its frames: comments, texts, and what programs wrote into it. Drawing it anew would stop it. */

const EXTENSION = 0x21;
const FRAME = 0x2c;
const END = 0x3b;
const CONTROL = 0xf9;
const APPLICATION = 0xff;
/** The only thing a program may say: how often it repeats. */
const LOOPS = /^(NETSCAPE2\.0|ANIMEXTS1\.0)$/u;

/** Bytes of a colour table, by the flags of its header. */
const table = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1));

/** The end of a run of sub-blocks, or null where it is cut. */
function afterBlocks(bytes: Uint8Array, from: number): number | null {
  for (let at = from; at < bytes.length;) {
    const length = bytes[at] ?? 0;
    if (length === 0) return at + 1;
    at += 1 + length;
  }
  return null;
}

/** Null where it is not built as a GIF is. */
export function cleanGif(bytes: Uint8Array): Uint8Array<ArrayBuffer> | null {
  let at = 13 + table(bytes[10] ?? 0);
  const kept: Uint8Array[] = [bytes.subarray(0, at)];
  while (at < bytes.length) {
    const kind = bytes[at];
    if (kind === END) return joined([...kept, bytes.subarray(at, at + 1)]);
    const label = bytes[at + 1];
    const body =
      kind === EXTENSION
        ? at + 2
        : kind === FRAME
          ? at + 11 + table(bytes[at + 9] ?? 0)
          : bytes.length;
    const end = afterBlocks(bytes, body);
    if (end === null) return null;
    const program = String.fromCharCode(...bytes.subarray(at + 3, at + 14));
    if (kind === FRAME || label === CONTROL || (label === APPLICATION && LOOPS.test(program)))
      kept.push(bytes.subarray(at, end));
    at = end;
  }
  return null;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
