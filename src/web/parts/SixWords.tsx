/** Six words to read out and compare. */
export function SixWords({ code, label }: { readonly code: string; readonly label: string }) {
  return (
    <figure
      aria-label={label}
      lang="en"
      dir="ltr"
      className="grid w-fit grid-cols-3 gap-x-5 gap-y-0.5 font-mono text-[1.0625rem] leading-7 font-[600] select-all"
    >
      {code.split(/\s+/).map((word, place) => (
        // Two words may be equal, so their place is the key. The space keeps them apart for screen readers and copying.
        <span key={place}>{`${word} `}</span>
      ))}
    </figure>
  );
}
