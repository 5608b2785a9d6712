import { isAddress } from './archive/download.js';
import { readLocalSchemas } from './avro/local-schemas.js';
import { SchemaRegistry } from './avro/schema-registry.js';
import type { SchemaSource } from './avro/schema-source.js';

/** Schemas by number: of a registry at an address, or of a folder or tar.gz. Throws where there are none. */
export async function numberedSchemas(where: string): Promise<SchemaSource> {
  return isAddress(where) ? new SchemaRegistry({ baseUrl: where }) : readLocalSchemas(where);
}
