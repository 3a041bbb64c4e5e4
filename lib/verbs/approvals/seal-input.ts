import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import type { z } from "zod";
import { AppError } from "../../errors.ts";

/** An input as it is kept, shown and run. */
export interface SealedInput {
  json: unknown;
  /** SHA-256 over its canonical JSON (RFC 8785), in hex. */
  digest: string;
}

export function sealInput(input: unknown): SealedInput {
  const text = canonicalize(input);
  if (text === undefined) throw new Error("an input that needs an approval is no JSON");
  return { json: JSON.parse(text), digest: createHash("sha256").update(text).digest("hex") };
}

/**
 * The input that was sealed, parsed by today's rules.
 * @throws AppError CONFLICT when that is no longer what was sealed: kept otherwise, or understood otherwise
 */
export function openSealed<Input extends z.ZodType>(schema: Input, sealed: SealedInput): z.infer<Input> {
  const parsed = schema.safeParse(sealed.json);
  if (!parsed.success || sealInput(parsed.data).digest !== sealed.digest)
    throw new AppError("CONFLICT", "What was asked for is no longer what would run.", {
      hint: "The console has changed since. Ask for it again.",
    });
  return parsed.data;
}
