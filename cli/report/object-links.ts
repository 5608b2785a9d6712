/** Pages of others on an object, for people. */
export function objectLinks(
  survey: string,
  objectId: string,
  { ra, dec }: { readonly ra: number; readonly dec: number },
): string[] {
  const name = encodeURIComponent(objectId);
  const tns = new URL('https://www.wis-tns.org/search');
  for (const [key, value] of Object.entries({
    ra: ra.toFixed(6),
    decl: dec.toFixed(6),
    radius: '5',
    coords_unit: 'arcsec',
  })) {
    tns.searchParams.set(key, value);
  }
  const own =
    survey === 'ztf'
      ? [`https://alerce.online/object/${name}`, `https://lasair-ztf.lsst.ac.uk/objects/${name}/`]
      : [`https://lasair-lsst.lsst.ac.uk/objects/${name}/`];
  return [...own, tns.href];
}
