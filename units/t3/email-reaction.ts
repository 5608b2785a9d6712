import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { z } from 'zod';
import { defineT3, type Answer, type Clients, type Pictures } from '../define.js';
import { mail, objectMail, PICTURE_PLACE, populationMail, type Mail } from '../mail/mail.js';
import { deliver, type SmtpServer } from '../mail/smtp.js';
import { shown } from '../message/shown.js';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;
const ADDRESS = /^[^\s@<>(),;:"\\[\]]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,250}$/;
const PORTS = { tls: 465, starttls: 587, none: 25 } as const;

const address = z.string().regex(ADDRESS, 'expected an address such as transients@example.org');

const config = z
  .strictObject({
    to: z.array(address).min(1).max(50).describe('addresses that the mail goes to'),
    from: address.describe('the address that it comes from'),
    server: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9.:-]{0,250}$/, 'expected the name of a mail server, such as smtp.example.org')
      .describe('the mail server that takes it (SMTP)'),
    security: z
      .enum(['tls', 'starttls', 'none'])
      .default('starttls')
      .describe('how the connection is encrypted; none only on this machine'),
    port: z.int().min(1).max(65_535).optional().describe('default 465 with tls, 587 with starttls, 25 with none'),
    user: z.string().min(1).optional().describe('name of the login'),
    secret: z.string().min(1).optional().describe('name of the secret that is its password'),
    subject: z.string().max(100).default('').describe('what the subject begins with, such as "[rapid] "'),
    ...shown,
    plot: z.boolean().default(true).describe('with light curve and image stamps'),
    timeoutSeconds: z.number().positive().max(50).default(20).describe('give up on this try after so long'),
  })
  .superRefine(({ security, server, user, secret }, context) => {
    if (security === 'none' && !LOOPBACK.test(server)) {
      context.addIssue({ code: 'custom', path: ['security'], message: 'expected tls or starttls for another machine' });
    }
    if ((user === undefined) !== (secret === undefined)) {
      const path = [user === undefined ? 'user' : 'secret'];
      context.addIssue({ code: 'custom', path, message: 'a login is both a user and a secret' });
    }
  });

type Config = z.output<typeof config>;

/**
 * Sends a mail on each object, or one on all that a periodic run has selected. A mail server knows no keys, and nobody can ask it:
 * where its answer is lost, a person has to look.
 */
export const emailReaction = defineT3({
  name: 'EmailReaction',
  version: '1.0.0',
  summary: 'Sends what is known of the object by e-mail, with its light curve.',
  config,
  compose: (occasion, wishes) => objectMail(occasion, wishes),
  summarize: (population, wishes) => populationMail(population, wishes),
  async send(message, key, access, clients, pictures) {
    const content = await contentOf(mail.parse(message), key, access, pictures);
    const { response, rejected } = await deliver(serverOf(access, clients), access, content);
    return answerOf(response, rejected);
  },
});

function serverOf({ server, security, port, user, secret, timeoutSeconds }: Config, clients: Clients): SmtpServer {
  const login = user !== undefined && secret !== undefined ? { user, password: clients.secret(secret) } : undefined;
  return {
    ...{ host: server, security, port: port ?? PORTS[security], timeoutMs: timeoutSeconds * 1000 },
    ...(login !== undefined && { login }),
  };
}

async function contentOf(
  { subject, text, html }: Mail,
  key: string,
  { from, to, plot }: Config,
  pictures: Pictures | undefined,
): Promise<Buffer> {
  const shownPictures = plot ? await drawn(pictures) : [];
  const images = shownPictures.map(
    ({ id, title }) => `<p><img src="cid:${id}" alt="${title}" style="max-width:100%"></p>`,
  );
  const composer = new MailComposer({
    ...{ from, to: [...to], subject, text },
    html: html.replace(PICTURE_PLACE, images.join('')),
    // The same over every try: a mail program that gets it twice shows it once.
    messageId: `<${createHash('sha256').update(key).digest('hex').slice(0, 40)}@${from.split('@')[1] ?? 'ampel'}>`,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Ampel-Key': key },
    disableFileAccess: true,
    disableUrlAccess: true,
    attachments: shownPictures.map(({ id, bytes }) => {
      return { filename: `${id}.png`, cid: id, content: Buffer.from(bytes) };
    }),
  });
  return await composer.compile().build();
}

interface Drawn {
  readonly id: string;
  readonly title: string;
  readonly bytes: Uint8Array;
}

async function drawn(pictures: Pictures | undefined): Promise<Drawn[]> {
  if (pictures === undefined) return [];
  const [curve, stamps] = await Promise.all([ifDrawn(pictures.lightCurve()), ifDrawn(pictures.cutouts())]);
  return [
    ...(curve === undefined ? [] : [{ id: 'light-curve', title: 'light curve', bytes: curve }]),
    ...(stamps === undefined ? [] : [{ id: 'image-stamps', title: 'image stamps', bytes: stamps }]),
  ];
}

/** A mail without its picture is better than none. */
function ifDrawn(picture: Promise<Uint8Array | undefined>): Promise<Uint8Array | undefined> {
  return picture.catch(() => undefined);
}

function answerOf(response: string, rejected: readonly string[]): Answer {
  const detail = response.slice(0, 300);
  if (rejected.length === 0) return { status: 'taken by the mail server', detail };
  return { status: `taken by the mail server, but not for ${rejected.join(', ')}`, detail };
}
