/** What the values of a partition key mean, and how to write them. */
export interface KeyCodec {
  /** As a request's `cut.key` says it, e.g. `epoch milliseconds`. */
  spec: string;
  /**
   * What its points are: `instant` microseconds since 1970, `wall` the same of a clock without a zone, `number` plain
   * numbers, which no clock runs along.
   */
  line: "instant" | "wall" | "number";
  /** The point that a value begins; null for a text that is no such value, or one with more in it than a point. */
  decode(text: string): bigint | null;
  /** The first value that lies at or behind the point; null where none lies exactly there, or the type ends before it. */
  encode(point: bigint): string | null;
}
