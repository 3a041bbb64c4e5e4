import { z } from "zod";

export const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\//, "must start with postgres:// or postgresql://")
  .refine(
    // PostgreSQL's URLs may name several hosts, `h1:5432,h2:5432`; a URL as such has one.
    (value) => URL.canParse(value.replace(/^([^/]+\/\/(?:[^@/?#]*@)?[^,/?#]*)(?:,[^,/?#]+)+/, "$1")),
    "is not a URL; escape special characters in the password with %XX",
  );
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
/** A target's name, as it stands in addresses. */
export const targetName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, "must be lower-case letters, digits and dashes, starting with a letter");
export const onOff = z.enum(["on", "off"]);

/** A number written in digits, from `min` to `max`. */
export const wholeNumber = (min: number, max: number) =>
  z.coerce
    .number("must be a number")
    .int("must be a whole number")
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`);

/** A size in bytes, from a megabyte to what a number holds exactly (8 PiB). */
export const byteCount = wholeNumber(1_000_000, Number.MAX_SAFE_INTEGER);
