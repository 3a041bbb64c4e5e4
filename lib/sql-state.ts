import type { ErrorCode } from "./errors.ts";
import { redactQuery } from "./redact/redact-query.ts";

/** What a server itself said when it refused a statement. */
export interface ServerWords {
  sqlState: string;
  message: string;
  hint?: string;
  detail?: string;
}

/** What a refusal means: our code for it, a clause that follows "X: ", and what to do. */
export interface SqlStateMeaning {
  code: ErrorCode;
  reason: string;
  hint?: string;
}

const doctor = "Run `audit-db doctor` to see the missing grants and the SQL that gives them.";
const lacks: SqlStateMeaning = {
  code: "UNSUPPORTED",
  reason: "the server lacks something that PostgreSQL has",
  hint: "A server derived from PostgreSQL may leave out views, columns or functions; nothing can be granted for it.",
};
const unreadable: SqlStateMeaning = {
  code: "UNSUPPORTED",
  reason: "a text among the answers is not valid in this database's encoding",
  hint: "Such texts come from databases whose encoding is SQL_ASCII, which checks nothing, or differs from this one's.",
};
const resources = (what: string): SqlStateMeaning => ({
  code: "OVERLOADED",
  reason: `the server has not enough ${what}`,
  hint: "Its own log says what takes it.",
});

/**
 * SQLSTATE, or its class (two characters), → what it means to whoever asked. The most exact entry counts. Reads tell it
 * as it stands; nobody but a role that may see the server's own words is told those.
 */
export const sqlStateMeanings: Readonly<Record<string, SqlStateMeaning>> = {
  "0A": {
    code: "UNSUPPORTED",
    reason: "this server does not offer it",
    hint: "Managed services and servers derived from PostgreSQL refuse some functions to everybody; nothing can be granted for it.",
  },
  "21": { code: "INTERNAL", reason: "the server found more rows than there can be" },
  "22": { code: "INTERNAL", reason: "the server could not compute with a value" },
  "22021": unreadable,
  "22P05": unreadable,
  "23": { code: "CONFLICT", reason: "a constraint of the database forbids it" },
  "25006": {
    code: "UNSUPPORTED",
    reason: "the server takes no writes: it is a standby, or told to be read-only",
    hint: "Give the address of the primary.",
  },
  "40": {
    code: "TIMEOUT",
    reason: "the server ended it because of a conflict with other work; try again",
  },
  "42": { code: "INTERNAL", reason: "the server could not read the console's statement" },
  "42501": { code: "UNSUPPORTED", reason: "the role lacks a grant that it needs", hint: doctor },
  "42P01": lacks,
  "42703": lacks,
  "42704": lacks,
  "42883": lacks,
  "3F": lacks,
  "53": resources("resources"),
  "53100": resources("room on its disk"),
  "53200": resources("memory"),
  "54": { code: "UNSUPPORTED", reason: "it goes beyond a limit of the server's" },
  "55": {
    code: "UNSUPPORTED",
    reason: "the server is in no state to do it",
    hint: "A setting, a preloaded library or the end of recovery is missing; the server's own message names it.",
  },
  "55006": { code: "CONFLICT", reason: "what it needs is in use by another session" },
  "55P03": { code: "TIMEOUT", reason: "it waited too long for a lock" },
  "57": { code: "TIMEOUT", reason: "somebody at the server ended it" },
  "57014": { code: "TIMEOUT", reason: "it was cancelled after its statement timeout" },
  "58": {
    code: "INTERNAL",
    reason: "the server met an error of its operating system or disk",
    hint: "See the server's own log and its disk.",
  },
  F0: { code: "INTERNAL", reason: "the server cannot read its configuration", hint: "See its own log." },
  HV: { code: "UNSUPPORTED", reason: "a foreign server behind it did not answer as expected" },
  P0: { code: "UNSUPPORTED", reason: "a function or trigger of the database refused it" },
  XX: {
    code: "INTERNAL",
    reason: "the server met an error of its own",
    hint: "See the server's own log; when it repeats, report it to whoever runs the server.",
  },
  XX001: {
    code: "INTERNAL",
    reason: "the server found damaged data on its disk",
    hint: "Stop writing, take a copy of the data directory, and look at the server's log before anything else.",
  },
  XX002: {
    code: "INTERNAL",
    reason: "the server found a damaged index",
    hint: "REINDEX the index that the server's log names, and find out what damaged it.",
  },
};

/** The meaning of any SQLSTATE; of one that is in no table, that it is one. */
export function meaningOf(sqlState: string): SqlStateMeaning {
  return (
    sqlStateMeanings[sqlState] ??
    sqlStateMeanings[sqlState.slice(0, 2)] ?? {
      code: "INTERNAL",
      reason: `the server refused it (SQLSTATE ${sqlState})`,
    }
  );
}

interface Refusal {
  name: string;
  code: string;
  message: string;
  detail?: string;
  hint?: string;
}

/** The server's refusal among an error and its causes: drivers and wrappers of ours hang one below the other. */
function refusalIn(thrown: unknown): Refusal | undefined {
  for (let current = thrown; current instanceof Error; current = current.cause) {
    const { name, code } = current as Error & { code?: unknown };
    if (name === "PostgresError" && typeof code === "string") return current as unknown as Refusal;
  }
  return undefined;
}

/** SQLSTATE of the refusal behind an error, or undefined when no server refused anything. */
export function sqlStateOf(thrown: unknown): string | undefined {
  return refusalIn(thrown)?.code;
}

const longestWords = 1_000;

/**
 * The server's own words about a refusal. Not where they repeat a value of a row (classes 22 and 23, what triggers
 * say), which may be anybody's data; an unreadable text is told by three bytes of it. Secrets are redacted.
 */
export function serverWordsOf(thrown: unknown): ServerWords | undefined {
  const refusal = refusalIn(thrown);
  if (!refusal) return undefined;
  const { code: sqlState, message, detail, hint } = refusal;
  if (/^(22|23|P0)/.test(sqlState) && !/^22(021|P05)$/.test(sqlState)) return undefined;
  return {
    sqlState,
    message: redactQuery(message, longestWords),
    ...(detail && { detail: redactQuery(detail, longestWords) }),
    ...(hint && { hint: redactQuery(hint, longestWords) }),
  };
}

/** The server's words in one paragraph, as the command line shows them. */
export function tellServerWords({ sqlState, message, detail, hint }: ServerWords): string {
  return `The server said: ${[message, detail, hint].filter(Boolean).join(" · ")} (SQLSTATE ${sqlState})`;
}
