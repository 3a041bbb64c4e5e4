import type { Unavailable } from "../result.ts";
import { hasOperator, withoutComments } from "./statement-text.ts";

const explainable = /^(?:select|insert|update|delete|with)\b/i;

/** Lists of thousands of values make texts of megabytes; they are not sent back to be planned. */
const longestExplained = 200_000;

/**
 * Whether a recorded text may go behind EXPLAIN: one SELECT, INSERT, UPDATE, DELETE or WITH, never a utility
 * statement. The server is asked through a prepared statement, which refuses a second statement by itself.
 * @returns null when it may, else why not.
 */
export function checkExplainable(text: string): Unavailable | null {
  if (text.length > longestExplained) {
    return { code: "unsupported", reason: `Its text is longer than ${longestExplained / 1_000} kB.` };
  }
  const bare = withoutComments(text).trim().replace(/;$/, "");
  if (!explainable.test(bare)) {
    return {
      code: "unsupported",
      reason: "Only SELECT, INSERT, UPDATE, DELETE and WITH have a plan that can be shown.",
    };
  }
  if (hasOperator(bare, ";")) {
    return { code: "unsupported", reason: "The text holds more than one statement." };
  }
  // What planning may reach is told by the names in the text, and these would hide them.
  if (/u&"/i.test(text)) {
    return { code: "unsupported", reason: "It writes names as Unicode escapes." };
  }
  return null;
}
