/** Several SVG pictures as one, below each other. */
export function stackedSvg(pictures: readonly string[]): string {
  const sizes = pictures.map(svgSize);
  const width = Math.max(0, ...sizes.map((size) => size.width));
  const height = sizes.reduce((sum, size) => sum + size.height, 0);
  let top = 0;
  const parts = pictures.map((svg, index) => {
    const placed = svg.replace('<svg ', `<svg y="${top}" `);
    top += sizes[index]?.height ?? 0;
    return placed;
  });
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  const white = `<rect width="${width}" height="${height}" fill="white"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${white}${parts.join('')}</svg>`;
}

/** Size of an SVG picture (px). */
export function svgSize(svg: string): { readonly width: number; readonly height: number } {
  const side = (name: string): number => {
    const found = new RegExp(`^<svg [^>]*?\\b${name}="([\\d.]+)"`).exec(svg)?.[1];
    if (found === undefined) throw new TypeError(`the picture has no ${name}`);
    return Number(found);
  };
  return { width: side('width'), height: side('height') };
}
