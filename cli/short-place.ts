const MOST_LETTERS = 40;

/** The end of a place in a stream, which tells more than its beginning: `…/night/ZTF18abc.avro`. */
export function shortPlace(place: string): string {
  if (place.length <= MOST_LETTERS) return place;
  const end = place.slice(1 - MOST_LETTERS);
  const slash = end.indexOf('/');
  // Whole names, where there is one.
  return `…${slash > 0 && slash < end.length - 1 ? end.slice(slash) : end}`;
}
