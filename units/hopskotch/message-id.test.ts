import { messageId, uuidOfName, uuidText } from './message-id.js';

describe('the id of a message', () => {
  it('is a UUID of version 5, by the example of RFC 9562', () => {
    const dns = Buffer.from('6ba7b8109dad11d180b400c04fd430c8', 'hex');
    expect(uuidText(uuidOfName(dns, 'www.example.com'))).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });

  it('is the same at every try, and another for another key', () => {
    expect(messageId('RAPID/publish/1')).toEqual(messageId('RAPID/publish/1'));
    expect(messageId('RAPID/publish/1')).not.toEqual(messageId('RAPID/publish/2'));
    expect(messageId('RAPID/publish/1')).toHaveLength(16);
  });
});
