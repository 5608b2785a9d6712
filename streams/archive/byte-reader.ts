/** Bytes that come in pieces of any size, taken in pieces of other sizes: what is held at once, more after a wait. */
export class ByteReader {
  /** Read and not taken, in order; none of them empty. */
  private readonly pieces: Buffer[] = [];
  private heldBytes = 0;
  private isAtEnd = false;

  constructor(private readonly source: AsyncGenerator<Buffer, void>) {}

  /** How many bytes can be taken now. */
  get held(): number {
    return this.heldBytes;
  }

  /** True where nothing comes after what is held, as far as is known. */
  get hasEnded(): boolean {
    return this.isAtEnd;
  }

  /** Waits until `length` bytes are held, or all that there are. */
  async fill(length: number): Promise<void> {
    while (this.heldBytes < length && !this.isAtEnd) {
      const { value } = await this.source.next();
      if (value === undefined) this.isAtEnd = true;
      else if (value.length > 0) {
        this.pieces.push(value);
        this.heldBytes += value.length;
      }
    }
  }

  /** The next `length` bytes, fewer where fewer are held. They stay to be taken. */
  peek(length: number): Buffer {
    const [first = Buffer.alloc(0)] = this.pieces;
    return first.length >= length || this.pieces.length < 2
      ? first.subarray(0, length)
      : Buffer.concat(this.pieces).subarray(0, length);
  }

  /** The next `length` bytes, fewer where fewer are held: a view where they came in one piece. */
  take(length: number): Buffer {
    const bytes = this.cut(length);
    if (bytes.length === length || this.heldBytes === 0) return bytes;
    const parts = [bytes];
    for (let missing = length - bytes.length; missing > 0 && this.heldBytes > 0;) {
      const part = this.cut(missing);
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** What was not taken. */
  async *rest(): AsyncGenerator<Buffer, void> {
    for (;;) {
      await this.fill(1);
      if (this.heldBytes === 0) return;
      yield this.cut(this.heldBytes);
    }
  }

  /** To be called when no more is wanted. */
  async close(): Promise<void> {
    await this.source.return();
  }

  /** At most `length` bytes of the first piece. */
  private cut(length: number): Buffer {
    const [first = Buffer.alloc(0)] = this.pieces;
    const bytes = first.subarray(0, length);
    if (bytes.length === first.length) this.pieces.shift();
    else this.pieces[0] = first.subarray(length);
    this.heldBytes -= bytes.length;
    return bytes;
  }
}
