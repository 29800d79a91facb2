/** Hands a text or a picture to the browser as a file. */
const FREE_AFTER_MS = 60_000;

export function saveFile(name: string, parts: readonly (string | Blob)[], type: string): void {
  const address = URL.createObjectURL(new Blob([...parts], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // Some browsers read it only after the click has returned.
  setTimeout(() => URL.revokeObjectURL(address), FREE_AFTER_MS);
}
