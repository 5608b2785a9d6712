import { compareVersions } from './program-version.js';
import { mongodProgram, temporalProgram, temporalTestServerProgram } from './server-program.js';

describe('the table of server programs', () => {
  const programs = [temporalProgram, temporalTestServerProgram, mongodProgram];

  it.each(programs)('pins a whole sha256 wherever it pins one: $name', ({ releases }) => {
    const pinned = releases.flatMap(({ source, programSha256 }) => [source.archiveSha256 ?? [], programSha256 ?? []]);
    expect(pinned.flat().filter((sum) => !/^[0-9a-f]{64}$/.test(sum))).toEqual([]);
    expect(pinned.flat().length).toBeGreaterThanOrEqual(2);
  });

  it.each(programs)("knows the maker's download for Linux and macOS on both processors: $name", ({ releases }) => {
    const official = releases.filter(({ source }) => source.kind === 'official').map(({ platform }) => platform);
    expect(official).toEqual(['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64']);
  });

  it.each(programs)('offers nothing older than what it accepts on PATH: $name', ({ releases, oldestVersion }) => {
    const tooOld = releases.filter(({ version }) => compareVersions(version, oldestVersion) < 0);
    expect(tooOld).toEqual([]);
  });
});

describe('versions', () => {
  it('are ordered by number, not by letter', () => {
    expect(compareVersions('10.0.0', '9.1.0')).toBeGreaterThan(0);
    expect(compareVersions('6.0.5', '6.0.19')).toBeLessThan(0);
    expect(compareVersions('6.0.5', '6.0.5')).toBe(0);
  });
});
