import { findPublishedSha256 } from './official-download.js';

const SUM = '09a0326a51db84d02735e53542b9ebd8c4758daf47482a9ab0abce15844e60d5';
const OTHER = 'f'.repeat(64);

describe('the sha256 that a maker publishes', () => {
  it('is found in a file of sums by the name of the archive', () => {
    const sums = `${OTHER}  temporal_cli_1.9.1_linux_arm64.tar.gz\n${SUM}  temporal_cli_1.9.1_linux_amd64.tar.gz\n`;
    expect(findPublishedSha256(sums, 'temporal_cli_1.9.1_linux_amd64.tar.gz')).toBe(SUM);
  });

  it('is found in a listing of a release by the name of the archive', () => {
    const assets = [
      { name: 'temporal-test-server_1.40.0_macOS_arm64.tar.gz', digest: `sha256:${SUM}` },
      { name: 'temporal-test-server_1.40.0_linux_arm64.tar.gz', digest: `sha256:${OTHER}` },
      { name: 'notes.txt', digest: null },
    ];
    const listing = JSON.stringify({ tag_name: 'v1.40.0', assets });
    expect(findPublishedSha256(listing, 'temporal-test-server_1.40.0_macOS_arm64.tar.gz')).toBe(SUM);
    expect(findPublishedSha256(listing, 'notes.txt')).toBeUndefined();
  });

  it('is not taken from a line about another archive', () => {
    expect(findPublishedSha256(`${OTHER}  mongodb-macos-arm64-8.0.19.tgz`, 'mongodb-8.0.19.tgz')).toBeUndefined();
    expect(findPublishedSha256('<html>Not found</html>', 'mongodb-8.0.19.tgz')).toBeUndefined();
  });
});
