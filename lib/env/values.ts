import { z } from "zod";
import { checkUrl } from "../address/parse-address.ts";
import { AppError } from "../errors.ts";

/** A PostgreSQL address as its text says, without its service, files and environment (`parseAddress`). */
export const postgresUrl = z.string().superRefine((value, context) => {
  try {
    checkUrl(value);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    context.addIssue({ code: "custom", message: [thrown.message, thrown.hint].filter(Boolean).join(" ") });
  }
});
export const redisUrl = z
  .string()
  .regex(
    /^rediss?(\+sentinel|\+cluster)?:\/\//,
    "must start with redis://, rediss://, redis+sentinel:// or redis+cluster://",
  )
  .regex(
    /^\w+(:|\+cluster:|\+sentinel:(?=.*[^/]\/[^/?]))\/\/([^:@/?#]*(:[^@/?#]*)?@)?[^@/?#]+(\/[^/?#]*)?(\?[^#]*)?$/,
    "cannot be read: redis://[user:password@]host[:6379][/db], redis+sentinel://…@host,host/group or redis+cluster://…@host,host; escape special characters in the password with %XX",
  );
/** An address that is asked over HTTP, as whoever runs the console set it: private and loopback ones too. */
export const pingUrl = z.url({
  protocol: /^https?$/,
  error: "must be an address such as https://hc-ping.com/your-uuid",
});
/** A target's name, as it stands in addresses. */
export const targetName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, "must be lower-case letters, digits and dashes, starting with a letter");
export const onOff = z.enum(["on", "off"]);
/** Absolute paths, separated by colons. */
export const pathList = z
  .string()
  .transform((text) => text.split(":").filter((one) => one !== ""))
  .refine(
    (paths) => paths.every((one) => one.startsWith("/")),
    "must be absolute paths, separated by colons",
  );

/** A number written in digits, from `min` to `max`. */
export const wholeNumber = (min: number, max: number) =>
  z.coerce
    .number("must be a number")
    .int("must be a whole number")
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`);

/** A size in bytes, from a megabyte to what a number holds exactly (8 PiB). */
export const byteCount = wholeNumber(1_000_000, Number.MAX_SAFE_INTEGER);

/** A time zone as IANA names it. */
export const timeZone = z.string().refine(isTimeZone, "must be a time zone such as Europe/Berlin or UTC");

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
