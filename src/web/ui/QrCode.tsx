/** A text as a square to scan, drawn as one path. Dark on light in both themes: scanners want it so. */
import { qrPath } from './qr.ts';

export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { path, size } = qrPath(text);
  return (
    <figure aria-label={label}>
      <svg
        aria-hidden
        viewBox={`0 0 ${size} ${size}`}
        shapeRendering="crispEdges"
        className="block w-full rounded-md bg-white text-black"
      >
        <path d={path} fill="currentColor" />
      </svg>
    </figure>
  );
}
