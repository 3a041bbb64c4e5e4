import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { consoleDbError, sqlState } from "./errors.ts";

const coded = (error: Error, code: string, more: object = {}) => Object.assign(error, { code, ...more });
const thrownBy = (work: () => unknown): Error => {
  try {
    work();
  } catch (thrown) {
    return thrown as Error;
  }
  throw new Error("nothing was thrown");
};

test("a code is the database's where it or the way to it failed, also beneath a wrapper", () => {
  const refused = coded(new Error("duplicate key"), "23505", { name: "PostgresError" });
  expect(sqlState(new Error("Failed query", { cause: refused }))).toBe("23505");
  const away = coded(new Error("connect ECONNREFUSED"), "ECONNREFUSED", {
    address: "::1",
    syscall: "connect",
  });
  expect(consoleDbError(new Error("Failed query", { cause: away })).code).toBe("UNAVAILABLE");
});

test("what the program, a file or a fetch got wrong is not", () => {
  const fetched = new TypeError("fetch failed", { cause: coded(new Error("refused"), "ECONNREFUSED") });
  const wrongs = [
    thrownBy(() => Buffer.from(5 as never)),
    thrownBy(() => new URL("no address")),
    thrownBy(() => Buffer.alloc(-1)),
    thrownBy(() => readFileSync("/no/such/file")),
    fetched,
  ];
  for (const wrong of wrongs) {
    expect(sqlState(wrong)).toBe("");
    expect(sqlState(new Error("wrapped", { cause: wrong }))).toBe("");
    expect(consoleDbError(wrong).code).toBe("INTERNAL");
  }
});
