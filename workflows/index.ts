export { channel } from './channel.js';
export { stream } from './stream.js';
export { transient } from './transient.js';
