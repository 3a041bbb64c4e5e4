import { expect, it } from "vitest";
import { inboxColumns } from "./inbox-columns.ts";

/** Columns of a row on a desk. */
const columnsOf = (classes: string) => /md:grid-cols-\[([^\]]+)\]/.exec(classes)?.[1]?.split("_") ?? [];

it("has a column for the box of whoever may act, and none for whoever may only look: their titles keep the width", () => {
  const [acting, looking] = [columnsOf(inboxColumns.acting), columnsOf(inboxColumns.looking)];
  expect(acting).toEqual(["auto", ...looking]);
  // Standing, title, who has it, since when: the title takes what is left.
  expect(looking).toHaveLength(4);
  expect(looking[1]).toContain("1fr");
});
