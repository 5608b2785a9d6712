import { withoutPassword } from './server-status.js';

describe('the address of a data base in a report', () => {
  it('does not give its password away', () => {
    expect(withoutPassword('mongodb://ampel:s3cret@db.example:27017/?tls=true')).toBe(
      'mongodb://ampel@db.example:27017/?tls=true',
    );
    expect(withoutPassword('mongodb+srv://ampel:s3%40cret@db.example/')).toBe('mongodb+srv://ampel@db.example/');
  });

  it('is unchanged where there is none', () => {
    expect(withoutPassword('mongodb://127.0.0.1:27017/?replicaSet=rs0')).toBe(
      'mongodb://127.0.0.1:27017/?replicaSet=rs0',
    );
  });
});
