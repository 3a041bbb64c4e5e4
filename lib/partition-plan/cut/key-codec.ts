import { isInteger, parseInstant } from "../../partition-facts/bound-values.ts";
import { formed } from "./formed-codec.ts";
import type { KeyCodec } from "./key-codec-types.ts";
import { toServerIso } from "./server-iso.ts";

export type { KeyCodec } from "./key-codec-types.ts";

const milli = 1_000n;
const integerLimits: Readonly<Record<string, bigint>> = {
  smallint: 2n ** 15n,
  integer: 2n ** 31n,
  bigint: 2n ** 63n,
};

/** What a type means by itself; null where only the values, or a person, can tell. */
export function codecOfType(type: string): KeyCodec | null {
  const time = (
    spec: string,
    line: "instant" | "wall",
    write: (point: bigint) => string | null,
  ): KeyCodec => ({
    spec,
    line,
    decode: parseInstant,
    encode: write,
  });
  if (type === "timestamp with time zone") return time(type, "instant", (point) => toServerIso(point, "+00"));
  if (type === "timestamp without time zone") return time(type, "wall", (point) => toServerIso(point));
  if (type === "date")
    return time(type, "wall", (point) =>
      point % 86_400_000_000n === 0n ? toServerIso(point).replace(" 00:00:00", "") : null,
    );
  return null;
}

const epochs: Readonly<Record<string, bigint>> = {
  "epoch seconds": 1_000_000n,
  "epoch milliseconds": milli,
  "epoch microseconds": 1n,
};
const calendars: Readonly<Record<string, string>> = {
  "calendar yyyymmddhh": "{yyyy}{mm}{dd}{hh}",
  "calendar yyyymmdd": "{yyyy}{mm}{dd}",
  "calendar yyyymm": "{yyyy}{mm}",
  "calendar yyyy": "{yyyy}",
};

/** What may be said of a key whose type does not tell it, for messages. */
export function keySpecsOf(type: string): string {
  const own = codecOfType(type);
  if (own) return own.spec;
  if (type === "uuid") return uuidV7.spec;
  if (!isInteger(type) && type !== "numeric") return "text FORM, e.g. text {yyyy}-{mm}";
  const words = ["number", ...Object.keys(epochs), ...Object.keys(calendars)].join(", ");
  return `${words} or snowflake EPOCH, e.g. snowflake 2010-11-04T01:42:54.657Z`;
}

/** @param type of the key's first column @returns null for a word that means nothing, or nothing for this type */
export function codecOf(spec: string, type: string): KeyCodec | null {
  if (codecOfType(type)?.spec === spec) return codecOfType(type);
  if (isInteger(type) || type === "numeric") return codecOfNumber(spec, type);
  if (type === "uuid") return spec === "uuid v7" ? uuidV7 : null;
  const form = /^text (.+)$/.exec(spec)?.[1];
  return form && (type === "text" || type.startsWith("character")) ? formed(spec, form) : null;
}

function codecOfNumber(spec: string, type: string): KeyCodec | null {
  if (spec === "number") return scaled(spec, "number", 1n, type);
  const width = epochs[spec];
  if (width) return scaled(spec, "instant", width, type);
  const form = calendars[spec];
  if (form) {
    const codec = formed(spec, form);
    return { ...codec, encode: (point) => within(codec.encode(point), type) };
  }
  const [, since, bits = "22"] = /^snowflake (\S+?)(?: >> (\d{1,2}))?$/.exec(spec) ?? [];
  const epoch = since === undefined ? Number.NaN : /^\d+$/.test(since) ? Number(since) : Date.parse(since);
  if (Number.isNaN(epoch)) return null;
  const [start, shift] = [BigInt(epoch), BigInt(bits)];
  return {
    spec,
    line: "instant",
    decode(text) {
      if (!/^-?\d+$/.test(text)) return null;
      const value = BigInt(text);
      return value === (value >> shift) << shift ? ((value >> shift) + start) * milli : null;
    },
    encode: (point) => (point % milli === 0n ? within(String((point / milli - start) << shift), type) : null),
  };
}

/** Integers that count, each of them so many units of the line wide. */
function scaled(spec: string, line: KeyCodec["line"], width: bigint, type: string): KeyCodec {
  return {
    spec,
    line,
    decode: (text) => (/^-?\d+$/.test(text) ? BigInt(text) * width : null),
    encode: (point) => (point % width === 0n ? within(String(point / width), type) : null),
  };
}

function within(text: string | null, type: string): string | null {
  const limit = integerLimits[type];
  if (text === null || limit === undefined) return text;
  const value = BigInt(text);
  return value >= -limit && value < limit ? text : null;
}

/** The first 48 bits are milliseconds since 1970; a bound has the lowest value that a version 7 may have behind them. */
const uuidV7: KeyCodec = {
  spec: "uuid v7",
  line: "instant",
  decode(text) {
    const [, high, low] = /^([0-9a-f]{8})-([0-9a-f]{4})-(?:7000-8000|0000-0000)-0{12}$/.exec(text) ?? [];
    return high && low ? BigInt(`0x${high}${low}`) * milli : null;
  },
  encode(point) {
    if (point < 0n || point % milli !== 0n || point / milli >= 2n ** 48n) return null;
    const hex = (point / milli).toString(16).padStart(12, "0");
    return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
  },
};
