import { Readable } from 'node:stream';

/** True for what is fetched over HTTP. */
export function isAddress(path: string): boolean {
  return /^https?:\/\//.test(path);
}

/** The bytes behind an address, as they come. Throws where it answers with anything but them. */
export async function download(address: string): Promise<Readable> {
  let answer: Response;
  try {
    answer = await fetch(address);
  } catch (error) {
    const { cause } = error as { readonly cause?: unknown };
    const why = cause instanceof Error ? cause.message : String(error);
    throw new Error(`${address} cannot be reached: ${why}`, { cause: error });
  }
  if (!answer.ok || answer.body === null) throw new Error(`${address} answers ${answer.status} ${answer.statusText}`);
  return Readable.fromWeb(answer.body);
}
