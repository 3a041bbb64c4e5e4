import { expect, test } from "vitest";
import { objectName } from "./object-name.ts";

test("an object is called what people know it by", () => {
  expect([
    objectName({ kind: "target" }),
    objectName({ kind: "session", pid: 4711, backendStart: new Date(), name: "" }),
    objectName({ kind: "relation", database: "app", schema: "public", name: "orders", part: "pkey" }),
    objectName({ kind: "statement", name: "16384/17201/6965838670291046330/1" }),
    objectName({ kind: "slot", name: "copy" }),
  ]).toEqual(["this target", "pid 4711", "public.orders · pkey", "statement 6965838670291046330", "copy"]);
});
