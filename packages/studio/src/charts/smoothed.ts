// Weights of regions as a surface: bilinear, each region's own weight at its center.

/** The weights at the centers of height × width pixels, row by row; beyond the outermost centers a weight stays what it is there. */
export function smoothed(map: readonly (readonly number[])[], height: number, width: number): Float32Array {
  const [rows, columns] = [map.length, map[0]?.length ?? 0];
  const values = new Float32Array(height * width);
  for (let y = 0; y < height; y++) {
    const [top, bottom, down] = between(y, height, rows);
    for (let x = 0; x < width; x++) {
      const [left, right, along] = between(x, width, columns);
      const above = map[top][left] * (1 - along) + map[top][right] * along;
      const below = map[bottom][left] * (1 - along) + map[bottom][right] * along;
      values[y * width + x] = above * (1 - down) + below * down;
    }
  }
  return values;
}

/** The two regions whose centers a pixel's center is between, and how near it is to the second. */
function between(
  pixel: number,
  pixels: number,
  regions: number,
): readonly [first: number, second: number, part: number] {
  const at = Math.min(regions - 1, Math.max(0, ((pixel + 0.5) * regions) / pixels - 0.5));
  const first = Math.floor(at);
  return [first, Math.min(regions - 1, first + 1), at - first];
}
