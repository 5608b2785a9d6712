import { Option } from 'commander';

/** `--schemas WHERE`, for alerts that name their schema by number, as LSST's on Kafka. */
export function schemasOption(): Option {
  return new Option(
    '--schemas <where>',
    'Avro schemas that messages name by number: a folder, a tar.gz or the address of a registry',
  ).env('AMPEL_SCHEMAS');
}
