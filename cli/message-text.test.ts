import { messageForReading } from './message-text.js';

describe('a message as a person reads it', () => {
  it('is its lines and its subject where it is plain text', () => {
    const message = { format: 'text/plain', subject: 'A title', text: 'one\r\ntwo\n\n  three' };
    expect(messageForReading(message)).toEqual({ subject: 'A title', text: 'one\ntwo\n\n  three' });
  });

  it('needs no subject', () => {
    expect(messageForReading({ format: 'text/plain', text: 'one' })).toEqual({ text: 'one' });
  });

  it('has nothing that a terminal obeys', () => {
    const message = { format: 'text/plain', subject: 'a\u001b[2J\nb', text: 'a\u001b]0;x\u0007b\rc\u009b1md\u007fe' };
    expect(messageForReading(message)).toEqual({ subject: 'a [2J b', text: 'a ]0;x b c 1md e' });
  });

  it.each([[{ text: 'one' }], [{ format: 'text/html', text: 'one' }], [{ format: 'text/plain' }], ['text'], [null]])(
    'is none where %j is no plain text',
    (message) => {
      expect(messageForReading(message)).toBeUndefined();
    },
  );

  it('is none where nothing was composed', () => {
    expect(messageForReading(undefined)).toBeUndefined();
  });
});
