/** Bytes that come in pieces of any size, taken in pieces of other sizes. */
export class ByteReader {
  private current: Buffer = Buffer.alloc(0);

  constructor(private readonly pieces: AsyncGenerator<Buffer, void>) {}

  /** The next `length` bytes, fewer where there are no more. They stay to be taken. */
  async peek(length: number): Promise<Buffer> {
    if (this.current.length >= length) return this.current.subarray(0, length);
    const bytes = await this.take(length);
    this.current = this.current.length === 0 ? bytes : Buffer.concat([bytes, this.current]);
    return bytes;
  }

  /** The next `length` bytes, fewer where there are no more: a view where they came in one piece. */
  async take(length: number): Promise<Buffer> {
    if (this.current.length >= length) return this.cut(length);
    const parts = [this.cut(this.current.length)];
    let missing = length - (parts[0]?.length ?? 0);
    while (missing > 0 && (await this.next())) {
      const part = this.cut(Math.min(missing, this.current.length));
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** Passes over `length` bytes; how many of them there were. */
  async skip(length: number): Promise<number> {
    let missing = length - this.cut(Math.min(length, this.current.length)).length;
    while (missing > 0 && (await this.next())) missing -= this.cut(Math.min(missing, this.current.length)).length;
    return length - missing;
  }

  /** What was not taken. */
  async *rest(): AsyncGenerator<Buffer, void> {
    if (this.current.length > 0) yield this.cut(this.current.length);
    while (await this.next()) yield this.cut(this.current.length);
  }

  /** To be called when no more is wanted. */
  async close(): Promise<void> {
    await this.pieces.return();
  }

  private cut(length: number): Buffer {
    const bytes = this.current.subarray(0, length);
    this.current = this.current.subarray(length);
    return bytes;
  }

  private async next(): Promise<boolean> {
    const { value } = await this.pieces.next();
    this.current = value ?? Buffer.alloc(0);
    return value !== undefined;
  }
}
