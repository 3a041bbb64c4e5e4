import type { Unavailable } from "../result.ts";
import { withoutComments } from "./statement-text.ts";

const explainable = /^(?:select|insert|update|delete|with)\b/i;

/**
 * Whether a recorded text may go behind EXPLAIN: one SELECT, INSERT, UPDATE, DELETE or WITH, never a utility
 * statement. The server is asked through a prepared statement, which refuses a second statement by itself.
 * @returns null when it may, else why not.
 */
export function checkExplainable(text: string): Unavailable | null {
  const bare = withoutComments(text).trim().replace(/;\s*$/, "");
  if (!explainable.test(bare)) {
    return {
      code: "unsupported",
      reason: "Only SELECT, INSERT, UPDATE, DELETE and WITH have a plan that can be shown.",
    };
  }
  if (withoutLiterals(bare).includes(";")) {
    return { code: "unsupported", reason: "The text holds more than one statement." };
  }
  // What planning may reach is told by the names in the text, and these would hide them.
  if (/u&"/i.test(text)) {
    return { code: "unsupported", reason: "It writes names as Unicode escapes." };
  }
  return null;
}

function withoutLiterals(text: string): string {
  return text.replace(
    /[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([a-z_]\w*)?\$[\s\S]*?\$\1\$/gi,
    "''",
  );
}
