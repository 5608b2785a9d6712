import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';

// One a process, before anything else of Temporal. Failing activities and replays are what these tests are about.
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
});
