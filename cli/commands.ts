import type { Command } from 'commander';

/** A command by name, with its code loaded only when it is asked for. */
export interface CommandEntry {
  /** One line for `ampel --help`. */
  readonly summary: string;
  load(): Promise<Command>;
}

/** All commands under the headings of `ampel --help`: `channel check` is the verb `check` of the group `channel`. */
export const commands: Readonly<Record<string, Readonly<Record<string, CommandEntry>>>> = {
  'To begin with:': {
    demo: {
      summary: 'show the whole broker at work on some nights of alerts',
      load: async () => (await import('./demo.js')).demoCommand(),
    },
  },
  'Without servers:': {
    inspect: {
      summary: 'read alerts: identities, measurements, state',
      load: async () => (await import('./inspect.js')).inspectCommand(),
    },
    'channel check': {
      summary: 'check a channel file',
      load: async () => (await import('./channel-check.js')).channelCheckCommand(),
    },
    'channel schema': {
      summary: 'print the JSON Schema of channel files, for editors',
      load: async () => (await import('./channel-schema.js')).channelSchemaCommand(),
    },
    'channel try': {
      summary: "run a channel's filter over alerts",
      load: async () => (await import('./channel-try.js')).channelTryCommand(),
    },
    'unit list': {
      summary: 'list the units that channels can use',
      load: async () => (await import('./unit-list.js')).unitListCommand(),
    },
    'unit show': {
      summary: 'show what a unit does and how it is configured',
      load: async () => (await import('./unit-show.js')).unitShowCommand(),
    },
    'unit new': {
      summary: 'write a unit of your own to begin with, and its test',
      load: async () => (await import('./unit-new.js')).unitNewCommand(),
    },
    'unit run': {
      summary: 'run one unit on alerts',
      load: async () => (await import('./unit-run.js')).unitRunCommand(),
    },
    simulate: {
      summary: 'write the alerts of a simulated survey',
      load: async () => (await import('./simulate.js')).simulateCommand(),
    },
    replay: {
      summary: 'replay a history and compare it with what this program would do',
      load: async () => (await import('./replay.js')).replayCommand(),
    },
  },
  'Channels, streams, objects:': {
    'channel start': {
      summary: 'start a channel from its file',
      load: async () => (await import('./channel-start.js')).channelStartCommand(),
    },
    'channel revise': {
      summary: 'give a running channel another revision',
      load: async () => (await import('./channel-revise.js')).channelReviseCommand(),
    },
    'unit recompute': {
      summary: 'compute results again with the units of now',
      load: async () => (await import('./unit-recompute.js')).unitRecomputeCommand(),
    },
    'channel list': {
      summary: 'list the channels that were started',
      load: async () => (await import('./channel-list.js')).channelListCommand(),
    },
    'channel show': {
      summary: 'show a channel and what it accepted',
      load: async () => (await import('./channel-show.js')).channelShowCommand(),
    },
    'channel pause': {
      summary: 'screen no more alerts for it until it is resumed',
      load: async () => (await import('./channel-pause.js')).channelPauseCommand(),
    },
    'channel resume': {
      summary: 'screen alerts for it again',
      load: async () => (await import('./channel-resume.js')).channelResumeCommand(),
    },
    'channel stop': {
      summary: 'end a channel',
      load: async () => (await import('./channel-stop.js')).channelStopCommand(),
    },
    'transient list': {
      summary: 'list the objects that channels follow',
      load: async () => (await import('./transient-list.js')).transientListCommand(),
    },
    'transient show': {
      summary: 'show all that is known of an object',
      load: async () => (await import('./transient-show.js')).transientShowCommand(),
    },
    plot: {
      summary: 'draw the light curve of an object, or of the alerts in some files',
      load: async () => (await import('./plot.js')).plotCommand(),
    },
    report: {
      summary: 'write what a channel made of a night as one HTML file',
      load: async () => (await import('./report.js')).reportCommand(),
    },
    explain: {
      summary: 'tell why an object was accepted or not, each time',
      load: async () => (await import('./explain.js')).explainCommand(),
    },
    'stream start': {
      summary: 'read alerts for the active channels',
      load: async () => (await import('./stream-start.js')).streamStartCommand(),
    },
    'stream list': {
      summary: 'list the streams with their state and position',
      load: async () => (await import('./stream-list.js')).streamListCommand(),
    },
    'stream show': {
      summary: 'show where a stream is and what it is doing',
      load: async () => (await import('./stream-show.js')).streamShowCommand(),
    },
    'stream pause': {
      summary: 'read no further until it is resumed',
      load: async () => (await import('./stream-pause.js')).streamPauseCommand(),
    },
    'stream resume': {
      summary: 'read on',
      load: async () => (await import('./stream-resume.js')).streamResumeCommand(),
    },
    'stream rewind': {
      summary: 'read again from a position or time',
      load: async () => (await import('./stream-rewind.js')).streamRewindCommand(),
    },
    'stream stop': {
      summary: 'end a stream, its position is kept',
      load: async () => (await import('./stream-stop.js')).streamStopCommand(),
    },
  },
  'On call:': {
    'deadletters list': {
      summary: 'list what could not be read, and why',
      load: async () => (await import('./deadletters-list.js')).deadLettersListCommand(),
    },
    'deadletters show': {
      summary: 'show one of them, or save its bytes',
      load: async () => (await import('./deadletters-show.js')).deadLettersShowCommand(),
    },
    'deadletters retry': {
      summary: 'try to read them again',
      load: async () => (await import('./deadletters-retry.js')).deadLettersRetryCommand(),
    },
    'schedule list': {
      summary: 'list the rules that run by the clock',
      load: async () => (await import('./schedule-list.js')).scheduleListCommand(),
    },
    'schedule show': {
      summary: 'show when such a rule runs, and what its runs came to',
      load: async () => (await import('./schedule-show.js')).scheduleShowCommand(),
    },
    'schedule trigger': {
      summary: 'run such a rule now, or as of another time',
      load: async () => (await import('./schedule-trigger.js')).scheduleTriggerCommand(),
    },
    'schedule backfill': {
      summary: 'run it for all times of a past',
      load: async () => (await import('./schedule-backfill.js')).scheduleBackfillCommand(),
    },
    'schedule pause': {
      summary: 'run it no more, until it is resumed',
      load: async () => (await import('./schedule-turn.js')).scheduleTurnCommand('pause'),
    },
    'schedule resume': {
      summary: 'run it again',
      load: async () => (await import('./schedule-turn.js')).scheduleTurnCommand('resume'),
    },
    'reactions list': {
      summary: 'list who was told what, and what came of it',
      load: async () => (await import('./reactions-list.js')).reactionsListCommand(),
    },
    'reactions show': {
      summary: 'show one of them with its message',
      load: async () => (await import('./reactions-show.js')).reactionsShowCommand(),
    },
    'reactions approve': {
      summary: 'say yes or no to one that waits for a person',
      load: async () => (await import('./reactions-approve.js')).reactionsApproveCommand(),
    },
    'reactions resolve': {
      summary: 'say what has become of one whose outcome is unknown',
      load: async () => (await import('./reactions-resolve.js')).reactionsResolveCommand(),
    },
  },
  'Servers:': {
    up: {
      summary: 'start Temporal and MongoDB on this machine',
      load: async () => (await import('./up.js')).upCommand(),
    },
    down: {
      summary: 'stop them',
      load: async () => (await import('./down.js')).downCommand(),
    },
    status: {
      summary: 'show whether they run and where',
      load: async () => (await import('./status.js')).statusCommand(),
    },
    worker: {
      summary: 'do the work of channels, streams and transients',
      load: async () => (await import('./worker.js')).workerCommand(),
    },
  },
};

/** What the groups are about, for `ampel --help GROUP` and where a verb is missing. */
export const groups: Readonly<Record<string, string>> = {
  channel: 'what a scientist asks for: which alerts, which computations, which reactions',
  stream: 'running inputs: alerts of surveys, notices of events',
  deadletters: 'what streams could not read, kept to be looked at and tried again',
  schedule: 'rules of channels that run by the clock, over many objects',
  reactions: 'messages to the world: intended, sent, confirmed, failed, or nobody knows',
  transient: 'objects of the sky and what is known of them',
  unit: 'the code that channels are made of: filters (t0), computations (t2), reactions (t3)',
};
