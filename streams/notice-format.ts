import type { Format } from './format.js';

/** The bytes of one message that should be a notice. */
export interface NoticeMessage {
  readonly bytes: Buffer;
}

/** Notices of GCN: one a message, in XML or JSON. */
export const noticeFormat: Format<NoticeMessage> = {
  isPacket: (head, name) => /\.(xml|json)$/.test(name) || /^\s*</.test(head.toString('latin1')),
  unpack: (bytes) => [{ bytes }],
};
