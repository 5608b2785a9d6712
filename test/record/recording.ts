/** Imported before tests of workflows, makes them keep their histories. */
process.env['AMPEL_RECORD_HISTORIES'] = '1';
