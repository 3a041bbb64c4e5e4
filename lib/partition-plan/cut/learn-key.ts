import { isInteger } from "../../partition-facts/bound-values.ts";
import { codecOf, codecOfType, type KeyCodec } from "./key-codec.ts";

/** The ends of a partition in the key's first column, as the server prints them; null where it is open. */
export interface RangeTexts {
  from: string | null;
  to: string | null;
}

const year2000 = 946_684_800_000_000n;
const year2100 = 4_102_444_800_000_000n;
const longest = 366n * 86_400_000_000n;
const minute = 60_000_000n;
const hour = 60n * minute;

/** Twitter's and Discord's: others have their own, which nothing in the bounds tells. */
const knownSnowflakes = ["snowflake 2010-11-04T01:42:54.657Z", "snowflake 2015-01-01T00:00:00.000Z"];
const integerKinds = [
  "epoch seconds",
  "epoch milliseconds",
  "epoch microseconds",
  "calendar yyyymmddhh",
  "calendar yyyymmdd",
  "calendar yyyymm",
  ...knownSnowflakes,
];
const day = "{yyyy}-{mm}-{dd}";
const textForms = [
  day,
  "{yyyy}{mm}{dd}",
  "{yyyy}-{mm}",
  "{yyyy}{mm}",
  "{yyyy}_{mm}_{dd}",
  "{yyyy}_{mm}",
  "{yyyy}/{mm}/{dd}",
  "{yyyy}/{mm}",
  `${day}T{hh}:{mi}:{ss}Z`,
  `${day}T{hh}:{mi}:{ss}.000Z`,
  `${day}T{hh}:{mi}:{ss}`,
  `${day} {hh}:{mi}:{ss}`,
  `${day}T{hh}`,
  `${day} {hh}`,
  "{yyyy}{mm}{dd}{hh}",
];

/**
 * What a key's values mean, by its type, else by the partitions that are there: integers, uuids and texts count as time
 * only where every bound lies on a full hour (a uuid's on a full minute) of this century, there are at least two, and no
 * partition is longer than a year. Ranges of ids by millions do not pass for time: those are plain numbers.
 * @returns null where nothing tells
 */
export function learnKey(type: string, ranges: readonly RangeTexts[]): KeyCodec | null {
  const own = codecOfType(type);
  if (own) return own;
  const fits = (spec: string, grain: bigint) => {
    const codec = codecOf(spec, type);
    return codec && isCertain(codec, ranges, grain) ? codec : null;
  };
  const first = (specs: readonly string[], grain: bigint) => {
    for (const spec of specs) {
      const codec = fits(spec, grain);
      if (codec) return codec;
    }
    return null;
  };
  if (type === "uuid") return fits("uuid v7", minute);
  if (!isInteger(type) && type !== "numeric")
    return first(
      textForms.map((form) => `text ${form}`),
      hour,
    );
  const time = first(integerKinds, hour);
  if (time) return time;
  const number = codecOf("number", type);
  const whole = ranges
    .flatMap(({ from, to }) => [from, to])
    .every((text) => text === null || number?.decode(text) != null);
  return whole ? number : null;
}

function isCertain({ decode }: KeyCodec, ranges: readonly RangeTexts[], grain: bigint): boolean {
  const seen = new Set<bigint>();
  for (const { from, to } of ranges) {
    const ends = [from, to].map((text) => (text === null ? null : decode(text)));
    for (const [i, point] of ends.entries()) {
      if (point === null && (i === 0 ? from : to) === null) continue;
      if (
        point === null ||
        point === undefined ||
        point < year2000 ||
        point > year2100 ||
        point % grain !== 0n
      )
        return false;
      seen.add(point);
    }
    const [begin, end] = ends;
    if (begin != null && end != null && end - begin > longest) return false;
  }
  return seen.size >= 2;
}
