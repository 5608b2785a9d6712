import { ARCHIVE_PARTITION } from '../../model/stream.js';
import type { PacketPlace } from '../packet.js';
import type { SurveyOptions } from './options.js';
import { simulateSurvey } from './survey.js';

/** A simulated alert as a message. */
export interface SimulatedMessage extends PacketPlace {
  readonly bytes: Buffer;
}

/** The alerts of a simulated survey from the one at `fromOffset`, in order of time, made as they are asked for. */
export function* simulatedMessages(options: SurveyOptions, fromOffset = 0): Generator<SimulatedMessage> {
  let offset = 0;
  for (const { date, alerts } of simulateSurvey(options)) {
    for (const { packet, fileName } of alerts) {
      if (offset >= fromOffset)
        yield { partition: ARCHIVE_PARTITION, offset, place: `${date}/${fileName}`, bytes: packet };
      offset++;
    }
  }
}
