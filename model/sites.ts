import type { Site } from './run-times.js';

/** Observatories by the name that channel files call them: geodetic latitude and longitude (deg, east positive), height (m). */
export const SITES: readonly Site[] = [
  { name: 'calar-alto', latitudeDeg: 37.2236, longitudeDeg: -2.5463, heightM: 2168 },
  { name: 'kitt-peak', latitudeDeg: 31.9599, longitudeDeg: -111.5997, heightM: 2096 },
  { name: 'la-palma', latitudeDeg: 28.7606, longitudeDeg: -17.8817, heightM: 2327 },
  { name: 'la-silla', latitudeDeg: -29.2567, longitudeDeg: -70.73, heightM: 2347 },
  { name: 'maunakea', latitudeDeg: 19.8261, longitudeDeg: -155.4747, heightM: 4160 },
  { name: 'palomar', latitudeDeg: 33.3564, longitudeDeg: -116.865, heightM: 1712 },
  { name: 'paranal', latitudeDeg: -24.6272, longitudeDeg: -70.4042, heightM: 2635 },
  { name: 'rubin', latitudeDeg: -30.2446, longitudeDeg: -70.7494, heightM: 2663 },
  { name: 'siding-spring', latitudeDeg: -31.2733, longitudeDeg: 149.0617, heightM: 1149 },
  { name: 'sutherland', latitudeDeg: -32.3794, longitudeDeg: 20.8107, heightM: 1798 },
];
