import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Certificates {
  /** File with the authority's certificate, for clients. */
  readonly caPath: string;
  /** File of another authority, that has vouched for nobody. */
  readonly strangerPath: string;
  /** Key and certificate of a broker on this machine, as Kafka reads them (PEM). */
  readonly brokerPath: string;
}

/** Makes an authority and a broker's certificate for 127.0.0.1, good for a day. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const path = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): Promise<unknown> => run('openssl', args, { cwd: folder });
  const authority = (name: string): Promise<unknown> =>
    openssl(
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', `/CN=${name}`],
      ...['-keyout', `${name}.key`, '-out', `${name}.pem`],
    );
  await authority('authority');
  await authority('stranger');
  await writeFile(path('names.cnf'), 'subjectAltName=IP:127.0.0.1\n');
  await openssl(
    ...['req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=broker', '-keyout', 'broker.key', '-out', 'broker.csr'],
  );
  await openssl(
    ...['x509', '-req', '-in', 'broker.csr', '-CA', 'authority.pem', '-CAkey', 'authority.key', '-CAcreateserial'],
    ...['-days', '1', '-extfile', 'names.cnf', '-out', 'broker.crt'],
  );
  const parts = await Promise.all(['broker.key', 'broker.crt'].map((name) => readFile(path(name), 'utf8')));
  await writeFile(path('broker.pem'), parts.join(''));
  return { caPath: path('authority.pem'), strangerPath: path('stranger.pem'), brokerPath: path('broker.pem') };
}
