import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import type { SurveyOptions } from '../../streams/simulation/options.js';
import { simulateSurvey } from '../../streams/simulation/survey.js';

export interface Nights {
  /** One tar a night. */
  readonly paths: readonly string[];
  readonly alerts: number;
  /** Packets among them that nobody can read. */
  readonly damaged: number;
}

/** One damaged packet after so many good ones. */
const DAMAGED_EVERY = 250;

/** Ways in which a packet arrives damaged: cut off, empty, another program's, with the end of its block overwritten. */
const DAMAGES: readonly ((packet: Buffer) => Buffer)[] = [
  (packet) => packet.subarray(0, packet.length >> 1),
  () => Buffer.alloc(0),
  () => Buffer.from('<html>503 Service Unavailable</html>'),
  (packet) => Buffer.concat([packet.subarray(0, -16), Buffer.alloc(16)]),
];

/** A packet in one of the ways in which packets arrive damaged: `which`, 0 and up, chooses it. */
export function damaged(packet: Buffer, which: number): Buffer {
  const damage = DAMAGES[which % DAMAGES.length];
  return damage === undefined ? packet : damage(packet);
}

/** Simulates nights of a survey and writes them as tars, with damaged packets among the good ones. */
export async function simulateNights(folder: string, options: SurveyOptions): Promise<Nights> {
  const paths: string[] = [];
  let alerts = 0;
  let damagedCount = 0;
  for (const night of simulateSurvey({ weather: false, ...options })) {
    const path = join(folder, `${night.date}.tar`);
    const tar = pack();
    const written = pipeline(tar, createWriteStream(path));
    for (const { fileName, packet } of night.alerts) {
      tar.entry({ name: fileName }, packet);
      if (++alerts % DAMAGED_EVERY !== 0) continue;
      tar.entry({ name: `damaged-${fileName}` }, damaged(packet, damagedCount++));
    }
    tar.finalize();
    await written;
    paths.push(path);
  }
  return { paths, alerts, damaged: damagedCount };
}
