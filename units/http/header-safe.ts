/** The secret, fit for a header. A stray line break would make `fetch` print the whole value in its error. */
export function headerSafe(name: string, value: string): string {
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw new Error(
    `The secret "${name}" cannot be sent in a header: it is empty or has spaces, line breaks or non-ASCII letters`,
  );
}
