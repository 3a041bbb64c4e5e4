import { expect, test } from "vitest";
import { statementTitle } from "./statement-title.ts";

test.each([
  ["/* app:list */ select id\nfrom public.audit_log where a = $1", "SELECT public.audit_log"],
  ["insert into event (a) values ($1)", "INSERT INTO event"],
  ["delete from only event where a = $1", "DELETE FROM event"],
  ["update account set a = $1", "UPDATE account"],
  ['select * from "Odd Name"', 'SELECT "Odd Name"'],
  ["with a as (select 1) select * from a join b on true", "WITH a"],
  ["begin read only", "BEGIN"],
  ["select $1", "SELECT"],
  [null, "Statement whose text is not known"],
])("%s is called %s", (text, title) => {
  expect(statementTitle(text)).toBe(title);
});
