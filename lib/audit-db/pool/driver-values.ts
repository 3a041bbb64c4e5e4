import { AppError } from "../../errors.ts";

type Serialize = (value: unknown) => unknown;

/** Stands where a value is undefined, until it is written: the driver throws where it meets one. */
export const unwritable = Object.freeze({});

/** Text no parameter of any type may hold: the server refuses it (22021). */
const refused = "\0";

/**
 * The driver's serialisers, none of which throws. The driver writes the statements of several callers to one socket; an
 * exception while it writes one rejects the statement that is being answered, and from then on every caller of that
 * connection gets the answer to another's question, or none. So what cannot be written is sent as a text that the
 * server refuses, in its turn and to its caller.
 *
 * A proxy, because the driver adds serialisers when it learns a server's array types, and drizzle replaces some.
 */
export function refuseUnwritable(serializers: Record<number, Serialize>): Record<number, Serialize> {
  return new Proxy(serializers, {
    has: () => true,
    get: (known, type) => (value: unknown) => write(value, Reflect.get(known, type) as Serialize | undefined),
  });
}

function write(value: unknown, serialize: Serialize | undefined): string {
  if (value === unwritable) return refused;
  try {
    const text = serialize ? serialize(value) : `${value}`;
    return typeof text === "string" ? text : refused;
  } catch {
    return refused;
  }
}

const [bytea, date, timestamp, timestamptz] = [17, 1082, 1114, 1184];

/** Texts go as they are: the driver would read them as JavaScript does, and cut them to milliseconds. */
const writeMoment: Serialize = (value) =>
  typeof value === "string" ? value : new Date(value as Date | number).toISOString();

export const serializers: Record<number, Serialize> = {
  [date]: writeMoment,
  [timestamp]: writeMoment,
  [timestamptz]: writeMoment,
};

/** What a server wrote that we cannot read is an error of its statement, never a value. */
export const parsers: Record<number, (text: string) => unknown> = {
  [date]: parseMoment,
  [timestamp]: parseMoment,
  [timestamptz]: parseMoment,
  [bytea]: parseBytes,
};

function parseMoment(text: string): Date {
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime()))
    throw new AppError(
      "UNSUPPORTED",
      `The server answered “${text}”, which is no moment the console can show.`,
    );
  return moment;
}

function parseBytes(text: string): Buffer {
  if (!text.startsWith("\\x"))
    throw new AppError("UNSUPPORTED", "The server answered bytes in another notation than hexadecimal.");
  return Buffer.from(text.slice(2), "hex");
}
