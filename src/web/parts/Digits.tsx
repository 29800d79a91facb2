/** A code of 60 digits in blocks of five, three to a line. */
export function Digits({ code, label }: { readonly code: string; readonly label: string }) {
  const blocks = code.replaceAll(/\D/g, '').match(/\d{1,5}/g) ?? [];
  return (
    <figure
      aria-label={label}
      dir="ltr"
      className="num grid w-fit grid-cols-3 gap-x-4 gap-y-0.5 font-mono text-[1rem] leading-7 font-[600] select-all"
    >
      {blocks.map((block, place) => (
        // Two blocks may be equal, so their place is the key. The space keeps them apart for screen readers and copying.
        <span key={place}>{`${block} `}</span>
      ))}
    </figure>
  );
}
