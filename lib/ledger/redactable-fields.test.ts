import { expect, test } from "vitest";
import { redactableFields as saltedFields } from "../audit-db/append/salts.ts";
import { redactableFields } from "./entry.ts";

test("the ledger names the fields that have salts, in their order", () => {
  expect(redactableFields).toEqual(saltedFields);
});
