/**
 * Hands a text, or bytes, to the browser to be saved as a file.
 * @param type its media type
 */
export function saveFile(
  name: string,
  text: string | Uint8Array<ArrayBuffer>,
  type = 'application/json',
): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 10_000);
}
