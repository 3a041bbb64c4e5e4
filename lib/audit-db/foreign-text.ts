import { isUtf8 } from "node:buffer";
import type { Sql } from "postgres";
import type { MissingPart } from "../result.ts";

/**
 * The first bytes of a text that another database wrote, for `readForeignText`. Shared views hand such texts on unchecked,
 * and functions on text raise "invalid byte sequence" where one ends within a character (`left` does, from 14.21, 15.16
 * and 18.2 on); functions on bytes never do.
 */
export function foreignBytes(sql: Sql, column: string, maxBytes = 8_000) {
  return sql`substring(textsend(${sql(column)}) for ${maxBytes}::int)`;
}

/** A text as it may be shown. */
export interface ForeignText {
  text: string;
  /** False where it holds bytes that are no UTF-8; each is shown as �. */
  intact: boolean;
}

/** The longest character has four bytes, of which a cut leaves at most three. */
const longestRest = 3;

export function readForeignText(bytes: Uint8Array, maxBytes = 8_000): ForeignText {
  const whole = bytes.length >= maxBytes ? withoutCutCharacter(bytes) : bytes;
  return { text: Buffer.from(whole).toString("utf8"), intact: isUtf8(whole) };
}

function withoutCutCharacter(bytes: Uint8Array): Uint8Array {
  for (let cut = 0; cut <= longestRest; cut++) {
    const shorter = bytes.subarray(0, bytes.length - cut);
    if (isUtf8(shorter)) return shorter;
  }
  return bytes;
}

/** That texts of sessions are not shown whole, and how to end it; nothing where all are. */
export function tellUnreadable(texts: readonly { intact: boolean; database: string | null }[]): {
  missing?: MissingPart[];
} {
  const broken = texts.filter(({ intact }) => !intact);
  if (broken.length === 0) return {};
  const databases = [...new Set(broken.map(({ database }) => database ?? "no database"))];
  return {
    missing: [
      {
        part: "Statement texts",
        reason: `${broken.length === 1 ? "One text is" : `${broken.length} texts are`} not valid UTF-8, from ${databases.join(", ")}; each byte that cannot be read is shown as �. Figures are complete.`,
        hint: "Set client_encoding in the applications that use that database to what they send; a database whose encoding is SQL_ASCII checks nothing.",
      },
    ],
  };
}
