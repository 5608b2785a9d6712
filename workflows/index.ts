export { channel } from './channel.js';
export { reaction } from './reaction.js';
export { recompute } from './recompute.js';
export { retryDeadLetters } from './retry-dead-letters.js';
export { stream } from './stream.js';
export { transient } from './transient.js';
