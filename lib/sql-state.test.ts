import { expect, test } from "vitest";
import { toStatementError } from "./audit-db/pool/driver-error.ts";
import { AppError } from "./errors.ts";
import { toResultError } from "./result.ts";
import { meaningOf, serverWordsOf, sqlStateMeanings, sqlStateOf, tellServerWords } from "./sql-state.ts";

const refusal = (code: string, more: object = {}) =>
  Object.assign(new Error("function pg_current_wal_lsn() is not supported"), {
    name: "PostgresError",
    severity: "ERROR",
    code,
    ...more,
  });
const told = (code: string) => {
  const error = toStatementError(refusal(code), "storage.size") as AppError;
  return [error.code, error.message];
};

test.each([
  ["0A000", "UNSUPPORTED", "this server does not offer it"],
  ["42501", "UNSUPPORTED", "the role lacks a grant that it needs"],
  ["42883", "UNSUPPORTED", "the server lacks something that PostgreSQL has"],
  ["42P01", "UNSUPPORTED", "the server lacks something that PostgreSQL has"],
  ["42601", "INTERNAL", "the server could not read the console's statement"],
  ["57014", "TIMEOUT", "it was cancelled after its statement timeout"],
  ["55P03", "TIMEOUT", "it waited too long for a lock"],
  ["55000", "UNSUPPORTED", "the server is in no state to do it"],
  ["55006", "CONFLICT", "what it needs is in use by another session"],
  ["53100", "OVERLOADED", "the server has not enough room on its disk"],
  ["53200", "OVERLOADED", "the server has not enough memory"],
  ["53400", "OVERLOADED", "the server has not enough resources"],
  ["58P01", "INTERNAL", "the server met an error of its operating system or disk"],
  ["58030", "INTERNAL", "the server met an error of its operating system or disk"],
  ["22021", "UNSUPPORTED", "a text among the answers is not valid in this database's encoding"],
  ["22P05", "UNSUPPORTED", "a text among the answers is not valid in this database's encoding"],
  ["22012", "INTERNAL", "the server could not compute with a value"],
  ["XX000", "INTERNAL", "the server met an error of its own"],
  ["XX001", "INTERNAL", "the server found damaged data on its disk"],
  ["P0001", "UNSUPPORTED", "a function or trigger of the database refused it"],
  ["ZZ123", "INTERNAL", "the server refused it (SQLSTATE ZZ123)"],
])("SQLSTATE %s is %s: %s", (sqlState, code, reason) => {
  expect(told(sqlState)).toEqual([code, `storage.size failed: ${reason}.`]);
});

test("no SQLSTATE is an unexpected error, and every reason is a clause", () => {
  for (const [state, { reason }] of Object.entries(sqlStateMeanings)) {
    expect(state).toMatch(/^[0-9A-Z]{2}([0-9A-Z]{3})?$/);
    expect(reason).not.toMatch(/unexpected|[.!]$/);
    expect(reason[0]).toBe(reason[0]?.toLowerCase());
  }
  expect(meaningOf("0A000")).toBe(sqlStateMeanings["0A"]);
});

test("states that the caller acts on reach it as the driver gave them", () => {
  for (const code of ["23505", "23514", "25006", "26000", "40001", "40P01"]) {
    const thrown = refusal(code);
    expect(toStatementError(thrown, "engine.append")).toBe(thrown);
  }
});

test("a value we sent and PostgreSQL cannot hold is told from a text it cannot hand out", () => {
  const sent = refusal("22021", { message: 'invalid byte sequence for encoding "UTF8": 0x00' });
  expect(toStatementError(sent, "events.search")).toMatchObject({ code: "BAD_INPUT" });
});

test("the server's own words are told to whom may see them, and to nobody else", () => {
  const thrown = refusal("0A000", { hint: "Use the service's own metrics.", detail: "password 'hunter2'" });
  const error = toStatementError(thrown, "storage.size");
  expect(sqlStateOf(error)).toBe("0A000");
  const server = {
    sqlState: "0A000",
    message: "function pg_current_wal_lsn() is not supported",
    detail: "password '…'",
    hint: "Use the service's own metrics.",
  };
  expect(toResultError(error, { serverWords: true })).toMatchObject({ code: "UNSUPPORTED", server });
  expect(toResultError(error)).not.toHaveProperty("server");
  expect(JSON.stringify(toResultError(error))).not.toContain("pg_current_wal_lsn");
  expect(tellServerWords(server)).toBe(
    "The server said: function pg_current_wal_lsn() is not supported · password '…' · Use the service's own metrics. (SQLSTATE 0A000)",
  );
});

test("words that repeat a row's values are nobody's to see", () => {
  for (const code of ["22P02", "23505", "P0001"]) expect(serverWordsOf(refusal(code))).toBeUndefined();
  expect(serverWordsOf(refusal("22021"))).toMatchObject({ sqlState: "22021" });
  expect(serverWordsOf(new AppError("TIMEOUT", "Slow."))).toBeUndefined();
  expect(serverWordsOf(new Error("no server"))).toBeUndefined();
});
